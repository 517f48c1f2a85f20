/** Of the names and values below; the loader compares it with the hash in the binary. */
export declare const LAYOUT_HASH = 3292152721;
/** Regions, as given to Engine.bind(region, buffer). */
export declare const REGION_CONTROL = 0;
export declare const REGION_SUBMISSION = 1;
export declare const REGION_COMPLETION = 2;
export declare const REGION_READY = 3;
export declare const REGION_TRANSMIT = 4;
export declare const REGION_TIMER_STATE = 5;
export declare const REGION_BACKLOG = 6;
export declare const REGION_COUNT = 7;
/**
 * Control block: u32 words.
 * Ready queue: JavaScript and C++ append at the tail, JavaScript takes from the head.
 */
export declare const CONTROL_READY_HEAD = 0;
export declare const CONTROL_READY_TAIL = 1;
/** Submission ring: JavaScript appends [0, count) and C++ takes them all and sets count to 0. */
export declare const CONTROL_SUBMISSION_COUNT = 2;
/** Completion ring: C++ appends at the tail, JavaScript takes from the head. */
export declare const CONTROL_COMPLETION_HEAD = 3;
export declare const CONTROL_COMPLETION_TAIL = 4;
/** Bytes of the transmit arena that JavaScript has filled since the last submit. */
export declare const CONTROL_TRANSMIT_USED = 5;
/** How many things keep the process alive: timers, handles and requests that are not unref'ed. */
export declare const CONTROL_REFERENCES = 6;
/** Submits so far: what was submitted while this had its present value is not in C++ yet. */
export declare const CONTROL_SUBMISSION_EPOCH = 7;
/** Generation of the handle that the last direct call made (listen, connect, pair, watch). */
export declare const CONTROL_LAST_GENERATION = 8;
/** Live things, as of the last turn. */
export declare const CONTROL_TIMER_COUNT = 12;
export declare const CONTROL_HANDLE_COUNT = 13;
export declare const CONTROL_WORDS = 544;
/**
 * The control block as doubles, behind the words.
 * Until when, in seconds on the loop's clock, JavaScript may turn without C++: there is nothing to
 * take, to tell or to look for before that. C++ sets it in every turn, and to 0 when it has work.
 */
export declare const TURN_ALONE_UNTIL = 15;
/** Statistics: further doubles of the control block. Times are in nanoseconds. */
export declare const STATISTICS_TURNS = 16;
export declare const STATISTICS_EVENTS = 17;
export declare const STATISTICS_CALLBACKS = 18;
export declare const STATISTICS_POLLING = 19;
export declare const STATISTICS_RUNNING = 20;
export declare const STATISTICS_LAG_SUM = 21;
export declare const STATISTICS_LAG_MAX = 22;
export declare const STATISTICS_TURN_SUM = 23;
export declare const STATISTICS_TURN_MAX = 24;
/** when they were brought up to date */
export declare const STATISTICS_TIME = 25;
export declare const STATISTICS_LAG_BUCKETS = 32;
export declare const STATISTICS_TURN_BUCKETS = 152;
/**
 * Buckets of a histogram: the first is for what is below 2^kHistogramFirstBits ns, then four for
 * each power of two, and the last for everything that is longer.
 */
export declare const HISTOGRAM_BUCKETS = 114;
export declare const HISTOGRAM_FIRST_BITS = 10;
/** Submission entry: 32 bytes. Word numbers for u32 fields, double numbers for f64 fields. */
export declare const SUBMISSION_BYTES = 32;
export declare const SUBMISSION_CAPACITY = 4096;
export declare const SUBMISSION_OP = 0;
/** handle index, or timer slot */
export declare const SUBMISSION_HANDLE = 1;
export declare const SUBMISSION_GENERATION = 2;
export declare const SUBMISSION_FLAGS = 3;
/** into the transmit arena */
export declare const SUBMISSION_OFFSET = 4;
export declare const SUBMISSION_LENGTH = 5;
/** f64 at byte 24: deadline in ns, low watermark */
export declare const SUBMISSION_VALUE = 3;
/** Completion entry: 32 bytes, words. */
export declare const COMPLETION_BYTES = 32;
export declare const COMPLETION_CAPACITY = 4096;
export declare const COMPLETION_OP = 0;
export declare const COMPLETION_HANDLE = 1;
export declare const COMPLETION_GENERATION = 2;
/** i32: bytes, or negative errno */
export declare const COMPLETION_RESULT = 3;
/** slot of the receive chunk */
export declare const COMPLETION_CHUNK = 4;
/** bytes into the chunk */
export declare const COMPLETION_OFFSET = 5;
/** the last word is not used */
export declare const COMPLETION_LENGTH = 6;
/**
 * Generations of handles, and numbers of requests for names, stay below this and begin again: so
 * they are the same number whether they are read as u32 or as i32, and none is negative.
 */
export declare const GENERATION_MASK = 2147483647;
/**
 * Ready entry: one u32. A timer is its slot number; a completion carries the high bit and its place
 * in the completion ring; kReadyItem says that the callable stands at the same place of the
 * JavaScript array that runs beside the ring.
 */
export declare const READY_ITEM = 4294967295;
export declare const READY_COMPLETION = 2147483648;
export declare const READY_INITIAL_CAPACITY = 4096;
/** Transmit arena: JavaScript fills it, C++ empties it at every submit. */
export declare const TRANSMIT_BYTES = 262144;
/** Timer state: one byte for each timer slot. */
export declare const TIMER_IDLE = 0;
/** submitted, in the heap */
export declare const TIMER_PENDING = 1;
/** moved to the ready queue */
export declare const TIMER_READY = 2;
export declare const TIMER_INITIAL_CAPACITY = 1024;
/** Backlog: one f64 for each handle, the bytes that C++ still has to send. */
export declare const BACKLOG_INITIAL_CAPACITY = 1024;
/**
 * Receive chunks: C++ fills them, JavaScript makes views on them, the garbage collector frees them.
 */
export declare const CHUNK_BYTES = 262144;
export declare const CHUNK_SLOTS = 64;
/** What JavaScript asks for. */
export declare const SUBMISSION_OP_NOTHING = 0;
/** handle: slot, value: deadline in ns */
export declare const SUBMISSION_OP_TIMER_ADD = 1;
/** handle: slot */
export declare const SUBMISSION_OP_TIMER_CANCEL = 2;
/** flags: kReadDirect */
export declare const SUBMISSION_OP_READ_START = 3;
export declare const SUBMISSION_OP_READ_STOP = 4;
/** offset, length: in the transmit arena */
export declare const SUBMISSION_OP_SEND = 5;
/** value: complete with kDrain once the backlog is at or below it */
export declare const SUBMISSION_OP_NOTIFY_DRAIN = 6;
/** half-close once everything is sent */
export declare const SUBMISSION_OP_SHUTDOWN = 7;
/** close once everything is sent; completes with kClosed */
export declare const SUBMISSION_OP_CLOSE = 8;
/** drop what is unsent and close; completes with kClosed */
export declare const SUBMISSION_OP_ABORT = 9;
export declare const SUBMISSION_OP_ACCEPT_START = 10;
export declare const SUBMISSION_OP_ACCEPT_STOP = 11;
/** flags: kPollIn | kPollOut */
export declare const SUBMISSION_OP_POLL_START = 12;
/** HTTP client: flags 1 = HEAD, 2 = CONNECT was sent */
export declare const SUBMISSION_OP_MESSAGE_METHOD = 13;
/** What C++ answers. */
export declare const COMPLETION_OP_NOTHING = 0;
/** offset: new handle, length: its generation */
export declare const COMPLETION_OP_ACCEPT = 1;
/** result: negative errno */
export declare const COMPLETION_OP_ACCEPT_FAILED = 2;
/** result */
export declare const COMPLETION_OP_CONNECT = 3;
/** chunk, offset, length */
export declare const COMPLETION_OP_DATA = 4;
/** direct reads: call receive() now */
export declare const COMPLETION_OP_READABLE = 5;
/** the peer closed its side */
export declare const COMPLETION_OP_END = 6;
/** result: the connection is broken; kClosed follows kAbort */
export declare const COMPLETION_OP_FAILED = 7;
export declare const COMPLETION_OP_DRAIN = 8;
/** the descriptor is closed and the handle is dead */
export declare const COMPLETION_OP_CLOSED = 9;
/** flags that became true in result */
export declare const COMPLETION_OP_POLL = 10;
/** handle: request; result: number of addresses or negative EAI code */
export declare const COMPLETION_OP_RESOLVED = 11;
/** something was posted from another thread */
export declare const COMPLETION_OP_WAKE = 12;
/** chunk, offset: of the head record; length: bytes of the record */
export declare const COMPLETION_OP_MESSAGE_HEAD = 13;
/** chunk, offset, length */
export declare const COMPLETION_OP_MESSAGE_BODY = 14;
export declare const COMPLETION_OP_MESSAGE_END = 15;
/**
 * result: HTTP status for the answer; offset: why, for refusalText(); length: 1 where the peer
 * has closed inside the message
 */
export declare const COMPLETION_OP_MESSAGE_FAILED = 16;
/** Flags of kReadStart. */
export declare const READ_DIRECT = 1;
/** Flags of kPollStart and result of kPoll. */
export declare const POLL_IN = 1;
export declare const POLL_OUT = 2;
/**
 * Head record of an HTTP message: u32 words, then the fields, then the bytes of the head.
 * Every offset in it counts from the start of the head's bytes.
 * Method of http/method.h, 0: see the bytes
 */
export declare const HEAD_METHOD = 0;
export declare const HEAD_STATUS = 1;
export declare const HEAD_FLAGS = 2;
/** the method starts at byte kHeadMethodOffset */
export declare const HEAD_METHOD_LENGTH = 3;
export declare const HEAD_TARGET_OFFSET = 4;
export declare const HEAD_TARGET_LENGTH = 5;
export declare const HEAD_FIELD_COUNT = 6;
/** of the head's bytes, from the start of the chunk */
export declare const HEAD_BYTES_OFFSET = 7;
/** Content-Length, two words; kHeadHasLength in flags */
export declare const HEAD_LENGTH_LOW = 8;
export declare const HEAD_LENGTH_HIGH = 9;
export declare const HEAD_REASON_OFFSET = 10;
export declare const HEAD_REASON_LENGTH = 11;
export declare const HEAD_METHOD_OFFSET = 12;
export declare const HEAD_WORDS = 13;
/** A field: four u16 (name offset, name length, value offset, value length), so two words. */
export declare const FIELD_WORDS = 2;
/** Flags of a head record. */
export declare const HEAD_KEEP_ALIVE = 1;
export declare const HEAD_CHUNKED = 2;
export declare const HEAD_HAS_LENGTH = 4;
export declare const HEAD_UPGRADE = 8;
export declare const HEAD_EXPECT_CONTINUE = 16;
/** kMessageBody and kMessageEnd follow */
export declare const HEAD_HAS_BODY = 32;
export declare const HEAD_VERSION10 = 64;
/**
 * A message to an inbox: a header, then what its kind says. u32 words, and a double at byte 16.
 * PostKind
 */
export declare const POST_KIND = 0;
/** the caller's own number for the call */
export declare const POST_CALL = 1;
/** number of a shared function */
export declare const POST_FUNCTION = 2;
/** how the values behind the header are written */
export declare const POST_FORMAT = 3;
/** f64 at byte 16: inbox of the caller */
export declare const POST_REPLY_TO = 2;
export declare const POST_HEADER_BYTES = 24;
export declare const POST_KIND_NOTHING = 0;
/** call a function; nobody waits for the result */
export declare const POST_KIND_CALL = 1;
/** call a function; the result goes to kPostReplyTo */
export declare const POST_KIND_START = 2;
/** cancel the task of such a call */
export declare const POST_KIND_CANCEL = 3;
/** the answer: a value */
export declare const POST_KIND_RESULT = 4;
/** the answer: an error */
export declare const POST_KIND_ERROR = 5;
/** the answer: the loop has gone */
export declare const POST_KIND_LOST = 6;
/** call a function with one Buffer; from C */
export declare const POST_KIND_BYTES = 7;
/** What listen() and connect() take as flags. */
export declare const SOCKET_REUSE_PORT = 1;
export declare const SOCKET_REUSE_ADDRESS = 2;
export declare const SOCKET_ONLY6 = 4;
/** accepted connections speak HTTP */
export declare const SOCKET_HTTP_SERVER = 8;
export declare const SOCKET_HTTP_CLIENT = 16;
/** Which end address() tells. */
export declare const ADDRESS_LOCAL = 0;
export declare const ADDRESS_PEER = 1;
