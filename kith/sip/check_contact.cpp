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
  constexpr std::string_view target_refresh = "ISNFU";
  const char method = letter_of(report.method());
  if (method == '\0' || !target_refresh.contains(method)) return false;
  const int status = report.message.status();
  if (report.message.is_request()) return true;
  const bool early = method == 'I' && status > 100 && status < 200;
  return early || (method != 'N' && status >= 200 && status < 300);
}

/// Whether a request of this method may have a Contact that is not ignored: RFC 3261 §20, and what
/// was added to its tables.
bool may_have_contact(std::string_view method) {
  constexpr std::string_view never = "BCGKMP";
  const char letter = letter_of(method);
  return letter == '\0' || !never.contains(letter);
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

void demand_sips(Report& report, const std::vector<Contact>& contacts, std::string_view rule) {
  for (const Contact& each : contacts)
    if (each.uri.scheme == "sip")
      report.lapse(report.at<Contact>(Fault::malformed), rule,
                   "no SIPS URI, though the request went to one");
}

template <Header H>
bool begins_with_sips(const Report& report) {
  const auto top = report.first<H>();
  return top && top->uri.scheme == "sips";
}

/// Where the way to a peer is secured, the way back is too: of any request by RFC 3261 §8.1.1.8,
/// of what answers where a dialog is made by RFC 3261 §12.1.1.
void check_secured(Report& report, const std::vector<Contact>& contacts) {
  const Message& message = report.message;
  if (!message.is_request()) {
    if (is_target(report) && begins_with_sips<RecordRoute>(report))
      demand_sips(report, contacts, "RFC 3261 §12.1.1");
    return;
  }
  if (!may_have_contact(message.method())) return;
  const auto uri = UriView::parse(message.request_uri());
  if (begins_with_sips<Route>(report) || (uri && uri->scheme == "sips"))
    demand_sips(report, contacts, "RFC 3261 §8.1.1.8");
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
  if (is_target(report)) check_target(report, *contacts);
  check_secured(report, *contacts);
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
