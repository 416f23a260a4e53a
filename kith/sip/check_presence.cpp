#include <array>

#include "kith/sip/check_report.h"

namespace kith::sip {

namespace {

/// What must be there: in requests (0, 0) or in responses, of these methods; "" stands for all.
struct Need {
  std::string_view header;
  char compact = '\0';
  std::string_view rule;
  std::int16_t from = 0;
  std::int16_t to = 0;
  std::string_view methods = {};
  int status = 400;
};
// clang-format off
constexpr auto needs = std::to_array<Need>({
    {"Contact",            'm',  "RFC 3261 §8.1.1.8",    0,   0, "I"},
    {"Event",              'o',  "RFC 3265 §7.2",        0,   0, "SN"},
    {"Event",              'o',  "RFC 3903 §6",          0,   0, "P", 489},
    {"Contact",            'm',  "RFC 3265 §7.1",        0,   0, "SN"},
    {"Subscription-State", '\0', "RFC 3265 §7.2",        0,   0, "N"},
    {"Refer-To",           'r',  "RFC 3515 §2.4.1",      0,   0, "F"},
    {"Contact",            'm',  "RFC 3515 §2",          0,   0, "F"},
    {"Contact",            'm',  "RFC 3311 §5.1",        0,   0, "U"},
    {"RAck",               '\0', "RFC 3262 §7.2",        0,   0, "K"},
    {"Contact",            'm',  "RFC 3261 §12.1.1",   200, 299, "I"},
    {"Contact",            'm',  "RFC 3265 §7.1",      200, 299, "S"},
    {"Contact",            'm',  "RFC 3265 §7.1",      300, 399, "SN"},
    {"Expires",            '\0', "RFC 3265 §3.1.1",    200, 299, "S"},
    {"Contact",            'm',  "RFC 3515 §2.2",      200, 299, "F"},
    {"Contact",            'm',  "RFC 3311 §5.2",      200, 299, "U"},
    {"SIP-ETag",           '\0', "RFC 3903 §6",        200, 299, "P"},
    {"Expires",            '\0', "RFC 3903 §6",        200, 299, "P"},
    {"WWW-Authenticate",   '\0', "RFC 3261 §20.44",    401, 401},
    {"Allow",              '\0', "RFC 3261 §20.5",     405, 405},
    {"Proxy-Authenticate", '\0', "RFC 3261 §20.27",    407, 407},
    {"Unsupported",        '\0', "RFC 3261 §20.40",    420, 420},
    {"Require",            '\0', "RFC 3261 §21.4.16",  421, 421},
    {"Min-SE",             '\0', "RFC 4028 §6",        422, 422},
    {"Min-Expires",        '\0', "RFC 3261 §20.23",    423, 423},
    {"Recv-Info",          '\0', "RFC 6086 §7.1",      469, 469, "G"},
    {"Allow-Events",       'u',  "RFC 3265 §7.2",      489, 489},
});
// clang-format on

bool covers(const Need& need, int status) { return status >= need.from && status <= need.to; }

void check_needs(Report& report) {
  const char method = letter_of(report.method());
  for (const Need& need : needs) {
    if (!covers(need, report.message.status())) continue;
    if (!need.methods.empty() && (method == '\0' || !need.methods.contains(method))) continue;
    if (report.count(need.header, need.compact) == 0)
      report.lapse({Fault::missing, need.header}, need.rule,
                   report.message.is_request() ? "this method needs one" : "this answer needs one",
                   need.status);
  }
}

/// Headers that can be there once, and only with a method or without another header.
void check_lone(Report& report) {
  const std::string_view method = report.message.method();
  if (method == "REFER" && report.count("Refer-To", 'r') > 1)
    report.fault(report.at(Fault::duplicate, "Refer-To", 'r'), "RFC 3515 §2.4.2", "exactly one",
                 400);
  const std::size_t replaces = report.count("Replaces");
  if (replaces == 0 || !report.message.is_request()) return;
  const Error error = report.at(Fault::forbidden, "Replaces");
  if (method != "INVITE") report.fault(error, "RFC 3891 §3", "stands only in an INVITE", 400);
  if (replaces > 1) report.fault(error, "RFC 3891 §3", "may be there only once", 400);
  if (report.count("Join") > 0) report.fault(error, "RFC 3891 §3", "contradicts Join", 400);
}

}  // namespace

void check_presence(Report& report) {
  check_needs(report);
  check_lone(report);
}

}  // namespace kith::sip
