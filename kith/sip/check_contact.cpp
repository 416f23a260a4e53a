#include <array>

#include "kith/base/text.h"
#include "kith/sip/check_report.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/record_route.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/to.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

/// RFC 3261 §20.10: the wildcard stands alone in a REGISTER that removes all bindings.
void check_wildcard(Report& report, const std::vector<Contact>& contacts) {
  const auto expires = report.first<Expires>();
  const bool alone = contacts.size() == 1;
  if (report.message.method() != "REGISTER" || !alone || !expires || expires->seconds != 0)
    report.fault(report.at<Contact>(Fault::malformed), "RFC 3261 §10.2.2",
                 "\"*\" stands alone, in a REGISTER with Expires: 0");
}

/// Whether the Contact of this message is where the dialog's next request goes.
bool is_target(const Report& report) {
  const Message& message = report.message;
  const bool success = message.status() >= 200 && message.status() < 300;
  if (!message.is_request() && !success) return false;
  constexpr std::string_view target_refresh = "ISNFU";
  const char method = letter_of(report.method());
  return method != '\0' && target_refresh.contains(method) && !(method == 'N' && success);
}

void check_target(Report& report, const std::vector<Contact>& contacts) {
  if (contacts.size() > 1)
    report.fault(report.at<Contact>(Fault::too_many), "RFC 3261 §8.1.1.8",
                 "exactly one where a dialog is made or refreshed", 400);
  for (const Contact& each : contacts)
    if (!each.wildcard && !each.uri.is_sip())
      report.fault(report.at<Contact>(Fault::unsupported), "RFC 3261 §8.1.1.8",
                   "neither a SIP nor a SIPS URI", 400);
}

/// RFC 3261 §8.1.1.8, §12.1.1: where the way to a peer is secured, the way back is too.
void check_secured(Report& report, const std::vector<Contact>& contacts) {
  const auto scheme_of = [](const auto& header) {
    return header ? header->uri.scheme : std::string_view{};
  };
  const Message& message = report.message;
  const std::string_view top = message.is_request() ? scheme_of(report.first<Route>())
                                                    : scheme_of(report.first<RecordRoute>());
  const auto uri = UriView::parse(message.request_uri());
  if (top != "sips" && !(message.is_request() && uri && uri->scheme == "sips")) return;
  for (const Contact& each : contacts)
    if (each.uri.scheme == "sip")
      report.lapse(report.at<Contact>(Fault::malformed), "RFC 3261 §8.1.1.8",
                   "no SIPS URI, though the request went to one");
}

template <Header H>
void check_components(Report& report, UriContext context) {
  bool all_allowed = true;
  const auto look = [&](const typename H::View& view) {
    all_allowed = all_allowed && !component_out_of_place(view.uri, context);
  };
  if (report.message.each<H>(look) && !all_allowed)
    report.note(report.at<H>(Fault::forbidden), "RFC 3261 §19.1.1",
                "its URI has a component that is ignored here");
}

}  // namespace

void check_contacts(Report& report) {
  const auto contacts = report.message.all<Contact>();
  if (!contacts || contacts->empty()) return;
  for (const Contact& each : *contacts) {
    if (!each.wildcard) continue;
    check_wildcard(report, *contacts);
    break;
  }
  if (is_target(report)) {
    check_target(report, *contacts);
    check_secured(report, *contacts);
  }
}

void check_uris(Report& report) {
  const int status = report.message.status();
  const bool binding = report.method() == "REGISTER" || (status >= 300 && status < 400);
  check_components<From>(report, UriContext::from_or_to);
  check_components<To>(report, UriContext::from_or_to);
  check_components<Contact>(report, binding ? UriContext::binding : UriContext::dialog);
  check_components<Route>(report, UriContext::dialog);
  check_components<RecordRoute>(report, UriContext::dialog);
}

}  // namespace kith::sip
