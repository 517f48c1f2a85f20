// The reasons for refusing a message: a code for each, with the status to answer and a text for the
// log. A parser stores the code in one byte instead of a pointer to the text.
#pragma once

#include <cstdint>

namespace oxbow::http {

enum class Refusal : uint8_t {
  kNone,
  kRequestLine,
  kTarget,
  kVersionSyntax,
  kVersion,
  kStatusLine,
  kFieldName,
  kFieldFold,
  kFieldValue,
  kBareLineFeed,
  kBareReturn,
  kLineTooLong,
  kHeadTooLarge,
  kTooManyFields,
  kHostMissing,
  kHostRepeated,
  kHostValue,
  kLengthValue,
  kLengthRepeated,
  kLengthAndEncoding,
  kEncodingValue,
  kEncodingFinal,
  kEncodingUnknown,
  kEncodingVersion,
  kConnectBody,
  kChunkSize,
  kChunkOverflow,
  kChunkExtension,
  kChunkExtensionsTooLong,
  kChunkEnd,
  kBodyTooLarge,
  kTruncated,
  kUnasked,
};

uint16_t refusal_status(Refusal refusal);   // 400, 413, 431, 501 or 505; 0 for kNone
const char* refusal_text(Refusal refusal);  // a constant; "" for kNone

}  // namespace oxbow::http
