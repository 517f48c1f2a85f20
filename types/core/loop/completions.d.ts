/** What receives the completions of a native handle. */
export interface CompletionTarget {
}
