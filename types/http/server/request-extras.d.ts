import type { Response } from './response.ts';
/** Changes a response before it is sent. */
export type ResponseHook = (response: Response) => void;
