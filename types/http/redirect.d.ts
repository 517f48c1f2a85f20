import type { OutgoingRequest } from './client-request.ts';
import type { ClientResponse } from './client-response.ts';
export declare function isRedirect(response: ClientResponse): boolean;
/**
 * The next hop.
 * @throws ClientPayloadError when the body would be needed again and was a stream; InvalidURL
 */
export declare function redirected(request: OutgoingRequest, response: ClientResponse): OutgoingRequest;
