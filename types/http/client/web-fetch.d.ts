type WebRequest = InstanceType<typeof globalThis.Request>;
/** What `fetch` takes, first and second. */
export type FetchInput = string | URL | WebRequest;
export type FetchInit = NonNullable<ConstructorParameters<typeof globalThis.Request>[1]>;
