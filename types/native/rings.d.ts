/** Something that the ready queue can run: a handle, a task's next step. */
export interface Runnable {
}
