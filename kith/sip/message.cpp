#include "kith/sip/message.h"

#include "kith/sip/header/call_id.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/ms_keep_alive.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

template <Header H>
std::optional<Error> check_present(const Message& message) {
  const auto found = message.view<H>();
  if (!found) return found.error();
  if (!*found) return Error{Fault::missing, H::name.full};
  return std::nullopt;
}

template <Header H>
std::optional<Error> check_if_present(const Message& message) {
  const auto found = message.view<H>();
  return found ? std::nullopt : std::optional{found.error()};
}

std::optional<Error> check_body(const Message& message) {
  const auto length = message.view<ContentLength>();
  if (!length) return length.error();
  if (*length && (*length)->bytes > message.body().size())
    return Error{Fault::malformed, ContentLength::name.full};
  return std::nullopt;
}

std::optional<Error> check_request(const Message& message) {
  const auto uri = UriView::parse(message.request_uri(), message.mode());
  if (!uri) return Error{uri.error().fault, "Request-URI", uri.error().offset};
  const auto cseq = message.view<CSeq>();
  if (cseq && *cseq && (*cseq)->method != message.method())
    return Error{Fault::malformed, CSeq::name.full};
  return std::nullopt;
}

}  // namespace

std::optional<Error> check(const Message& message) {
  constexpr std::array checks{check_present<Via>,
                              check_present<From>,
                              check_present<To>,
                              check_present<CallId>,
                              check_present<CSeq>,
                              check_if_present<MaxForwards>,
                              check_if_present<MsKeepAlive>,
                              check_body};
  for (const auto each : checks)
    if (const auto error = each(message)) return error;
  return message.is_request() ? check_request(message) : std::nullopt;
}

int status_of(const Error& error) {
  if (error.where == "SIP-Version") return 505;
  if (error.where == "scheme") return 416;
  if (error.fault == Fault::too_long) {
    if (error.where == "Request-URI") return 414;
    return error.where == "body" ? 413 : 513;
  }
  if (error.fault == Fault::too_many && error.where == "header section") return 513;
  if (error.fault == Fault::forbidden) return 403;
  return 400;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Trying";
    case 180:
      return "Ringing";
    case 181:
      return "Call Is Being Forwarded";
    case 182:
      return "Queued";
    case 183:
      return "Session Progress";
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Notification";
    case 300:
      return "Multiple Choices";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Moved Temporarily";
    case 305:
      return "Use Proxy";
    case 380:
      return "Alternative Service";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 407:
      return "Proxy Authentication Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Conditional Request Failed";
    case 413:
      return "Request Entity Too Large";
    case 414:
      return "Request-URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Unsupported URI Scheme";
    case 420:
      return "Bad Extension";
    case 421:
      return "Extension Required";
    case 422:
      return "Session Interval Too Small";
    case 423:
      return "Interval Too Brief";
    case 430:
      return "Flow Failed";
    case 439:
      return "First Hop Lacks Outbound Support";
    case 480:
      return "Temporarily Unavailable";
    case 481:
      return "Call/Transaction Does Not Exist";
    case 482:
      return "Loop Detected";
    case 483:
      return "Too Many Hops";
    case 484:
      return "Address Incomplete";
    case 485:
      return "Ambiguous";
    case 486:
      return "Busy Here";
    case 487:
      return "Request Terminated";
    case 488:
      return "Not Acceptable Here";
    case 489:
      return "Bad Event";
    case 491:
      return "Request Pending";
    case 493:
      return "Undecipherable";
    case 494:
      return "Security Agreement Required";
    case 500:
      return "Server Internal Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Server Time-out";
    case 505:
      return "Version Not Supported";
    case 513:
      return "Message Too Large";
    case 600:
      return "Busy Everywhere";
    case 603:
      return "Decline";
    case 604:
      return "Does Not Exist Anywhere";
    case 606:
      return "Not Acceptable";
    default:
      break;
  }
  constexpr std::array<std::string_view, 7> of_class{"",
                                                     "Session Progress",
                                                     "OK",
                                                     "Multiple Choices",
                                                     "Bad Request",
                                                     "Server Internal Error",
                                                     "Busy Everywhere"};
  return status >= 100 && status < 700 ? of_class[static_cast<std::size_t>(status / 100)] : "";
}

}  // namespace kith::sip
