#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/subject.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/user_agent.h"
#include "kith/sip/header/user_to_user.h"
#include "kith/sip/header/warning.h"
#include "kith/sip/message.h"
#include "kith/sip/parsed.h"

using namespace kith;
using namespace kith::sip;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

const std::string evil = "a\r\nX-Evil: 1\nX-Evil: 2\rX-Evil: 3\0b"s;

/// How many lines there are in what is written; CR and LF alone end one as well.
std::ptrdiff_t lines_in(const Message& message) {
  std::string text = message.write();
  std::ptrdiff_t lines = 0;
  for (std::size_t end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n")) {
    text.erase(end, 2);
    ++lines;
  }
  return lines + std::ranges::count_if(text, [](char c) { return "\r\n"sv.contains(c); });
}

/// A message that has this one header, or what else was made of it by `change`.
template <class Change>
void stays_in_line(Change change) {
  Message message = Message::request("OPTIONS", "sip:b@example.com");
  change(message);
  CAPTURE(message.write());
  CHECK(lines_in(message) == 4);  // start line, it, Content-Length and nothing
  const Result<Message> again = Message::parse(message.write());
  if (again) CHECK_FALSE(again->has("X-Evil"));
}

}  // namespace

TEST_CASE("RFC 3261 §7.3.1: no text of a header makes a line of its own") {
  const auto holds = [](const auto& header) {
    stays_in_line([&header](Message& message) { message.set(header); });
    stays_in_line([&header](Message& message) { message.add(header); });
    stays_in_line([&header](Message& message) { message.prepend(header); });
    stays_in_line([&header](Message& message) { message.insert(0, header); });
    stays_in_line([&header](Message& message) { message.replace_first(header); });
    stays_in_line([&header](Message& message) { message.replace_last(header); });
  };
  holds(Subject{evil});
  holds(UserAgent{evil});
  holds(CallId{evil});
  holds(Supported{evil});
  holds(Event{.package = evil, .params = {}});
  holds(CSeq{.sequence = 1, .method = evil});
  holds(Warning{399, evil, evil});
  holds(UserToUser{.data = evil, .params = {}});
  From from{.display_name = evil, .uri = *Uri::sip("a", "example.com"), .params = {}};
  from.params.set("tag", evil);
  from.params.set(evil, "x");
  holds(from);
  Contact contact;
  contact.uri = *Uri::sip("a", "example.com");
  contact.uri.user = evil;
  contact.uri.headers = evil;
  holds(contact);
}

TEST_CASE("RFC 3261 §7.3.1: nor does a name, or a value that is set by its name") {
  stays_in_line([](Message& message) { message.add("X", evil); });
  stays_in_line([](Message& message) { message.set("X", evil); });
  stays_in_line([](Message& message) { message.prepend("X", evil); });
  stays_in_line([](Message& message) { message.replace_first("X", evil); });
  stays_in_line([](Message& message) { message.replace_last("X", evil); });
  stays_in_line([](Message& message) { message.insert(0, "X", evil); });
  stays_in_line([](Message& message) { message.add(evil, "x"); });
}

TEST_CASE("RFC 3261 §7.1, §7.2: nor does a part of the start line") {
  const auto one_line = [](const Message& message) {
    CAPTURE(message.write());
    CHECK(lines_in(message) == 3 + static_cast<std::ptrdiff_t>(message.field_count()));
  };
  one_line(Message::request(evil, evil));
  Message request = Message::request("OPTIONS", "sip:b");
  request.set_request_uri(evil);
  request.set_method(evil);
  one_line(request);
  Message response = Message::response(request, 200, evil);
  one_line(response);
  response.set_status(486, evil);
  one_line(response);
}

TEST_CASE("RFC 3261 §7.4: a body is kept byte for byte") {
  Message message = Message::request("MESSAGE", "sip:b@example.com");
  message.set_body("text/plain", evil);
  CHECK(message.body() == evil);
  message.set_body("text/plain", message.body().substr(1));
  CHECK(message.body() == evil.substr(1));
  CHECK(message.write().ends_with("\r\n\r\n" + evil.substr(1)));
}

TEST_CASE("RFC 3261 §25.1: whether a peer will read what is written can be asked before") {
  CHECK_FALSE(write_fault(CallId{"a@b"}));
  CHECK_FALSE(write_fault(Warning{399, "a.example", "no \"way\""}));
  CHECK(write_fault(CallId{"a b"}) == Error{Fault::malformed, "Call-ID", 1});
  CHECK(write_fault(CallId{evil})->where == "Call-ID");
  CHECK(write_fault(Subject{evil})->where == "Subject");
  CHECK(write_fault(Subject{" a"})->where == "Subject");  // read without its blank
  CHECK(write_fault(Warning{1000, "a", "b"})->where == "Warning");
  CHECK(write_fault(Supported{"a, b"})->where == "Supported");
}

TEST_CASE("RFC 3261 §7.3.1: the first value may stand behind a line that has none") {
  constexpr std::string_view head = "OPTIONS sip:b SIP/2.0\r\n";
  for (const auto& [lines, first] : std::array<std::pair<std::string_view, std::string_view>, 5>{{
           {"Supported: 100rel, path\r\n", "100rel"},
           {"Supported:\r\nSupported: path\r\n", "path"},
           {"k: \r\nSubject: s\r\nSupported:\r\nk: timer\r\nk: path\r\n", "timer"},
           {"Supported:\r\n", ""},
           {"Supported:\r\nk:\r\n", ""},
       }}) {
    CAPTURE(lines);
    const auto message = Message::parse(std::string(head) + std::string(lines) + "\r\n");
    REQUIRE(message);
    const auto value = message->get<Supported>();
    const auto view = message->view<Supported>();
    REQUIRE(value);
    REQUIRE(view);
    CHECK(value->has_value() == !first.empty());
    CHECK(view->has_value() == !first.empty());
    if (*value) CHECK(written(**value) == first);
    if (*view) CHECK(written(own(**view)) == first);
  }
}
