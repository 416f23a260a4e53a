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

TEST_CASE("RFC 3261 §27.4: the codes that later RFCs registered have the phrases of the registry") {
  struct Registered {
    int status;
    int code;
    std::string_view phrase;
  };
  constexpr Registered all[] = {
      {status_code::early_dialog_terminated, 199, "Early Dialog Terminated"},
      {status_code::no_notification, 204, "No Notification"},
      {status_code::unknown_resource_priority, 417, "Unknown Resource-Priority"},
      {status_code::session_interval_too_small, 422, "Session Interval Too Small"},
      {status_code::bad_location_information, 424, "Bad Location Information"},
      {status_code::use_identity_header, 428, "Use Identity Header"},
      {status_code::provide_referrer_identity, 429, "Provide Referrer Identity"},
      {status_code::flow_failed, 430, "Flow Failed"},
      {status_code::anonymity_disallowed, 433, "Anonymity Disallowed"},
      {status_code::bad_identity_info, 436, "Bad Identity Info"},
      {status_code::unsupported_credential, 437, "Unsupported Credential"},
      {status_code::invalid_identity_header, 438, "Invalid Identity Header"},
      {status_code::first_hop_lacks_outbound_support, 439, "First Hop Lacks Outbound Support"},
      {status_code::max_breadth_exceeded, 440, "Max-Breadth Exceeded"},
      {status_code::bad_info_package, 469, "Bad Info Package"},
      {status_code::consent_needed, 470, "Consent Needed"},
      {status_code::security_agreement_required, 494, "Security Agreement Required"},
      {status_code::precondition_failure, 580, "Precondition Failure"},
      {status_code::unwanted, 607, "Unwanted"},
      {status_code::rejected, 608, "Rejected"},
  };
  for (const Registered& each : all) {
    CAPTURE(each.code);
    CHECK(each.status == each.code);
    CHECK(reason_phrase(each.status) == each.phrase);
  }
}
