/** What looks after the waits of a task: the innermost cancel scope that it is in. */
export interface Watch {
}
