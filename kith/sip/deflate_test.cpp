#include "kith/sip/deflate.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace kith;
using namespace kith::sip;

namespace {

const std::string text = "presence, presence and once more presence";

/// The text in the format that zlib calls raw: no header, no checksum.
std::string bare(std::string_view zlib) { return std::string{zlib.substr(2, zlib.size() - 6)}; }

Message with_body(std::string_view lines, std::string_view body, Mode mode = Mode::lenient) {
  auto message = Message::parse("MESSAGE sip:b SIP/2.0\r\n" + std::string{lines} +
                                    "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                    std::string{body},
                                mode);
  REQUIRE(message);
  return std::move(*message);
}

std::optional<Error> refused(const Message& message, std::size_t size_max = body_size_max) {
  std::string storage;
  const auto body = decoded_body(message, storage, size_max);
  return body ? std::nullopt : std::optional{body.error()};
}

}  // namespace

TEST_CASE("RFC 3261 §20.12: what was encoded is decoded, in both modes") {
  for (const std::string& each : {std::string{}, text, std::string(100'000, 'x')}) {
    for (const ContentCoding coding :
         {ContentCoding::identity, ContentCoding::gzip, ContentCoding::deflate}) {
      for (const Mode mode : {Mode::strict, Mode::lenient}) {
        Diagnostics diagnostics;
        CHECK(decode(coding, encode(coding, each), body_size_max, mode, &diagnostics) == each);
        CHECK(diagnostics.empty());
      }
    }
  }
  CHECK(encode(ContentCoding::gzip, text).starts_with("\x1f\x8b"));
  CHECK(encode(ContentCoding::deflate, text).starts_with('\x78'));
}

TEST_CASE("RFC 1952 §2.2: gzip members behind one another are one body") {
  const std::string two = encode(ContentCoding::gzip, "one") + encode(ContentCoding::gzip, "two");
  CHECK(decode(ContentCoding::gzip, two, body_size_max, Mode::strict) == "onetwo");
  CHECK_FALSE(decode(ContentCoding::gzip, two, 5));
}

TEST_CASE("a body that is cut short, changed or of another format is refused") {
  const std::string gzip = encode(ContentCoding::gzip, text);
  const std::string zlib = encode(ContentCoding::deflate, text);
  std::string changed = gzip;
  changed[changed.size() - 6] ^= 1;  // the checksum
  struct Case {
    ContentCoding coding;
    std::string data;
  };
  const std::array cases{
      Case{ContentCoding::gzip, {}},
      Case{ContentCoding::gzip, text},
      Case{ContentCoding::gzip, zlib},
      Case{ContentCoding::gzip, changed},
      Case{ContentCoding::gzip, gzip.substr(0, gzip.size() - 1)},
      Case{ContentCoding::gzip, gzip.substr(0, 12)},
      Case{ContentCoding::gzip, gzip + "\x1f\x8b"},
      Case{ContentCoding::deflate, {}},
      Case{ContentCoding::deflate, text},
      Case{ContentCoding::deflate, gzip},
      Case{ContentCoding::deflate, zlib.substr(0, zlib.size() - 1)},
  };
  for (const Case& each : cases) {
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      CAPTURE(each.data);
      const auto decoded = decode(each.coding, each.data, body_size_max, mode);
      REQUIRE_FALSE(decoded);
      CHECK(decoded.error().fault == Fault::malformed);
      CHECK(decoded.error().where == "body");
    }
  }
}

TEST_CASE("deflate without its header and bytes behind the end are read leniently, with a note") {
  const std::string zlib = encode(ContentCoding::deflate, text);
  struct Case {
    std::string data;
    std::string_view rule;
  };
  for (const Case& each : {Case{bare(zlib), "deflate without the zlib header"},
                           Case{zlib + "x", "bytes after the compressed body"}}) {
    Diagnostics diagnostics;
    CHECK(decode(ContentCoding::deflate, each.data, body_size_max, Mode::lenient, &diagnostics) ==
          text);
    CHECK(diagnostics.contains(each.rule));
    CHECK_FALSE(decode(ContentCoding::deflate, each.data, body_size_max, Mode::strict));
  }
}

TEST_CASE("a bomb is refused when it passes the bound, and one byte decides") {
  const std::string bomb(10'000'000, '\0');
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::deflate}) {
    // A body of the limit's size, compressed, so that what is read is small.
    const std::string most = encode(coding, bomb.substr(0, body_size_max));
    CHECK(most.size() < 2000);
    CHECK(decode(coding, most)->size() == body_size_max);
    const auto decoded = decode(coding, encode(coding, bomb.substr(0, body_size_max + 1)));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().fault == Fault::too_long);
    CHECK(status_of(decoded.error()) == 413);
    CHECK(decode(coding, encode(coding, text), text.size()) == text);
    CHECK_FALSE(decode(coding, encode(coding, text), text.size() - 1));
  }
  CHECK_FALSE(decode(ContentCoding::identity, text, text.size() - 1));
}

TEST_CASE("RFC 3261 §20.12: the codings of a body are undone, the last one first") {
  const std::string gzip = encode(ContentCoding::gzip, text);
  const std::string both = encode(ContentCoding::deflate, gzip);
  struct Case {
    std::string_view lines;
    std::string body;
  };
  const std::array cases{
      Case{"", text},
      Case{"Content-Encoding: identity\r\n", text},
      Case{"Content-Encoding: gzip\r\n", gzip},
      Case{"e: X-GZip\r\n", gzip},
      Case{"Content-Encoding: gzip , deflate\r\n", both},
      Case{"Content-Encoding: gzip\r\ncontent-encoding: deflate\r\n", both},
  };
  for (const Case& each : cases) {
    CAPTURE(each.lines);
    std::string storage;
    CHECK(decoded_body(with_body(each.lines, each.body, Mode::strict), storage) == text);
  }
  const Message plain = with_body("", text);
  std::string storage;
  CHECK(decoded_body(plain, storage)->data() == plain.body().data());
  CHECK(storage.empty());
  CHECK(decoded_body(with_body("Content-Encoding: gzip\r\n", ""), storage) == "");
}

TEST_CASE("RFC 3261 §8.2.3: a coding that is not known is answered 415, a wrong list 400") {
  struct Case {
    std::string_view lines;
    int status;
  };
  const std::array cases{
      Case{"Content-Encoding: br\r\n", 415},
      Case{"Content-Encoding: gzip, compress\r\n", 415},
      Case{"e: deflate\r\ne: br\r\n", 415},
      Case{"Content-Encoding: \"gzip\"\r\n", 400},
      Case{"Content-Encoding: gzip deflate\r\n", 400},
      Case{"Content-Encoding: deflate, gzip\r\n", 400},  // not in this order
      Case{"Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n", 400},
  };
  for (const Case& each : cases) {
    CAPTURE(each.lines);
    const auto error = refused(
        with_body(each.lines, encode(ContentCoding::deflate, encode(ContentCoding::gzip, text))));
    REQUIRE(error);
    CHECK(status_of(*error) == each.status);
  }
  const std::string gzip = encode(ContentCoding::gzip, text);
  const std::string_view empty_element = "Content-Encoding: gzip,,\r\n";
  CHECK_FALSE(refused(with_body(empty_element, gzip)));
  CHECK(refused(with_body(empty_element, gzip, Mode::strict)));
  CHECK(status_of(*refused(with_body("e: gzip\r\n", gzip), text.size() - 1)) == 413);
}

TEST_CASE("the limit of codings is met") {
  std::string body = text;
  std::string list = "Content-Encoding: gzip";
  for (std::size_t i = 0; i < content_codings_max; ++i) {
    body = encode(ContentCoding::gzip, body);
    if (i > 0) list += ", gzip";
  }
  std::string storage;
  CHECK(decoded_body(with_body(list + "\r\n", body), storage) == text);
  CHECK(refused(with_body(list + ", gzip\r\n", body))->fault == Fault::too_many);
}
