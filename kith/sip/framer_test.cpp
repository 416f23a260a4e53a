#include "kith/sip/framer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "kith/base/random.h"
#include "kith/sip/limits.h"

using namespace kith;
using namespace kith::sip;

namespace {

struct Cut {
  std::vector<std::string> messages{};
  std::size_t keep_alives = 0;
  std::optional<Error> error{};

  bool operator==(const Cut&) const = default;
};

void drain(Framer& framer, Cut& cut) {
  while (std::optional<Result<Frame>> next = framer.next()) {
    if (!*next) {
      cut.error = next->error();
      return;
    }
    if ((*next)->kind == Frame::Kind::keep_alive)
      ++cut.keep_alives;
    else
      cut.messages.push_back((*next)->bytes);
  }
}

template <class Size>
Cut cut_up(std::string_view stream, Size size) {
  Framer framer;
  Cut cut;
  while (!stream.empty()) {
    const std::size_t n = std::min(stream.size(), size());
    framer.push(stream.substr(0, n));
    stream.remove_prefix(n);
    drain(framer, cut);
  }
  return cut;
}

Cut cut_whole(std::string_view stream) {
  return cut_up(stream, [stream] { return stream.size(); });
}

Cut cut_bytes(std::string_view stream) {
  return cut_up(stream, [] { return std::size_t{1}; });
}

std::vector<std::string> captures() {
  std::vector<std::string> messages{};
  const auto path = std::filesystem::path(KITH_SOURCE_DIR) / "tests/data/sipe-captures";
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    std::ifstream file(entry.path(), std::ios::binary);
    messages.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return messages;
}

const std::string small = "OPTIONS sip:b SIP/2.0\r\nl : 2\r\n\r\nhi";

}  // namespace

TEST_CASE("any split of a stream gives the same frames") {
  Cut wanted{.messages = captures()};
  std::string stream;
  for (const std::string& message : wanted.messages) {
    stream += "\r\n\r\n" + message;
    ++wanted.keep_alives;
  }
  CHECK(cut_whole(stream) == wanted);
  CHECK(cut_bytes(stream) == wanted);
  SeededRandom random(2);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t most = 1 + random.below(3000);
    CHECK(cut_up(stream, [&] { return std::size_t{1 + random.below(most)}; }) == wanted);
  }
}

TEST_CASE("SIP-TRAN-12: CR LF between messages is skipped, two of them are a keep-alive") {
  for (const auto cut : {cut_whole, cut_bytes}) {
    CHECK(cut("\r\n" + small + "\r\n" + small) == Cut{.messages = {small, small}});
    CHECK(cut("\r\n\r\n\r\n\r\n" + small + "\r\n\r\n") ==
          Cut{.messages = {small}, .keep_alives = 3});
    CHECK(cut("\r\n\r").error == std::nullopt);
    CHECK(cut("\rOPTIONS").error->where == "start line");
  }
}

TEST_CASE("RFC 5626 §4.4.1: the CR LF that is expected is a pong, those after it are not") {
  Framer framer;
  framer.expect_pong();
  framer.push("\r");
  CHECK_FALSE(framer.next());
  framer.push("\n" + small + "\r\n\r\n");
  CHECK(framer.next()->value().kind == Frame::Kind::pong);
  CHECK(framer.next()->value().kind == Frame::Kind::message);
  CHECK(framer.next()->value().kind == Frame::Kind::keep_alive);
  CHECK_FALSE(framer.next());
  framer.expect_pong();
  framer.push("\rX");
  CHECK(framer.next()->error().where == "start line");
}

TEST_CASE("SIP-TRAN-18: a message on a stream without Content-Length is refused") {
  for (const auto cut : {cut_whole, cut_bytes}) {
    CHECK(cut("OPTIONS sip:b SIP/2.0\r\nX: y\r\n\r\n").error->fault == Fault::missing);
    CHECK(cut("OPTIONS sip:b SIP/2.0\r\nX: y\r\n\r\n").error->where == "Content-Length");
  }
}

TEST_CASE("RFC 3261 §18.3: a Content-Length that is unclear loses the stream") {
  struct Case {
    std::string_view lines;
    Fault fault;
  };
  const std::string huge = "l: " + std::to_string(body_size_max + 1) + "\r\n";
  const std::array cases{
      Case{"Content-Length: x\r\n", Fault::malformed},
      Case{"Content-Length:\r\n", Fault::malformed},
      Case{"Content-Length: -1\r\n", Fault::malformed},
      Case{"Content-Length: 1 2\r\n", Fault::malformed},
      Case{"Content-Length: 1\r\n 2\r\n", Fault::malformed},
      Case{"Content-Length: 99999999999999999999\r\n", Fault::malformed},
      Case{"Content-Length: 2\r\nl: 2\r\n", Fault::duplicate},
      Case{"Content-Length: 2\r\nX: a\rb\r\n", Fault::malformed},
      Case{huge, Fault::too_long},
  };
  for (const Case& each : cases) {
    CAPTURE(each.lines);
    const std::string text =
        "OPTIONS sip:b SIP/2.0\r\n" + std::string{each.lines} + "\r\nhi" + small;
    for (const auto cut : {cut_whole, cut_bytes}) {
      REQUIRE(cut(text).error);
      CHECK(cut(text).error->fault == each.fault);
      CHECK(cut(text).messages.empty());
    }
  }
  CHECK(cut_bytes("OPTIONS sip:b SIP/2.0\r\nContent-Length:\r\n 2\r\n\r\nhi").messages.size() == 1);
}

TEST_CASE("a header of 10 MB is refused after the first 32 KiB") {
  Framer framer;
  framer.push("OPTIONS sip:b SIP/2.0\r\nX: ");
  const std::string chunk(4096, 'x');
  std::size_t pushed = 0;
  std::optional<Result<Frame>> next;
  while (!(next = framer.next()) && pushed < 10'000'000) {
    framer.push(chunk);
    pushed += chunk.size();
  }
  REQUIRE(next);
  REQUIRE_FALSE(*next);
  CHECK(next->error().fault == Fault::too_long);
  CHECK(next->error().where == "header section");
  CHECK(pushed <= header_section_size_max + chunk.size());
  CHECK(framer.buffered() == 0);
  framer.push(chunk);
  CHECK(framer.buffered() == 0);
  CHECK_FALSE(*framer.next());
}

TEST_CASE("a message that has begun is told from silence") {
  Framer framer;
  CHECK_FALSE(framer.in_message());
  framer.push("\r");
  CHECK_FALSE(framer.next());
  CHECK_FALSE(framer.in_message());
  framer.push("\nOPTIONS");
  CHECK_FALSE(framer.next());
  CHECK(framer.in_message());
  CHECK(framer.buffered() == 7);
}
