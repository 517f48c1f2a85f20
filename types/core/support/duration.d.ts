/** Seconds (fractions allowed), or a string with a unit: `'250ms'`, `'2s'`, `'1.5m'`. */
export type Duration = number | string;
