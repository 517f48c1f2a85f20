#include "http/errors.h"

namespace oxbow::http {

uint16_t refusal_status(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return 0;
    case Refusal::kVersion:
      return 505;
    case Refusal::kEncodingUnknown:
      return 501;
    case Refusal::kLineTooLong:
    case Refusal::kHeadTooLarge:
    case Refusal::kTooManyFields:
      return 431;
    case Refusal::kBodyTooLarge:
    case Refusal::kChunkExtensionsTooLong:
      return 413;
    default:
      return 400;
  }
}

const char* refusal_text(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "";
    case Refusal::kRequestLine:
      return "malformed request line";
    case Refusal::kTarget:
      return "malformed request target";
    case Refusal::kVersionSyntax:
      return "malformed HTTP version";
    case Refusal::kVersion:
      return "HTTP version not supported, only 1.0 and 1.1";
    case Refusal::kStatusLine:
      return "malformed status line";
    case Refusal::kFieldName:
      return "malformed field name";
    case Refusal::kFieldFold:
      return "folded field line";
    case Refusal::kFieldValue:
      return "control character in a field value";
    case Refusal::kBareLineFeed:
      return "line ends without a carriage return";
    case Refusal::kBareReturn:
      return "carriage return without a line feed";
    case Refusal::kLineTooLong:
      return "line too long";
    case Refusal::kHeadTooLarge:
      return "header section too large";
    case Refusal::kTooManyFields:
      return "too many header fields";
    case Refusal::kHostMissing:
      return "no Host field in an HTTP/1.1 request";
    case Refusal::kHostRepeated:
      return "more than one Host field";
    case Refusal::kHostValue:
      return "malformed Host field";
    case Refusal::kLengthValue:
      return "malformed Content-Length";
    case Refusal::kLengthRepeated:
      return "more than one Content-Length";
    case Refusal::kLengthAndEncoding:
      return "both Content-Length and Transfer-Encoding";
    case Refusal::kEncodingValue:
      return "malformed Transfer-Encoding";
    case Refusal::kEncodingFinal:
      return "chunked is not the final transfer coding";
    case Refusal::kEncodingUnknown:
      return "transfer coding not supported, only chunked";
    case Refusal::kEncodingVersion:
      return "Transfer-Encoding in an HTTP/1.0 message";
    case Refusal::kConnectBody:
      return "CONNECT request with a body";
    case Refusal::kChunkSize:
      return "malformed chunk size";
    case Refusal::kChunkOverflow:
      return "chunk size too large";
    case Refusal::kChunkExtension:
      return "malformed chunk extension";
    case Refusal::kChunkExtensionsTooLong:
      return "chunk extensions too long";
    case Refusal::kChunkEnd:
      return "chunk data does not end where its size says";
    case Refusal::kBodyTooLarge:
      return "body too large";
    case Refusal::kTruncated:
      return "connection closed inside a message";
    case Refusal::kUnasked:
      return "a response that was not asked for";
  }
  return "";
}

}  // namespace oxbow::http
