/** What hears of the completions of a native handle. */
export interface CompletionTarget {
}
