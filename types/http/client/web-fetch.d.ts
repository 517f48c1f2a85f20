type WebRequest = InstanceType<typeof globalThis.Request>;
/** The first and second parameter of `fetch`. */
export type FetchInput = string | URL | WebRequest;
export type FetchInit = NonNullable<ConstructorParameters<typeof globalThis.Request>[1]>;
