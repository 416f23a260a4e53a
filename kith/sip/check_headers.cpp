#include <algorithm>
#include <array>

#include "kith/sip/any_header.h"
#include "kith/sip/check_report.h"

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
void check_header(Report& report, const HeaderType& type) {
  const HeaderName& name = type.name;
  if (!report.message.has(name.full)) return;
  Diagnostics diagnostics;
  const Result<AnyHeaders> values = type.all(report.message, &diagnostics);
  for (const Leniency& each : diagnostics)
    report.note({Fault::malformed, each.where, each.offset}, section_of(each.where), each.rule);
  if (values) return;
  report_unreadable(report, values.error());
  if (values.error().fault != Fault::duplicate && !name.multi && !name.repeats &&
      report.count(name.full, name.compact) > 1)
    report_unreadable(report, report.at(Fault::duplicate, name.full, name.compact));
}

}  // namespace

void check_headers(Report& report) {
  for (const HeaderType& type : header_types()) check_header(report, type);
}

}  // namespace kith::sip
