#include <algorithm>
#include <string>
#include <vector>

#include "kith/base/text.h"
#include "kith/sip/check_report.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/min_se.h"
#include "kith/sip/header/p_asserted_identity.h"
#include "kith/sip/header/p_preferred_identity.h"
#include "kith/sip/header/reason.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/resource_priority.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/session_expires.h"

namespace kith::sip {

namespace {

constexpr std::string_view reliably = "100rel";  // RFC 3262 §8.1

/// RFC 3262 §3: a provisional response that is sent reliably has an RSeq and Require: 100rel, one
/// never without the other, and makes a dialog; RFC 3262 §4: in a 100 they mean nothing, and only
/// an INVITE asks for them.
void check_reliability(Report& report) {
  const Message& message = report.message;
  const bool required = lists<Require>(message, reliably);
  const bool numbered = message.has<RSeq>();
  if (message.is_request()) {
    if (required && message.method() != "INVITE")
      report.note(report.at<Require>(Fault::forbidden), "RFC 3262 §4",
                  "100rel is required in an INVITE only");
    return;
  }
  if (message.status() == 100 && (required || numbered))
    report.note(numbered ? report.at<RSeq>(Fault::forbidden) : report.at<Require>(Fault::forbidden),
                "RFC 3262 §4", "a 100 is never sent reliably: ignored");
  if (message.status() <= 100 || message.status() >= 200) return;
  if (required && !numbered)
    report.lapse({Fault::missing, RSeq::name.full}, "RFC 3262 §3",
                 "a response that is sent reliably has its number");
  if (numbered && !required)
    report.lapse({Fault::missing, Require::name.full}, "RFC 3262 §3",
                 "a response with an RSeq requires 100rel");
  if (numbered && required && report.method() == "INVITE" && !message.has<Contact>())
    report.lapse({Fault::missing, Contact::name.full}, "RFC 3262 §3",
                 "a response that is sent reliably makes a dialog");
}

constexpr std::uint32_t session_interval_min = 90;  // seconds; RFC 4028 §4, §5

/// RFC 4028: the interval of a session is at least what Min-SE says, which is at least 90 s.
void check_session_request(Report& report) {
  const auto least = report.first<MinSE>();
  if (least && least->seconds < session_interval_min)
    report.lapse(report.at<MinSE>(Fault::malformed), "RFC 4028 §5", "less than 90 seconds");
  const auto interval = report.first<SessionExpires>();
  if (!interval) return;
  if (interval->seconds < session_interval_min)
    report.lapse(report.at<SessionExpires>(Fault::forbidden), "RFC 4028 §4", "less than 90 seconds",
                 422);
  else if (least && interval->seconds < least->seconds)
    report.lapse(report.at<SessionExpires>(Fault::forbidden), "RFC 4028 §5", "less than Min-SE",
                 422);
}

void check_session_response(Report& report) {
  const int status = report.message.status();
  const auto least = report.first<MinSE>();
  if (status == 422 && least && least->seconds < session_interval_min)
    report.lapse(report.at<MinSE>(Fault::malformed), "RFC 4028 §5", "less than 90 seconds");
  const auto interval = report.first<SessionExpires>();
  if (!interval || status < 200 || status > 299) return;
  const auto refresher = interval->refresher();
  if (!refresher)
    report.lapse(report.at<SessionExpires>(Fault::malformed), "RFC 4028 §9",
                 "the answer says who refreshes");
  if (refresher == Refresher::uac && !lists<Require>(report.message, "timer"))
    report.lapse({Fault::missing, Require::name.full}, "RFC 4028 §9",
                 "who is to refresh must understand it: Require: timer");
}

/// RFC 3325 §9.1, §9.2: one SIP, SIPS or tel URI, or two of which one is a tel URI.
template <Header H>
void check_identities(Report& report, std::string_view rule) {
  std::size_t sip = 0;
  std::size_t tel = 0;
  std::size_t other = 0;
  const auto look = [&](const typename H::View& value) {
    if (value.uri.is_sip())
      ++sip;
    else if (equal_ignoring_case(value.uri.scheme, "tel"))
      ++tel;
    else
      ++other;
  };
  if (!report.message.each<H>(look)) return;
  if (sip + tel + other > 2)
    report.lapse(report.at<H>(Fault::too_many), rule, "no more than two identities");
  else if (sip > 1 || tel > 1)
    report.lapse(report.at<H>(Fault::duplicate), rule, "of two identities one is a telephone");
  else if (other > 0)
    report.lapse(report.at<H>(Fault::unsupported), rule, "no SIP, SIPS or tel URI", 400);
}

/// RFC 3326 §2: each protocol gives one reason. Another protocol may say that several mean
/// something, RFC 9366 §3; the two that RFC 3326 knows do not.
void check_reasons(Report& report) {
  std::size_t sip = 0;
  std::size_t q850 = 0;
  const auto look = [&](const ReasonView& value) {
    if (equal_ignoring_case(value.protocol, "SIP")) ++sip;
    if (equal_ignoring_case(value.protocol, "Q.850")) ++q850;
  };
  if (report.message.each<Reason>(look) && (sip > 1 || q850 > 1))
    report.lapse(report.at<Reason>(Fault::duplicate), "RFC 3326 §2",
                 "a protocol gives two reasons");
}

/// RFC 4412 §3.1: each namespace once in a message, in whatever case it is written.
void check_resource_priority(Report& report) {
  std::vector<std::string> seen;
  bool twice = false;
  const auto look = [&](const ResourcePriorityView& value) {
    const std::string name_space = to_lower(value.name_space);
    twice = twice || std::ranges::find(seen, name_space) != seen.end();
    seen.push_back(name_space);
  };
  if (report.message.each<ResourcePriority>(look) && twice)
    report.lapse(report.at<ResourcePriority>(Fault::duplicate), "RFC 4412 §3.1",
                 "a namespace stands there twice");
}

}  // namespace

void check_extensions(Report& report) {
  check_reliability(report);
  if (report.message.is_request())
    check_session_request(report);
  else
    check_session_response(report);
  check_resource_priority(report);
  check_identities<PAssertedIdentity>(report, "RFC 3325 §9.1");
  check_identities<PPreferredIdentity>(report, "RFC 3325 §9.2");
  check_reasons(report);
}

}  // namespace kith::sip
