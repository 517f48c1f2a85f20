/** Method names by the parser's numbers (native/http/types.h); 0 is any other token. */
export const METHODS: ReadonlyArray<string | undefined> = [
  undefined,
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
];

export const METHOD_HEAD = 2;
export const METHOD_CONNECT = 6;
