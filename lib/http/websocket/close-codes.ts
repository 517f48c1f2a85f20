/** Close codes (RFC 6455, 7.4), and the reasons for refusing frames. */
import {
  WEB_SOCKET_REFUSAL_CLOSE_CODE,
  WEB_SOCKET_REFUSAL_CONTINUATION,
  WEB_SOCKET_REFUSAL_CONTROL_FRAGMENTED,
  WEB_SOCKET_REFUSAL_CONTROL_TOO_LONG,
  WEB_SOCKET_REFUSAL_LENGTH,
  WEB_SOCKET_REFUSAL_MASKED,
  WEB_SOCKET_REFUSAL_MESSAGE_TOO_LARGE,
  WEB_SOCKET_REFUSAL_NOT_UTF8,
  WEB_SOCKET_REFUSAL_OPCODE,
  WEB_SOCKET_REFUSAL_RESERVED_BITS,
  WEB_SOCKET_REFUSAL_UNFINISHED,
  WEB_SOCKET_REFUSAL_UNMASKED,
} from '../../native/layout.ts';
import { describe } from '../message/outgoing-body.ts';

export const NORMAL = 1000;
export const GOING_AWAY = 1001;
export const PROTOCOL_ERROR = 1002;
/** Reported for a close frame without a code; never sent. */
export const NO_CODE = 1005;
/** Reported when the connection broke or was dropped; never sent. */
export const ABNORMAL = 1006;
export const INVALID_DATA = 1007;
export const TOO_LARGE = 1009;
export const INTERNAL_ERROR = 1011;

/** Largest reason, in bytes of UTF-8. */
export const REASON_MAX = 123;

const TEXTS: Readonly<Record<number, string>> = {
  [WEB_SOCKET_REFUSAL_RESERVED_BITS]: 'reserved bits are set',
  [WEB_SOCKET_REFUSAL_OPCODE]: 'unknown opcode',
  [WEB_SOCKET_REFUSAL_UNMASKED]: 'a frame of a client is not masked',
  [WEB_SOCKET_REFUSAL_MASKED]: 'a frame of a server is masked',
  [WEB_SOCKET_REFUSAL_CONTROL_FRAGMENTED]: 'a control frame in fragments',
  [WEB_SOCKET_REFUSAL_CONTROL_TOO_LONG]: 'a control frame of more than 125 bytes',
  [WEB_SOCKET_REFUSAL_CONTINUATION]: 'a continuation of no message',
  [WEB_SOCKET_REFUSAL_UNFINISHED]: 'a message within another',
  [WEB_SOCKET_REFUSAL_LENGTH]: 'a length that is not written in the shortest way',
  [WEB_SOCKET_REFUSAL_MESSAGE_TOO_LARGE]: 'the message is too large',
  [WEB_SOCKET_REFUSAL_NOT_UTF8]: 'text that is not UTF-8',
  [WEB_SOCKET_REFUSAL_CLOSE_CODE]: 'an invalid close code',
};

/** The code and reason to close with after a frame was refused. */
export function refusalOf(refusal: number): [code: number, reason: string] {
  const reason = TEXTS[refusal] ?? 'protocol error';
  if (refusal === WEB_SOCKET_REFUSAL_MESSAGE_TOO_LARGE) return [TOO_LARGE, reason];
  if (refusal === WEB_SOCKET_REFUSAL_NOT_UTF8) return [INVALID_DATA, reason];
  return [PROTOCOL_ERROR, reason];
}

/** @throws TypeError, RangeError unless the code may be sent in a close frame */
export function checkCloseCode(code: unknown): number {
  if (typeof code !== 'number') {
    throw new TypeError(`close(): code must be a number, not ${describe(code)}`);
  }
  const registered = code >= 1000 && code <= 1014 && ![1004, NO_CODE, ABNORMAL].includes(code);
  if (Number.isInteger(code) && (registered || (code >= 3000 && code <= 4999))) return code;
  throw new RangeError(
    `close(): code must be 1000 to 1003, 1007 to 1014, or 3000 to 4999, not ${code}`,
  );
}

/** @throws TypeError, RangeError unless it is a string that fits into a close frame */
export function checkReason(reason: unknown): string {
  if (typeof reason !== 'string') {
    throw new TypeError(`close(): reason must be a string, not ${describe(reason)}`);
  }
  const size = Buffer.byteLength(reason);
  if (size <= REASON_MAX) return reason;
  throw new RangeError(`close(): reason may have ${REASON_MAX} bytes of UTF-8, not ${size}`);
}
