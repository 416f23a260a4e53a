#include <algorithm>
#include <array>

#include "kith/sip/check_report.h"
#include "kith/sip/headers.h"

namespace kith::sip {

namespace {

/// Headers that a request cannot be answered or routed without: malformed, they are faults even
/// where others are ignored, as RFC 3261 §8.2.2 has it.
constexpr auto needed = std::to_array<std::string_view>({
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Max-Forwards",
    "Content-Length",
    "Contact",
    "Route",
    "Record-Route",
    "Require",
    "Proxy-Require",
    "Event",
    "Subscription-State",
    "Refer-To",
    "RAck",
    "Replaces",
    "Join",
    "ms-keep-alive",
});

bool is_needed(std::string_view name) { return std::ranges::find(needed, name) != needed.end(); }

void report_unreadable(Report& report, const Error& error) {
  const std::string_view rule = section_of(error.where);
  const std::string_view what =
      error.fault == Fault::duplicate ? "may be there only once" : "does not follow its grammar";
  if (is_needed(error.where))
    report.fault(error, rule, what);
  else
    report.lapse(error, rule, what, status_of(error));
}

/// Reads every value of one header, as a receiver that needs it would.
template <Header H>
void check_header(Report& report) {
  if (!report.message.has<H>()) return;
  Diagnostics diagnostics;
  const auto values = report.message.all<H>(diagnostics);
  for (const Leniency& each : diagnostics)
    report.note({Fault::malformed, each.where, each.offset}, section_of(each.where), each.rule);
  if (values) return;
  report_unreadable(report, values.error());
  if (values.error().fault != Fault::duplicate && !H::name.multi && !H::name.repeats &&
      report.count<H>() > 1)
    report_unreadable(report, report.at<H>(Fault::duplicate));
}

template <class... H>
void check_each(Report& report, TypeList<H...>) {
  (check_header<H>(report), ...);
}

}  // namespace

void check_headers(Report& report) { check_each(report, AllHeaders{}); }

}  // namespace kith::sip
