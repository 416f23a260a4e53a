#include "kith/sip/method.h"

#include <doctest/doctest.h>

#include "kith/sip/message.h"
#include "kith/sip/status_code.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("RFC 3261 §7.1: the methods are tokens that a start line may begin with") {
  for (const std::string_view each :
       {method::ack, method::bye, method::cancel, method::invite, method::options,
        method::register_, method::info, method::message, method::notify, method::prack,
        method::publish, method::refer, method::subscribe, method::update}) {
    CAPTURE(each);
    CHECK(Message::request(each, "sip:a.example").method() == each);
  }
}

TEST_CASE("RFC 3261 §21: the status codes are those that have a phrase of their own") {
  CHECK(reason_phrase(status_code::busy_here) == "Busy Here");
  CHECK(reason_phrase(status_code::request_uri_too_long) == "Request-URI Too Long");
  CHECK(reason_phrase(status_code::server_timeout) == "Server Time-out");
  CHECK(status_code::session_not_acceptable == 606);
  CHECK(reason_phrase(499) == "Bad Request");
  CHECK(reason_phrase(700) == "");
}
