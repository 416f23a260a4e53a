#include "kith/ua/required.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace kith::ua {
namespace {

TEST_CASE("RFC 3261 §8.2.2.3: what Require asks for and is not supported is refused by name") {
  struct Case {
    std::string method;
    std::string required;
    int status;  // 0: not refused
    std::string unsupported;
  };
  constexpr std::array<std::string_view, 2> supported{"replaces", "timer"};
  for (const Case& each :
       {Case{"INVITE", "", 0, ""}, Case{"INVITE", "Require: replaces\r\n", 0, ""},
        Case{"INVITE", "Require: Timer, REPLACES\r\n", 0, ""},
        Case{"ACK", "Require: 100rel\r\n", 0, ""}, Case{"CANCEL", "Require: 100rel\r\n", 0, ""},
        Case{"INVITE", "Require: 100rel\r\n", 420, "100rel"},
        Case{"INVITE", "Require: a, timer\r\nRequire: b\r\n", 420, "a|b"},
        Case{"INVITE", "Require: a b\r\n", 400, ""},
        Case{"REGISTER", "Require: gruu\r\n", 420, "gruu"}}) {
    CAPTURE(each.required);
    const auto request = sip::Message::parse(
        each.method +
        " sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: 1\r\nCSeq: 1 " +
        each.method + "\r\n" + each.required + "\r\n");
    REQUIRE(request.has_value());
    const auto refused = refuse_required(*request, supported);
    CHECK((refused ? refused->status() : 0) == each.status);
    std::string tags;
    if (refused)
      for (const std::string_view tag : refused->texts("Unsupported"))
        tags += (tags.empty() ? "" : "|") + std::string{tag};
    CHECK(tags == each.unsupported);
  }
}

}  // namespace
}  // namespace kith::ua
