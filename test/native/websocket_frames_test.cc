// The frame reader against the cases of the Autobahn test suite that are about what is received;
// their numbers stand beside them. Each is fed whole, byte by byte, and cut in two everywhere.
#include "websocket_frames.h"
#include "check.h"

using namespace oxbow::websocket;
using namespace oxbow::websocket::test;

namespace {

constexpr FrameOptions kMore = {.fin = false};

std::string refused(Refusal refusal) {
  return "!" + std::to_string(static_cast<int>(refusal)) + " ";
}

// Checks the story of the bytes however they are cut.
bool tells(const std::string& bytes, const std::string& expected, const Settings& settings = {}) {
  if (!CHECK_EQ(story_of(bytes, settings), expected)) return false;
  Story slow(settings);
  for (const char byte : bytes) slow.feed(std::string(1, byte));
  if (!CHECK_EQ(slow.told(), expected)) return false;
  const size_t cuts = std::min<size_t>(bytes.size(), 300);
  for (size_t cut = 1; cut < cuts; cut++) {
    Story story(settings);
    story.feed(bytes.substr(0, cut)).feed(bytes.substr(cut));
    if (story.told() != expected) return CHECK_EQ(story.told(), expected);
    if (story.broken() != nullptr) return CHECK_EQ(std::string(story.broken()), "");
  }
  return true;
}

std::string text(const std::string& what) { return "T'" + what + "' "; }

Settings unmasked() {
  Settings settings;
  settings.masked = false;
  return settings;
}

}  // namespace

TEST(case_1_messages_of_every_length_form) {
  for (const size_t size : {0, 125, 126, 127, 128, 65535, 65536}) {
    const std::string payload(size, '*');
    const std::string binary(size, '\xfe');
    CHECK(tells(frame(1, payload), text(payload)));
    CHECK(tells(frame(2, binary), "B'" + binary + "' "));
    FrameOptions plain;
    plain.masked = false;
    CHECK(tells(frame(1, payload, plain), text(payload), unmasked()));
  }
}

TEST(case_2_pings_and_pongs) {
  CHECK(tells(frame(9, ""), "ping() "));
  CHECK(tells(frame(9, "hello"), "ping(hello) "));
  const std::string binary("\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8);
  CHECK(tells(frame(9, binary), "ping(" + binary + ") "));
  CHECK(tells(frame(9, std::string(125, '\xfe')), "ping(" + std::string(125, '\xfe') + ") "));
  CHECK(tells(frame(9, std::string(126, '\xfe')), refused(Refusal::kControlTooLong)));
  CHECK(tells(frame(10, ""), "pong() "));
  CHECK(tells(frame(10, "unsolicited"), "pong(unsolicited) "));
  std::string many;
  std::string expected;
  for (int n = 0; n < 10; n++) {
    many += frame(9, "payload-" + std::to_string(n));
    expected += "ping(payload-" + std::to_string(n) + ") ";
  }
  CHECK(tells(many, expected));
}

TEST(case_3_reserved_bits) {
  const std::string hello = frame(1, "Hello");
  for (uint8_t rsv = 1; rsv < 8; rsv++) {
    FrameOptions options;
    options.rsv = rsv;
    const std::string wrong = refused(Refusal::kReservedBits);
    CHECK(tells(hello + frame(1, "Hello", options) + frame(9, ""), text("Hello") + wrong));
    CHECK(tells(frame(2, std::string(8, '\xff'), options), wrong));
    CHECK(tells(frame(9, "", options), wrong));
    CHECK(tells(frame(8, "", options), wrong));
  }
}

TEST(case_4_reserved_opcodes) {
  for (const uint8_t opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    CHECK(tells(frame(opcode, ""), refused(Refusal::kOpcode)));
    CHECK(tells(frame(1, "Hello") + frame(opcode, "payload") + frame(9, ""),
                text("Hello") + refused(Refusal::kOpcode)));
  }
}

TEST(case_5_fragments) {
  // 5.1, 5.2: control frames in fragments
  CHECK(tells(frame(9, "frag", kMore) + frame(0, "ment"), refused(Refusal::kControlFragmented)));
  CHECK(tells(frame(10, "frag", kMore) + frame(0, "ment"), refused(Refusal::kControlFragmented)));
  CHECK(tells(frame(8, "", kMore), refused(Refusal::kControlFragmented)));
  // 5.3 to 5.5: two fragments
  CHECK(tells(frame(1, "frag", kMore) + frame(0, "ment"), text("fragment")));
  // 5.6 to 5.8: a ping between them
  CHECK(tells(frame(1, "frag", kMore) + frame(9, "ping") + frame(0, "ment"),
              "ping(ping) " + text("fragment")));
  // 5.9 to 5.14: continuations of nothing
  CHECK(tells(frame(0, "nothing") + frame(1, "Hello"), refused(Refusal::kContinuation)));
  CHECK(tells(frame(0, "nothing", kMore) + frame(1, "Hello"), refused(Refusal::kContinuation)));
  // 5.15: one too many behind a whole message
  CHECK(tells(frame(1, "frag", kMore) + frame(0, "ment") + frame(0, "again", kMore) +
                  frame(1, "more", kMore),
              text("fragment") + refused(Refusal::kContinuation)));
  // 5.16, 5.17
  CHECK(tells(frame(0, "x", kMore) + frame(1, "y", kMore) + frame(0, "z"),
              refused(Refusal::kContinuation)));
  // 5.18: a message within another
  CHECK(tells(frame(1, "one", kMore) + frame(1, "two"), refused(Refusal::kUnfinished)));
  // 5.19, 5.20: five fragments, pings between them
  CHECK(tells(frame(1, "fragment1", kMore) + frame(0, "fragment2", kMore) + frame(9, "1") +
                  frame(0, "fragment3", kMore) + frame(0, "fragment4", kMore) + frame(9, "2") +
                  frame(0, "fragment5"),
              "ping(1) ping(2) " + text("fragment1fragment2fragment3fragment4fragment5")));
}

TEST(case_6_1_empty_text) {
  CHECK(tells(frame(1, ""), text("")));
  CHECK(tells(frame(1, "", kMore) + frame(0, "", kMore) + frame(0, ""), text("")));
  CHECK(tells(frame(1, "", kMore) + frame(0, "middle", kMore) + frame(0, ""), text("middle")));
}

TEST(case_6_2_valid_text_in_fragments) {
  const std::string valid =
      "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!";
  CHECK(tells(frame(1, valid), text(valid)));
  for (size_t cut = 1; cut < valid.size(); cut++) {
    CHECK(tells(frame(1, valid.substr(0, cut), kMore) + frame(0, valid.substr(cut)), text(valid)));
  }
  std::string single;
  for (size_t n = 0; n < valid.size(); n++) {
    FrameOptions options;
    options.fin = n + 1 == valid.size();
    single += frame(n == 0 ? 1 : 0, valid.substr(n, 1), options);
  }
  CHECK(tells(single, text(valid)));
}

TEST(case_6_3_and_6_4_wrong_text_fails_at_once) {
  const std::string head = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
  const std::string wrong = head + "\xf4\x90\x80\x80" + "edited";
  CHECK(tells(frame(1, wrong), refused(Refusal::kNotUtf8)));
  // The rest of the frame, and of the message, need not come.
  const std::string whole = frame(1, wrong);
  for (size_t cut = 0; cut < wrong.size(); cut++) {
    Story story;
    story.feed(whole.substr(0, 6 + cut));
    CHECK_EQ(story.refused(), cut >= head.size() + 2);
  }
  Story story;
  story.feed(frame(1, head, kMore)).feed(frame(0, "\xf4", kMore));
  CHECK(!story.refused());
  story.feed(frame(0, "\x90", kMore));
  CHECK(story.refused());
}

TEST(cases_6_5_to_6_23_utf8) {
  const auto valid = [](const std::string& what) {
    CHECK(tells(frame(1, what), text(what)));
    CHECK(is_utf8(reinterpret_cast<const uint8_t*>(what.data()), what.size()));
  };
  const auto wrong = [](const std::string& what) {
    CHECK(tells(frame(1, what), refused(Refusal::kNotUtf8)));
    CHECK(tells(frame(1, "front " + what + " back"), refused(Refusal::kNotUtf8)));
    CHECK(tells(frame(2, what), "B'" + what + "' "));
  };
  // 6.5: cut and uncut
  valid("\xce\xba");
  valid("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5");
  wrong("\xce");
  wrong("\xce\xba\xe1");
  wrong("\xce\xba\xe1\xbd");
  // 6.6, 6.7: the first and the last of each length
  valid(std::string("\0", 1));
  valid("\xc2\x80");
  valid("\xe0\xa0\x80");
  valid("\xf0\x90\x80\x80");
  valid("\x7f");
  valid("\xdf\xbf");
  valid("\xef\xbf\xbf");
  valid("\xf4\x8f\xbf\xbf");
  // 6.8, 6.10: five and six bytes
  wrong("\xf8\x88\x80\x80\x80");
  wrong("\xfc\x84\x80\x80\x80\x80");
  wrong("\xf7\xbf\xbf\xbf");
  wrong("\xfb\xbf\xbf\xbf\xbf");
  wrong("\xfd\xbf\xbf\xbf\xbf\xbf");
  // 6.11: around what is special
  valid("\xed\x9f\xbf");
  valid("\xee\x80\x80");
  valid("\xef\xbf\xbd");
  wrong("\xf4\x90\x80\x80");
  // 6.12: continuations alone
  wrong("\x80");
  wrong("\xbf");
  wrong("\x80\xbf");
  wrong("\x80\xbf\x80\xbf\x80\xbf");
  // 6.13: first bytes alone
  for (int byte = 0xc0; byte < 0x100; byte++) wrong(std::string(1, static_cast<char>(byte)) + " ");
  // 6.14: the last byte is missing
  for (const char* cut : {"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xdf",
                          "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"}) {
    wrong(cut);
  }
  // 6.16: impossible bytes
  wrong("\xfe");
  wrong("\xff");
  wrong("\xfe\xfe\xff\xff");
  // 6.17, 6.18: overlong
  for (const char* overlong :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xc1\xbf",
        "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xc0\x80"}) {
    wrong(overlong);
  }
  // 6.20, 6.21: surrogates
  for (const char* half :
       {"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80",
        "\xed\xbe\x80", "\xed\xbf\xbf", "\xed\xa0\x80\xed\xb0\x80"}) {
    wrong(half);
  }
  // 6.22: noncharacters are characters
  valid("\xef\xbf\xbe");
  valid("\xf0\x9f\xbf\xbe\xf0\x9f\xbf\xbf\xf4\x8f\xbf\xbe");
  valid("\xef\xb7\x90");
}

TEST(case_7_closing) {
  CHECK(tells(frame(8, ""), "close(1005) "));
  CHECK(tells(frame(8, "x"), refused(Refusal::kCloseCode)));
  CHECK(tells(frame(8, close_payload(1000)), "close(1000) "));
  CHECK(tells(frame(8, close_payload(1000, "Hello World!")), "close(1000 Hello World!) "));
  const std::string longest(123, '*');
  CHECK(tells(frame(8, close_payload(1000, longest)), "close(1000 " + longest + ") "));
  CHECK(tells(frame(8, close_payload(1000, longest + "*")), refused(Refusal::kControlTooLong)));
  // 7.1: nothing counts behind it
  CHECK(tells(frame(8, "") + frame(8, "") + frame(9, "late") + frame(1, "late"), "close(1005) "));
  CHECK(tells(frame(1, "frag", kMore) + frame(8, "") + frame(0, "ment"), "close(1005) "));
  // 7.5.1: its reason is UTF-8
  CHECK(
      tells(frame(8, close_payload(1000, "\xce\xba\xf4\x90\x80\x80")), refused(Refusal::kNotUtf8)));
  // 7.7, 7.9, 7.13
  for (const uint16_t code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
                              1014, 3000, 3999, 4000, 4999}) {
    CHECK(tells(frame(8, close_payload(code)), "close(" + std::to_string(code) + ") "));
  }
  for (const uint16_t code :
       {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    CHECK(tells(frame(8, close_payload(code)), refused(Refusal::kCloseCode)));
  }
}

TEST(masks_are_as_they_must_be) {
  FrameOptions plain;
  plain.masked = false;
  CHECK(tells(frame(1, "Hello", plain), refused(Refusal::kUnmasked)));
  CHECK(tells(frame(1, "Hello"), refused(Refusal::kMasked), unmasked()));
  FrameOptions zero;
  zero.mask = 0;
  CHECK(tells(frame(1, "Hello", zero), text("Hello")));
  CHECK(tells(frame(1, "One", zero) + frame(1, "Two") + frame(2, "Three"),
              text("One") + text("Two") + "B'Three' "));
}

TEST(lengths_are_written_in_the_shortest_way) {
  const std::string mask(4, '\0');
  const auto with = [&](const std::string& length, size_t size) {
    return std::string("\x81") + length + mask + std::string(size, 'a');
  };
  CHECK(tells(with(std::string("\xfe\x00\x7d", 3), 125), refused(Refusal::kLength)));
  CHECK(tells(with(std::string("\xfe\x00\x7e", 3), 126), text(std::string(126, 'a'))));
  CHECK(tells(with(std::string("\xff\0\0\0\0\0\0\xff\xff", 9), 65535), refused(Refusal::kLength)));
  CHECK(tells(with(std::string("\xff\x80\0\0\0\0\0\0\0", 9), 1), refused(Refusal::kLength)));
}

TEST(a_message_is_refused_by_its_header) {
  Settings settings;
  settings.message_max = 1000;
  const std::string most(1000, 'a');
  CHECK(tells(frame(1, most) + frame(2, most), text(most) + "B'" + most + "' ", settings));
  const std::string more = frame(1, most + "a");
  CHECK_EQ(story_of(more.substr(0, 8), settings), refused(Refusal::kMessageTooLarge));
  CHECK(tells(frame(1, most, kMore) + frame(0, "a"), refused(Refusal::kMessageTooLarge), settings));
  CHECK(tells(frame(1, most, kMore) + frame(0, "", kMore) + frame(0, ""), text(most), settings));
  // A length beyond all memory.
  const std::string huge = std::string("\x82\xff\x7f", 3) + std::string(7, '\xff') + "mask";
  CHECK(tells(huge, refused(Refusal::kMessageTooLarge)));
  Story story;
  story.feed(frame(1, std::string(70000, 'a'), kMore)).feed(std::string("\x80\xff\x7f", 3));
  story.feed(std::string(7, '\xff') + "mask");
  CHECK(story.refused());
}

TEST(packed_messages_are_told_as_they_are) {
  Settings settings;
  settings.deflate = true;
  FrameOptions packed;
  packed.rsv = 4;
  FrameOptions more = packed;
  more.fin = false;
  CHECK(tells(frame(1, "\xff\xfe", packed), "Z'\xff\xfe' ", settings));
  CHECK(tells(frame(1, "ab", more) + frame(9, "") + frame(0, "cd") + frame(1, "plain"),
              "ping() Z'abcd' " + text("plain"), settings));
  const std::string wrong = refused(Refusal::kReservedBits);
  CHECK(tells(frame(1, "ab", more) + frame(0, "cd", packed), wrong, settings));
  CHECK(tells(frame(9, "", packed), wrong, settings));
  FrameOptions other;
  other.rsv = 6;
  CHECK(tells(frame(1, "ab", other), wrong, settings));
  // Within the limit when unpacked, perhaps; packing may have made it longer.
  settings.message_max = 10;
  CHECK(tells(frame(2, std::string(15, 'x'), packed), "Z'xxxxxxxxxxxxxxx' ", settings));
  CHECK(tells(frame(2, std::string(2000, 'x'), packed), refused(Refusal::kMessageTooLarge),
              settings));
}

TEST(fragments_that_came_together_are_one_piece) {
  std::string many;
  for (int n = 0; n < 5000; n++) many += frame(n == 0 ? 1 : 0, "x", kMore);
  Story story;
  story.feed(many);
  CHECK_EQ(story.pieces(), 1);
  CHECK_EQ(story.under_way(), std::string(5000, 'x'));
  // A control frame ends it.
  story.feed(frame(0, "y", kMore) + frame(0, "y", kMore) + frame(9, "") + frame(0, "z", kMore));
  CHECK_EQ(story.pieces(), 3);
  // Empty ones tell nothing.
  std::string empty;
  for (int n = 0; n < 5000; n++) empty += frame(0, "", kMore);
  story.feed(empty);
  CHECK_EQ(story.pieces(), 3);
  story.feed(frame(0, ""));
  CHECK_EQ(story.told(), "ping() " + text(std::string(5000, 'x') + "yyz"));
}

TEST(ascii_is_told) {
  Story story;
  story.feed(frame(1, "plain text that is long enough for a word of eight"));
  CHECK(story.ascii());
  story.feed(frame(1, "plain text and one \xc3\xa4 in it"));
  CHECK(!story.ascii());
  story.feed(frame(1, "\xc3", kMore)).feed(frame(0, "\xa4"));
  CHECK(!story.ascii());
  story.feed(frame(1, "ascii"));
  CHECK(story.ascii());
}

CHECK_MAIN()
