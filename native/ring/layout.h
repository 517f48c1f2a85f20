// The memory that JavaScript and C++ share, field by field.
//
// This file is the only source of the layout: lib/native/layout.ts and native/ring/layout_hash.h
// are generated from it (node tools/generate-layout.mjs), and the loader compares the hashes.
//
// Every region is a plain ArrayBuffer that JavaScript allocates and C++ borrows. Both sides run on
// one thread, so no field is atomic. Index fields are counters that only grow (modulo 2^32); an
// entry lives at `counter & (capacity - 1)`, and capacities are powers of two.
#pragma once

#include <cstdint>

namespace oxbow::layout {

// Regions, as given to Engine.bind(region, buffer).
constexpr uint32_t kRegionControl = 0;
constexpr uint32_t kRegionSubmission = 1;
constexpr uint32_t kRegionCompletion = 2;
constexpr uint32_t kRegionReady = 3;
constexpr uint32_t kRegionTransmit = 4;
constexpr uint32_t kRegionTimerState = 5;
constexpr uint32_t kRegionBacklog = 6;
constexpr uint32_t kRegionCount = 7;

// Control block: u32 words.
// Ready queue: JavaScript and C++ append at the tail, JavaScript takes from the head.
constexpr uint32_t kControlReadyHead = 0;
constexpr uint32_t kControlReadyTail = 1;
// Submission ring: JavaScript appends [0, count) and C++ takes them all and sets count to 0.
constexpr uint32_t kControlSubmissionCount = 2;
// Completion ring: C++ appends at the tail, JavaScript takes from the head.
constexpr uint32_t kControlCompletionHead = 3;
constexpr uint32_t kControlCompletionTail = 4;
// Bytes of the transmit arena that JavaScript has filled since the last submit.
constexpr uint32_t kControlTransmitUsed = 5;
// How many things keep the process alive: timers, handles and requests that are not unref'ed.
constexpr uint32_t kControlReferences = 6;
// Submits so far: what was submitted while this had its present value is not in C++ yet.
constexpr uint32_t kControlSubmissionEpoch = 7;
// Generation of the handle that the last direct call made (listen, connect, pair, watch).
constexpr uint32_t kControlLastGeneration = 8;
// Live things, as of the last turn.
constexpr uint32_t kControlTimerCount = 12;
constexpr uint32_t kControlHandleCount = 13;
constexpr uint32_t kControlWords = 544;

// The control block as doubles, behind the words.
// Until when, in seconds on the loop's clock, JavaScript may turn without C++: there is nothing to
// take, to tell or to look for before that. C++ sets it in every turn, and to 0 when it has work.
constexpr uint32_t kTurnAloneUntil = 15;

// Statistics: further doubles of the control block. Times are in nanoseconds.
constexpr uint32_t kStatisticsTurns = 16;
constexpr uint32_t kStatisticsEvents = 17;
constexpr uint32_t kStatisticsCallbacks = 18;
constexpr uint32_t kStatisticsPolling = 19;
constexpr uint32_t kStatisticsRunning = 20;
constexpr uint32_t kStatisticsLagSum = 21;
constexpr uint32_t kStatisticsLagMax = 22;
constexpr uint32_t kStatisticsTurnSum = 23;
constexpr uint32_t kStatisticsTurnMax = 24;
constexpr uint32_t kStatisticsTime = 25;  // when they were brought up to date
constexpr uint32_t kStatisticsLagBuckets = 32;
constexpr uint32_t kStatisticsTurnBuckets = 152;
// Buckets of a histogram: the first is for what is below 2^kHistogramFirstBits ns, then four for
// each power of two, and the last for everything that is longer.
constexpr uint32_t kHistogramBuckets = 114;
constexpr uint32_t kHistogramFirstBits = 10;
static_assert(kStatisticsLagBuckets + kHistogramBuckets <= kStatisticsTurnBuckets);
static_assert((kStatisticsTurnBuckets + kHistogramBuckets) * 2 <= kControlWords);

// Submission entry: 32 bytes. Word numbers for u32 fields, double numbers for f64 fields.
constexpr uint32_t kSubmissionBytes = 32;
constexpr uint32_t kSubmissionCapacity = 4096;
constexpr uint32_t kSubmissionOp = 0;
constexpr uint32_t kSubmissionHandle = 1;  // handle index, or timer slot
constexpr uint32_t kSubmissionGeneration = 2;
constexpr uint32_t kSubmissionFlags = 3;
constexpr uint32_t kSubmissionOffset = 4;  // into the transmit arena
constexpr uint32_t kSubmissionLength = 5;
constexpr uint32_t kSubmissionValue = 3;  // f64 at byte 24: deadline in ns, low watermark

// Completion entry: 32 bytes, words.
constexpr uint32_t kCompletionBytes = 32;
constexpr uint32_t kCompletionCapacity = 4096;
constexpr uint32_t kCompletionOp = 0;
constexpr uint32_t kCompletionHandle = 1;
constexpr uint32_t kCompletionGeneration = 2;
constexpr uint32_t kCompletionResult = 3;  // i32: bytes, or negative errno
constexpr uint32_t kCompletionChunk = 4;   // slot of the receive chunk
constexpr uint32_t kCompletionOffset = 5;  // bytes into the chunk
constexpr uint32_t kCompletionLength = 6;
constexpr uint32_t kCompletionRest = 7;  // nearly always unused

// Generations of handles, and numbers of requests for names, stay below this and begin again: so
// they are the same number whether they are read as u32 or as i32, and none is negative.
constexpr uint32_t kGenerationMask = 0x7fffffff;

// Ready entry: one u32. A timer is its slot number; a completion carries the high bit and its place
// in the completion ring; kReadyItem says that the callable stands at the same place of the
// JavaScript array that runs beside the ring.
constexpr uint32_t kReadyItem = 0xffffffff;
constexpr uint32_t kReadyCompletion = 0x80000000;
constexpr uint32_t kReadyInitialCapacity = 4096;

// Transmit arena: JavaScript fills it, C++ empties it at every submit.
constexpr uint32_t kTransmitBytes = 1u << 18;

// Timer state: one byte for each timer slot.
constexpr uint32_t kTimerIdle = 0;
constexpr uint32_t kTimerPending = 1;  // submitted, in the heap
constexpr uint32_t kTimerReady = 2;    // moved to the ready queue
constexpr uint32_t kTimerInitialCapacity = 1024;

// Backlog: one f64 for each handle, the bytes that C++ still has to send.
constexpr uint32_t kBacklogInitialCapacity = 1024;

// Receive chunks: C++ fills them, JavaScript makes views on them, the garbage collector frees them.
constexpr uint32_t kChunkBytes = 1u << 18;
constexpr uint32_t kChunkSlots = 64;
// Slabs stand behind the chunks: small memory for small things that may be kept for long.
constexpr uint32_t kSlabFirst = 64;
constexpr uint32_t kSlabSlots = 64;
constexpr uint32_t kSlabBytes = 1u << 14;
static_assert(kSlabFirst == kChunkSlots);

// What JavaScript asks for.
enum class SubmissionOp : uint32_t {
  kNothing = 0,
  kTimerAdd = 1,     // handle: slot, value: deadline in ns
  kTimerCancel = 2,  // handle: slot
  kReadStart = 3,    // flags: kReadDirect
  kReadStop = 4,
  kSend = 5,         // offset, length: in the transmit arena
  kNotifyDrain = 6,  // value: complete with kDrain once the backlog is at or below it
  kShutdown = 7,     // half-close once everything is sent
  kClose = 8,        // close once everything is sent; completes with kClosed
  kAbort = 9,        // drop what is unsent and close; completes with kClosed
  kAcceptStart = 10,
  kAcceptStop = 11,
  kPollStart = 12,      // flags: kPollIn | kPollOut
  kMessageMethod = 13,  // HTTP client: flags 1 = HEAD, 2 = CONNECT was sent
  // offset, length: in the transmit arena; flags: kSendTo; value: where the address stands there
  kSendDatagram = 14,
  kMessageGoOn = 15,  // HTTP: what asked to leave it goes on as it was
  // HTTP: flags 1: what comes first is for receive(), past the reader; 0: no more of that
  kMessagePreface = 16,
};

// What C++ answers.
enum class CompletionOp : uint32_t {
  kNothing = 0,
  kAccept = 1,        // offset: new handle, length: its generation
  kAcceptFailed = 2,  // result: negative errno
  kConnect = 3,       // result
  kData = 4,          // chunk, offset, length
  kReadable = 5,      // direct reads: call receive() now
  kEnd = 6,           // the peer closed its side
  kFailed = 7,        // result: the connection is broken; kClosed follows kAbort
  kDrain = 8,
  kClosed = 9,        // the descriptor is closed and the handle is dead
  kPoll = 10,         // flags that became true in result
  kResolved = 11,     // handle: request; result: number of addresses, or minus a LookupError
  kWake = 12,         // something was posted from another thread
  kMessageHead = 13,  // chunk, offset: of the head record; length: bytes of the record
  kMessageBody = 14,  // chunk, offset, length
  kMessageEnd = 15,   // chunk, offset, length: the lines of the trailers, if there are any
  // result: HTTP status for the answer; offset: why, for refusalText(); length: 1 where the peer
  // has closed inside the message
  kMessageFailed = 16,
  kLayer = 17,          // the layer of a connection has a question: see askLayer()
  kExited = 18,         // result: exit code, or minus the signal; length: 1 where nobody knows
  kDatagrams = 19,      // chunk, offset: of the first record; length: how many records
  kDatagramError = 20,  // result: negative errno; length: how many times
  // chunk, offset, length: a part of a message; result: kWebSocket* flags; rest: bytes of its frame
  // that are still to come
  kWebSocketData = 21,
  kWebSocketControl = 22,  // chunk, offset, length: the payload; result: the opcode
  kWebSocketFailed = 23,   // result: a WebSocketRefusal
  kSpawned = 24,           // handle: request of spawn(); see spawned()
};

// Flags of kReadStart.
constexpr uint32_t kReadDirect = 1;

// Flags of kSendDatagram: to an address (kPeer* words), and not to whom the socket is connected to.
constexpr uint32_t kSendTo = 1;

// Record of a datagram that came: u32 words. Offsets are bytes into the chunk.
constexpr uint32_t kDatagramOffset = 0;
constexpr uint32_t kDatagramLength = 1;
constexpr uint32_t kDatagramSegment = 2;  // 0, or: a run of datagrams of this length each
constexpr uint32_t kDatagramPeer = 3;     // of the words of whom it came from
constexpr uint32_t kDatagramWords = 4;
// Whom a datagram is from or goes to: u32 words.
constexpr uint32_t kPeerFamily = 0;  // 4, 6, kPeerUnix, or 0 for nobody known
constexpr uint32_t kPeerPort = 1;    // of a Unix socket: the length of its path, which is the bytes
constexpr uint32_t kPeerScope = 2;   // number of the interface of a link-local IPv6 address
constexpr uint32_t kPeerBytes = 3;   // in the network's order, up to the end
constexpr uint32_t kPeerWords = 7;   // of a Unix socket: as many as its path needs, at the most
constexpr uint32_t kPeerWordsMax = 30;
constexpr uint32_t kPeerUnix = 1;

// Flags of kPollStart and result of kPoll.
constexpr uint32_t kPollIn = 1;
constexpr uint32_t kPollOut = 2;

// Head record of an HTTP message: u32 words, then the fields, then the bytes of the head.
// Every offset in it counts from the start of the head's bytes.
constexpr uint32_t kHeadMethod = 0;  // Method of http/method.h, 0: see the bytes
constexpr uint32_t kHeadStatus = 1;
constexpr uint32_t kHeadFlags = 2;
constexpr uint32_t kHeadMethodLength = 3;  // the method starts at byte kHeadMethodOffset
constexpr uint32_t kHeadTargetOffset = 4;
constexpr uint32_t kHeadTargetLength = 5;
constexpr uint32_t kHeadFieldCount = 6;
constexpr uint32_t kHeadBytesOffset = 7;  // of the head's bytes, from the start of the chunk
constexpr uint32_t kHeadLengthLow = 8;    // Content-Length, two words; kHeadHasLength in flags
constexpr uint32_t kHeadLengthHigh = 9;
constexpr uint32_t kHeadReasonOffset = 10;
constexpr uint32_t kHeadReasonLength = 11;
constexpr uint32_t kHeadMethodOffset = 12;
constexpr uint32_t kHeadPathLength = 13;  // of the target up to its query; 0: not /..., or escapes
constexpr uint32_t kHeadWords = 14;
// A field: four u16 (name offset, name length, value offset, value length), so two words.
constexpr uint32_t kFieldWords = 2;
// Flags of a head record.
constexpr uint32_t kHeadKeepAlive = 1;
constexpr uint32_t kHeadChunked = 2;
constexpr uint32_t kHeadHasLength = 4;
constexpr uint32_t kHeadUpgrade = 8;
constexpr uint32_t kHeadExpectContinue = 16;
constexpr uint32_t kHeadHasBody = 32;  // kMessageBody and kMessageEnd follow
constexpr uint32_t kHeadVersion10 = 64;

// What upgrade() takes as flags: who sends masked frames is a client, and permessage-deflate was
// agreed on.
constexpr uint32_t kWebSocketMasked = 1;
constexpr uint32_t kWebSocketDeflate = 2;
constexpr uint32_t kWebSocketTransient = 4;  // small messages are not copied into slabs
// Flags of kWebSocketData.
constexpr uint32_t kWebSocketText = 1;
constexpr uint32_t kWebSocketPacked = 2;
constexpr uint32_t kWebSocketFirst = 4;
constexpr uint32_t kWebSocketLast = 8;
constexpr uint32_t kWebSocketAscii = 16;  // of text that is not packed
constexpr uint32_t kWebSocketOwn = 32;    // a whole message that stands in a slab, for good
// Opcodes of control frames.
constexpr uint32_t kWebSocketClose = 8;
constexpr uint32_t kWebSocketPing = 9;
constexpr uint32_t kWebSocketPong = 10;

// Why frames were refused.
enum class WebSocketRefusal : uint32_t {
  kNone = 0,
  kReservedBits = 1,
  kOpcode = 2,
  kUnmasked = 3,
  kMasked = 4,
  kControlFragmented = 5,
  kControlTooLong = 6,
  kContinuation = 7,  // of no message
  kUnfinished = 8,    // a message within another
  kLength = 9,        // not written in the shortest way, or no number
  kMessageTooLarge = 10,
  kNotUtf8 = 11,
  kCloseCode = 12,
};

// A post to an inbox: a header, then what its kind says. u32 words, and a double at byte 16.
constexpr uint32_t kPostKind = 0;      // PostKind
constexpr uint32_t kPostCall = 1;      // the caller's own number for the call
constexpr uint32_t kPostFunction = 2;  // number of a shared function
constexpr uint32_t kPostFormat = 3;    // how the values behind the header are written
constexpr uint32_t kPostReplyTo = 2;   // f64 at byte 16: inbox of the caller
constexpr uint32_t kPostHeaderBytes = 24;

enum class PostKind : uint32_t {
  kNothing = 0,
  kCall = 1,    // call a function; nobody waits for the result
  kStart = 2,   // call a function; the result goes to kPostReplyTo
  kCancel = 3,  // cancel the task of such a call
  kResult = 4,  // the answer: a value
  kError = 5,   // the answer: an error
  kLost = 6,    // the answer: the loop has gone
  kBytes = 7,   // call a function with one Buffer; from C
};

// What listen(), connect() and datagrams() take as flags.
constexpr uint32_t kSocketReusePort = 1;
constexpr uint32_t kSocketReuseAddress = 2;
constexpr uint32_t kSocketOnly6 = 4;
constexpr uint32_t kSocketHttpServer = 8;  // accepted connections speak HTTP
constexpr uint32_t kSocketHttpClient = 16;
constexpr uint32_t kSocketBroadcast = 32;  // datagrams may go to all of a network

// What a descriptor is that was not made here: examine() tells it, and adopt() takes it. One kind,
// and the directions that it is open for.
constexpr uint32_t kDescriptorKind = 7;
constexpr uint32_t kDescriptorSocket = 1;  // of a stream, and not listening
constexpr uint32_t kDescriptorPipe = 2;
constexpr uint32_t kDescriptorTerminal = 3;
constexpr uint32_t kDescriptorDevice = 4;  // a character device that is not a terminal
constexpr uint32_t kDescriptorFile = 5;    // always ready, so it cannot be waited for
constexpr uint32_t kDescriptorOther = 6;   // nothing that bytes stream through
constexpr uint32_t kDescriptorReadable = 8;
constexpr uint32_t kDescriptorWritable = 16;
// For adopt(): others use it too, so it stays open and as it is.
constexpr uint32_t kDescriptorShared = 32;
// Above this bit of the flags of listen(): the mode of a Unix socket's file, 0 for the usual one.
constexpr uint32_t kSocketModeShift = 16;
// What listen() and connect() take as the port of a Unix socket, whose path is the address, and
// what address() answers for one: no port is so high.
constexpr uint32_t kPortUnix = 65536;

// Why a name has no addresses.
enum class LookupError : uint32_t {
  kNone = 0,
  kNoName = 1,
  kNoAddress = 2,
  kTryAgain = 3,
  kFailed = 4,
  kFamily = 5,
  kService = 6,
  kMemory = 7,
};

// What spawn() takes in place of a descriptor for stdin, stdout and stderr.
constexpr uint32_t kStdioPipe = 0xffffffff;
constexpr uint32_t kStdioNull = 0xfffffffe;
constexpr uint32_t kStdioOutput = 0xfffffffd;  // for stderr: the same as stdout

// What could not be done for a program to start.
enum class SpawnStage : uint32_t {
  kNone = 0,
  kStart = 1,  // pipes, the process itself
  kStdio = 2,
  kPassed = 3,
  kProcessGroup = 4,
  kDirectory = 5,
  kGroup = 6,
  kUser = 7,
  kProgram = 8,
};

// What resolve() takes as the type of socket that a service is for.
constexpr uint32_t kServiceStream = 0;
constexpr uint32_t kServiceDatagram = 1;

// What resolveBack() takes as flags: numbers in place of names, and no name is an error.
constexpr uint32_t kNameNumericHost = 1;
constexpr uint32_t kNameNumericService = 2;
constexpr uint32_t kNameRequired = 4;
constexpr uint32_t kNameDatagram = 8;  // the service is one of datagrams

// Which end address() is asked about.
constexpr uint32_t kAddressLocal = 0;
constexpr uint32_t kAddressPeer = 1;

}  // namespace oxbow::layout
