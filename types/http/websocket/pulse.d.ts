/** Who is looked at. */
export interface Beating {
}
