/** A method or a field name (RFC 9110, 5.6.2). */
export declare const TOKEN: RegExp;
/** A field value: visible characters, spaces, tabs and bytes above 127; no line breaks, no NUL. */
export declare const FIELD_VALUE: RegExp;
