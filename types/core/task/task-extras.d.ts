/** Supervises the waits of a task: its innermost cancel scope. */
export interface Watch {
}
