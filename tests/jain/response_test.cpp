#include <doctest/doctest.h>

#include "kith/sip/message.h"
#include "kith/sip/status_code.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("javax.sip.message.Response") {
  const Message request = Message::request("INVITE", "sip:bob@b.example");

  // Response
  Message response = Message::response(request, status_code::ringing);

  // setStatusCode(int): The reason phrase goes along.
  response.set_status(status_code::busy_here);
  // getStatusCode()
  CHECK(response.status() == 486);
  CHECK(response.reason() == "Busy Here");

  // setReasonPhrase(String)
  response.set_status(response.status(), "At lunch");
  // getReasonPhrase()
  CHECK(response.reason() == "At lunch");
}

TEST_CASE("javax.sip.message.Response: constants of provisional, success and redirection") {
  // TRYING
  CHECK(status_code::trying == 100);
  // RINGING
  CHECK(status_code::ringing == 180);
  // CALL_IS_BEING_FORWARDED
  CHECK(status_code::call_is_being_forwarded == 181);
  // QUEUED
  CHECK(status_code::queued == 182);
  // SESSION_PROGRESS
  CHECK(status_code::session_progress == 183);
  // OK
  CHECK(status_code::ok == 200);
  // ACCEPTED
  CHECK(status_code::accepted == 202);
  // MULTIPLE_CHOICES
  CHECK(status_code::multiple_choices == 300);
  // MOVED_PERMANENTLY
  CHECK(status_code::moved_permanently == 301);
  // MOVED_TEMPORARILY
  CHECK(status_code::moved_temporarily == 302);
  // USE_PROXY
  CHECK(status_code::use_proxy == 305);
  // ALTERNATIVE_SERVICE
  CHECK(status_code::alternative_service == 380);
}

TEST_CASE("javax.sip.message.Response: constants of request failure") {
  // BAD_REQUEST
  CHECK(status_code::bad_request == 400);
  // UNAUTHORIZED
  CHECK(status_code::unauthorized == 401);
  // PAYMENT_REQUIRED
  CHECK(status_code::payment_required == 402);
  // FORBIDDEN
  CHECK(status_code::forbidden == 403);
  // NOT_FOUND
  CHECK(status_code::not_found == 404);
  // METHOD_NOT_ALLOWED
  CHECK(status_code::method_not_allowed == 405);
  // NOT_ACCEPTABLE
  CHECK(status_code::not_acceptable == 406);
  // PROXY_AUTHENTICATION_REQUIRED
  CHECK(status_code::proxy_authentication_required == 407);
  // REQUEST_TIMEOUT
  CHECK(status_code::request_timeout == 408);
  // GONE
  CHECK(status_code::gone == 410);
  // CONDITIONAL_REQUEST_FAILED
  CHECK(status_code::conditional_request_failed == 412);
  // REQUEST_ENTITY_TOO_LARGE
  CHECK(status_code::request_entity_too_large == 413);
  // REQUEST_URI_TOO_LONG
  CHECK(status_code::request_uri_too_long == 414);
  // UNSUPPORTED_MEDIA_TYPE
  CHECK(status_code::unsupported_media_type == 415);
  // UNSUPPORTED_URI_SCHEME
  CHECK(status_code::unsupported_uri_scheme == 416);
  // BAD_EXTENSION
  CHECK(status_code::bad_extension == 420);
  // EXTENSION_REQUIRED
  CHECK(status_code::extension_required == 421);
  // INTERVAL_TOO_BRIEF
  CHECK(status_code::interval_too_brief == 423);
  // TEMPORARILY_UNAVAILABLE
  CHECK(status_code::temporarily_unavailable == 480);
  // CALL_OR_TRANSACTION_DOES_NOT_EXIST
  CHECK(status_code::call_or_transaction_does_not_exist == 481);
  // LOOP_DETECTED
  CHECK(status_code::loop_detected == 482);
  // TOO_MANY_HOPS
  CHECK(status_code::too_many_hops == 483);
  // ADDRESS_INCOMPLETE
  CHECK(status_code::address_incomplete == 484);
  // AMBIGUOUS
  CHECK(status_code::ambiguous == 485);
  // BUSY_HERE
  CHECK(status_code::busy_here == 486);
  // REQUEST_TERMINATED
  CHECK(status_code::request_terminated == 487);
  // NOT_ACCEPTABLE_HERE
  CHECK(status_code::not_acceptable_here == 488);
  // BAD_EVENT
  CHECK(status_code::bad_event == 489);
  // REQUEST_PENDING
  CHECK(status_code::request_pending == 491);
  // UNDECIPHERABLE
  CHECK(status_code::undecipherable == 493);
}

TEST_CASE("javax.sip.message.Response: constants of server and global failure") {
  // SERVER_INTERNAL_ERROR
  CHECK(status_code::server_internal_error == 500);
  // NOT_IMPLEMENTED
  CHECK(status_code::not_implemented == 501);
  // BAD_GATEWAY
  CHECK(status_code::bad_gateway == 502);
  // SERVICE_UNAVAILABLE
  CHECK(status_code::service_unavailable == 503);
  // SERVER_TIMEOUT
  CHECK(status_code::server_timeout == 504);
  // VERSION_NOT_SUPPORTED
  CHECK(status_code::version_not_supported == 505);
  // MESSAGE_TOO_LARGE
  CHECK(status_code::message_too_large == 513);
  // BUSY_EVERYWHERE
  CHECK(status_code::busy_everywhere == 600);
  // DECLINE
  CHECK(status_code::decline == 603);
  // DOES_NOT_EXIST_ANYWHERE
  CHECK(status_code::does_not_exist_anywhere == 604);
  // SESSION_NOT_ACCEPTABLE
  CHECK(status_code::session_not_acceptable == 606);
}
