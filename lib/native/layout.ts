// Generated from native/ring/layout.h by tools/generate-layout.mjs. Do not edit.
// Every constant is a module constant, so that V8 folds it into the code that uses it.

/** Of the names and values below; the loader compares it with the hash in the binary. */
export const LAYOUT_HASH = 0xa4afb947;

/** Regions, as given to Engine.bind(region, buffer). */
export const REGION_CONTROL = 0;
export const REGION_SUBMISSION = 1;
export const REGION_COMPLETION = 2;
export const REGION_READY = 3;
export const REGION_TRANSMIT = 4;
export const REGION_TIMER_STATE = 5;
export const REGION_BACKLOG = 6;
export const REGION_COUNT = 7;

/**
 * Control block: u32 words.
 * Ready queue: JavaScript and C++ append at the tail, JavaScript takes from the head.
 */
export const CONTROL_READY_HEAD = 0;
export const CONTROL_READY_TAIL = 1;
/** Submission ring: JavaScript appends [0, count) and C++ takes them all and sets count to 0. */
export const CONTROL_SUBMISSION_COUNT = 2;
/** Completion ring: C++ appends at the tail, JavaScript takes from the head. */
export const CONTROL_COMPLETION_HEAD = 3;
export const CONTROL_COMPLETION_TAIL = 4;
/** Bytes of the transmit arena that JavaScript has filled since the last submit. */
export const CONTROL_TRANSMIT_USED = 5;
/** How many things keep the process alive: timers, handles and requests that are not unref'ed. */
export const CONTROL_REFERENCES = 6;
/** Submits so far: what was submitted while this had its present value is not in C++ yet. */
export const CONTROL_SUBMISSION_EPOCH = 7;
/** Generation of the handle that the last direct call made (listen, connect, pair, watch). */
export const CONTROL_LAST_GENERATION = 8;
/** Live things, as of the last turn. */
export const CONTROL_TIMER_COUNT = 12;
export const CONTROL_HANDLE_COUNT = 13;
export const CONTROL_WORDS = 544;

/**
 * The control block as doubles, behind the words.
 * Until when, in seconds on the loop's clock, JavaScript may turn without C++: there is nothing to
 * take, to tell or to look for before that. C++ sets it in every turn, and to 0 when it has work.
 */
export const TURN_ALONE_UNTIL = 15;

/** Statistics: further doubles of the control block. Times are in nanoseconds. */
export const STATISTICS_TURNS = 16;
export const STATISTICS_EVENTS = 17;
export const STATISTICS_CALLBACKS = 18;
export const STATISTICS_POLLING = 19;
export const STATISTICS_RUNNING = 20;
export const STATISTICS_LAG_SUM = 21;
export const STATISTICS_LAG_MAX = 22;
export const STATISTICS_TURN_SUM = 23;
export const STATISTICS_TURN_MAX = 24;
/** when they were brought up to date */
export const STATISTICS_TIME = 25;
export const STATISTICS_LAG_BUCKETS = 32;
export const STATISTICS_TURN_BUCKETS = 152;
/**
 * Buckets of a histogram: the first is for what is below 2^kHistogramFirstBits ns, then four for
 * each power of two, and the last for everything that is longer.
 */
export const HISTOGRAM_BUCKETS = 114;
export const HISTOGRAM_FIRST_BITS = 10;

/** Submission entry: 32 bytes. Word numbers for u32 fields, double numbers for f64 fields. */
export const SUBMISSION_BYTES = 32;
export const SUBMISSION_CAPACITY = 4096;
export const SUBMISSION_OP = 0;
/** handle index, or timer slot */
export const SUBMISSION_HANDLE = 1;
export const SUBMISSION_GENERATION = 2;
export const SUBMISSION_FLAGS = 3;
/** into the transmit arena */
export const SUBMISSION_OFFSET = 4;
export const SUBMISSION_LENGTH = 5;
/** f64 at byte 24: deadline in ns, low watermark */
export const SUBMISSION_VALUE = 3;

/** Completion entry: 32 bytes, words. */
export const COMPLETION_BYTES = 32;
export const COMPLETION_CAPACITY = 4096;
export const COMPLETION_OP = 0;
export const COMPLETION_HANDLE = 1;
export const COMPLETION_GENERATION = 2;
/** i32: bytes, or negative errno */
export const COMPLETION_RESULT = 3;
/** slot of the receive chunk */
export const COMPLETION_CHUNK = 4;
/** bytes into the chunk */
export const COMPLETION_OFFSET = 5;
export const COMPLETION_LENGTH = 6;
/** nearly always unused */
export const COMPLETION_REST = 7;

/**
 * Generations of handles, and numbers of requests for names, stay below this and begin again: so
 * they are the same number whether they are read as u32 or as i32, and none is negative.
 */
export const GENERATION_MASK = 0x7fffffff;

/**
 * Ready entry: one u32. A timer is its slot number; a completion carries the high bit and its place
 * in the completion ring; kReadyItem says that the callable stands at the same place of the
 * JavaScript array that runs beside the ring.
 */
export const READY_ITEM = 0xffffffff;
export const READY_COMPLETION = 0x80000000;
export const READY_INITIAL_CAPACITY = 4096;

/** Transmit arena: JavaScript fills it, C++ empties it at every submit. */
export const TRANSMIT_BYTES = 262144;

/** Timer state: one byte for each timer slot. */
export const TIMER_IDLE = 0;
/** submitted, in the heap */
export const TIMER_PENDING = 1;
/** moved to the ready queue */
export const TIMER_READY = 2;
export const TIMER_INITIAL_CAPACITY = 1024;

/** Backlog: one f64 for each handle, the bytes that C++ still has to send. */
export const BACKLOG_INITIAL_CAPACITY = 1024;

/**
 * Receive chunks: C++ fills them, JavaScript makes views on them, the garbage collector frees them.
 */
export const CHUNK_BYTES = 262144;
export const CHUNK_SLOTS = 64;
/** Slabs stand behind the chunks: small memory for small things that may be kept for long. */
export const SLAB_FIRST = 64;
export const SLAB_SLOTS = 64;
export const SLAB_BYTES = 16384;

/** What JavaScript asks for. */
export const SUBMISSION_OP_NOTHING = 0;
/** handle: slot, value: deadline in ns */
export const SUBMISSION_OP_TIMER_ADD = 1;
/** handle: slot */
export const SUBMISSION_OP_TIMER_CANCEL = 2;
/** flags: kReadDirect */
export const SUBMISSION_OP_READ_START = 3;
export const SUBMISSION_OP_READ_STOP = 4;
/** offset, length: in the transmit arena */
export const SUBMISSION_OP_SEND = 5;
/** value: complete with kDrain once the backlog is at or below it */
export const SUBMISSION_OP_NOTIFY_DRAIN = 6;
/** half-close once everything is sent */
export const SUBMISSION_OP_SHUTDOWN = 7;
/** close once everything is sent; completes with kClosed */
export const SUBMISSION_OP_CLOSE = 8;
/** drop what is unsent and close; completes with kClosed */
export const SUBMISSION_OP_ABORT = 9;
export const SUBMISSION_OP_ACCEPT_START = 10;
export const SUBMISSION_OP_ACCEPT_STOP = 11;
/** flags: kPollIn | kPollOut */
export const SUBMISSION_OP_POLL_START = 12;
/** HTTP client: flags 1 = HEAD, 2 = CONNECT was sent */
export const SUBMISSION_OP_MESSAGE_METHOD = 13;
/** offset, length: in the transmit arena; flags: kSendTo; value: where the address stands there */
export const SUBMISSION_OP_SEND_DATAGRAM = 14;
/** HTTP: what asked to leave it goes on as it was */
export const SUBMISSION_OP_MESSAGE_GO_ON = 15;
/** HTTP: flags 1: what comes first is for receive(), past the reader; 0: no more of that */
export const SUBMISSION_OP_MESSAGE_PREFACE = 16;

/** What C++ answers. */
export const COMPLETION_OP_NOTHING = 0;
/** offset: new handle, length: its generation */
export const COMPLETION_OP_ACCEPT = 1;
/** result: negative errno */
export const COMPLETION_OP_ACCEPT_FAILED = 2;
/** result */
export const COMPLETION_OP_CONNECT = 3;
/** chunk, offset, length */
export const COMPLETION_OP_DATA = 4;
/** direct reads: call receive() now */
export const COMPLETION_OP_READABLE = 5;
/** the peer closed its side */
export const COMPLETION_OP_END = 6;
/** result: the connection is broken; kClosed follows kAbort */
export const COMPLETION_OP_FAILED = 7;
export const COMPLETION_OP_DRAIN = 8;
/** the descriptor is closed and the handle is dead */
export const COMPLETION_OP_CLOSED = 9;
/** flags that became true in result */
export const COMPLETION_OP_POLL = 10;
/** handle: request; result: number of addresses, or minus a LookupError */
export const COMPLETION_OP_RESOLVED = 11;
/** something was posted from another thread */
export const COMPLETION_OP_WAKE = 12;
/** chunk, offset: of the head record; length: bytes of the record */
export const COMPLETION_OP_MESSAGE_HEAD = 13;
/** chunk, offset, length */
export const COMPLETION_OP_MESSAGE_BODY = 14;
/** chunk, offset, length: the lines of the trailers, if there are any */
export const COMPLETION_OP_MESSAGE_END = 15;
/**
 * result: HTTP status for the answer; offset: why, for refusalText(); length: 1 where the peer
 * has closed inside the message
 */
export const COMPLETION_OP_MESSAGE_FAILED = 16;
/** the layer of a connection has a question: see askLayer() */
export const COMPLETION_OP_LAYER = 17;
/** result: exit code, or minus the signal; length: 1 where nobody knows */
export const COMPLETION_OP_EXITED = 18;
/** chunk, offset: of the first record; length: how many records */
export const COMPLETION_OP_DATAGRAMS = 19;
/** result: negative errno; length: how many times */
export const COMPLETION_OP_DATAGRAM_ERROR = 20;
/**
 * chunk, offset, length: a part of a message; result: kWebSocket* flags; rest: bytes of its frame
 * that are still to come
 */
export const COMPLETION_OP_WEB_SOCKET_DATA = 21;
/** chunk, offset, length: the payload; result: the opcode */
export const COMPLETION_OP_WEB_SOCKET_CONTROL = 22;
/** result: a WebSocketRefusal */
export const COMPLETION_OP_WEB_SOCKET_FAILED = 23;
/** handle: request of spawn(); see spawned() */
export const COMPLETION_OP_SPAWNED = 24;

/** Flags of kReadStart. */
export const READ_DIRECT = 1;

/**
 * Flags of kSendDatagram: to an address (kPeer* words), and not to whom the socket is connected to.
 */
export const SEND_TO = 1;

/** Record of a datagram that came: u32 words. Offsets are bytes into the chunk. */
export const DATAGRAM_OFFSET = 0;
export const DATAGRAM_LENGTH = 1;
/** 0, or: a run of datagrams of this length each */
export const DATAGRAM_SEGMENT = 2;
/** of the words of whom it came from */
export const DATAGRAM_PEER = 3;
export const DATAGRAM_WORDS = 4;
/**
 * Whom a datagram is from or goes to: u32 words.
 * 4, 6, kPeerUnix, or 0 for nobody known
 */
export const PEER_FAMILY = 0;
/** of a Unix socket: the length of its path, which is the bytes */
export const PEER_PORT = 1;
/** number of the interface of a link-local IPv6 address */
export const PEER_SCOPE = 2;
/** in the network's order, up to the end */
export const PEER_BYTES = 3;
/** of a Unix socket: as many as its path needs, at the most */
export const PEER_WORDS = 7;
export const PEER_WORDS_MAX = 30;
export const PEER_UNIX = 1;

/** Flags of kPollStart and result of kPoll. */
export const POLL_IN = 1;
export const POLL_OUT = 2;

/**
 * Head record of an HTTP message: u32 words, then the fields, then the bytes of the head.
 * Every offset in it counts from the start of the head's bytes.
 * Method of http/method.h, 0: see the bytes
 */
export const HEAD_METHOD = 0;
export const HEAD_STATUS = 1;
export const HEAD_FLAGS = 2;
/** the method starts at byte kHeadMethodOffset */
export const HEAD_METHOD_LENGTH = 3;
export const HEAD_TARGET_OFFSET = 4;
export const HEAD_TARGET_LENGTH = 5;
export const HEAD_FIELD_COUNT = 6;
/** of the head's bytes, from the start of the chunk */
export const HEAD_BYTES_OFFSET = 7;
/** Content-Length, two words; kHeadHasLength in flags */
export const HEAD_LENGTH_LOW = 8;
export const HEAD_LENGTH_HIGH = 9;
export const HEAD_REASON_OFFSET = 10;
export const HEAD_REASON_LENGTH = 11;
export const HEAD_METHOD_OFFSET = 12;
/** of the target up to its query; 0: not /..., or escapes */
export const HEAD_PATH_LENGTH = 13;
export const HEAD_WORDS = 14;
/** A field: four u16 (name offset, name length, value offset, value length), so two words. */
export const FIELD_WORDS = 2;
/** Flags of a head record. */
export const HEAD_KEEP_ALIVE = 1;
export const HEAD_CHUNKED = 2;
export const HEAD_HAS_LENGTH = 4;
export const HEAD_UPGRADE = 8;
export const HEAD_EXPECT_CONTINUE = 16;
/** kMessageBody and kMessageEnd follow */
export const HEAD_HAS_BODY = 32;
export const HEAD_VERSION10 = 64;

/**
 * What upgrade() takes as flags: who sends masked frames is a client, and permessage-deflate was
 * agreed on.
 */
export const WEB_SOCKET_MASKED = 1;
export const WEB_SOCKET_DEFLATE = 2;
/** small messages are not copied into slabs */
export const WEB_SOCKET_TRANSIENT = 4;
/** Flags of kWebSocketData. */
export const WEB_SOCKET_TEXT = 1;
export const WEB_SOCKET_PACKED = 2;
export const WEB_SOCKET_FIRST = 4;
export const WEB_SOCKET_LAST = 8;
/** of text that is not packed */
export const WEB_SOCKET_ASCII = 16;
/** a whole message that stands in a slab, for good */
export const WEB_SOCKET_OWN = 32;
/** Opcodes of control frames. */
export const WEB_SOCKET_CLOSE = 8;
export const WEB_SOCKET_PING = 9;
export const WEB_SOCKET_PONG = 10;

/** Why frames were refused. */
export const WEB_SOCKET_REFUSAL_NONE = 0;
export const WEB_SOCKET_REFUSAL_RESERVED_BITS = 1;
export const WEB_SOCKET_REFUSAL_OPCODE = 2;
export const WEB_SOCKET_REFUSAL_UNMASKED = 3;
export const WEB_SOCKET_REFUSAL_MASKED = 4;
export const WEB_SOCKET_REFUSAL_CONTROL_FRAGMENTED = 5;
export const WEB_SOCKET_REFUSAL_CONTROL_TOO_LONG = 6;
/** of no message */
export const WEB_SOCKET_REFUSAL_CONTINUATION = 7;
/** a message within another */
export const WEB_SOCKET_REFUSAL_UNFINISHED = 8;
/** not written in the shortest way, or no number */
export const WEB_SOCKET_REFUSAL_LENGTH = 9;
export const WEB_SOCKET_REFUSAL_MESSAGE_TOO_LARGE = 10;
export const WEB_SOCKET_REFUSAL_NOT_UTF8 = 11;
export const WEB_SOCKET_REFUSAL_CLOSE_CODE = 12;

/**
 * A post to an inbox: a header, then what its kind says. u32 words, and a double at byte 16.
 * PostKind
 */
export const POST_KIND = 0;
/** the caller's own number for the call */
export const POST_CALL = 1;
/** number of a shared function */
export const POST_FUNCTION = 2;
/** how the values behind the header are written */
export const POST_FORMAT = 3;
/** f64 at byte 16: inbox of the caller */
export const POST_REPLY_TO = 2;
export const POST_HEADER_BYTES = 24;

export const POST_KIND_NOTHING = 0;
/** call a function; nobody waits for the result */
export const POST_KIND_CALL = 1;
/** call a function; the result goes to kPostReplyTo */
export const POST_KIND_START = 2;
/** cancel the task of such a call */
export const POST_KIND_CANCEL = 3;
/** the answer: a value */
export const POST_KIND_RESULT = 4;
/** the answer: an error */
export const POST_KIND_ERROR = 5;
/** the answer: the loop has gone */
export const POST_KIND_LOST = 6;
/** call a function with one Buffer; from C */
export const POST_KIND_BYTES = 7;

/** What listen(), connect() and datagrams() take as flags. */
export const SOCKET_REUSE_PORT = 1;
export const SOCKET_REUSE_ADDRESS = 2;
export const SOCKET_ONLY6 = 4;
/** accepted connections speak HTTP */
export const SOCKET_HTTP_SERVER = 8;
export const SOCKET_HTTP_CLIENT = 16;
/** datagrams may go to all of a network */
export const SOCKET_BROADCAST = 32;

/**
 * What a descriptor is that was not made here: examine() tells it, and adopt() takes it. One kind,
 * and the directions that it is open for.
 */
export const DESCRIPTOR_KIND = 7;
/** of a stream, and not listening */
export const DESCRIPTOR_SOCKET = 1;
export const DESCRIPTOR_PIPE = 2;
export const DESCRIPTOR_TERMINAL = 3;
/** a character device that is not a terminal */
export const DESCRIPTOR_DEVICE = 4;
/** always ready, so it cannot be waited for */
export const DESCRIPTOR_FILE = 5;
/** nothing that bytes stream through */
export const DESCRIPTOR_OTHER = 6;
export const DESCRIPTOR_READABLE = 8;
export const DESCRIPTOR_WRITABLE = 16;
/** For adopt(): others use it too, so it stays open and as it is. */
export const DESCRIPTOR_SHARED = 32;
/**
 * Above this bit of the flags of listen(): the mode of a Unix socket's file, 0 for the usual one.
 */
export const SOCKET_MODE_SHIFT = 16;
/**
 * What listen() and connect() take as the port of a Unix socket, whose path is the address, and
 * what address() answers for one: no port is so high.
 */
export const PORT_UNIX = 65536;

/** Why a name has no addresses. */
export const LOOKUP_ERROR_NONE = 0;
export const LOOKUP_ERROR_NO_NAME = 1;
export const LOOKUP_ERROR_NO_ADDRESS = 2;
export const LOOKUP_ERROR_TRY_AGAIN = 3;
export const LOOKUP_ERROR_FAILED = 4;
export const LOOKUP_ERROR_FAMILY = 5;
export const LOOKUP_ERROR_SERVICE = 6;
export const LOOKUP_ERROR_MEMORY = 7;

/** What spawn() takes in place of a descriptor for stdin, stdout and stderr. */
export const STDIO_PIPE = 0xffffffff;
export const STDIO_NULL = 0xfffffffe;
/** for stderr: the same as stdout */
export const STDIO_OUTPUT = 0xfffffffd;

/** What could not be done for a program to start. */
export const SPAWN_STAGE_NONE = 0;
/** pipes, the process itself */
export const SPAWN_STAGE_START = 1;
export const SPAWN_STAGE_STDIO = 2;
export const SPAWN_STAGE_PASSED = 3;
export const SPAWN_STAGE_PROCESS_GROUP = 4;
export const SPAWN_STAGE_DIRECTORY = 5;
export const SPAWN_STAGE_GROUP = 6;
export const SPAWN_STAGE_USER = 7;
export const SPAWN_STAGE_PROGRAM = 8;

/** What resolve() takes as the type of socket that a service is for. */
export const SERVICE_STREAM = 0;
export const SERVICE_DATAGRAM = 1;

/** What resolveBack() takes as flags: numbers in place of names, and no name is an error. */
export const NAME_NUMERIC_HOST = 1;
export const NAME_NUMERIC_SERVICE = 2;
export const NAME_REQUIRED = 4;
/** the service is one of datagrams */
export const NAME_DATAGRAM = 8;

/** Which end address() is asked about. */
export const ADDRESS_LOCAL = 0;
export const ADDRESS_PEER = 1;
