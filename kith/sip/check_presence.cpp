#include <algorithm>
#include <array>

#include "kith/base/text.h"
#include "kith/sip/check_report.h"

namespace kith::sip {

namespace {

/// Where a header may stand: in requests (0, 0) or in responses from one status to another, of the
/// methods whose letters are given; letter_of() says which. Only methods that a row speaks of can
/// be missing in it: those of RFC 3261, and in `others` those that their own RFC has a word on.
struct Row {
  std::string_view header;
  char compact = '\0';
  std::string_view section;
  std::int16_t from = 0;
  std::int16_t to = 0;
  std::string_view methods;
  std::string_view others = {};  // letters of newer methods that are spoken of too
};

constexpr std::string_view core_methods = "ABCIOR";

// RFC 3261 §20, tables 2 and 3, and the tables of RFC 3262 §4, RFC 3265 §7.1 and RFC 3515 §2.2; the
// rows of one header stand together. What is "m", "o", "c", "t" or "*" there may stand, what is "-"
// is ignored by who receives it.
// clang-format off
constexpr auto rows = std::to_array<Row>({
    {"Accept",              '\0', "RFC 3261 §20.1",    0,   0, "BIOR"},
    {"Accept",              '\0', "RFC 3261 §20.1",  200, 299, "IOR"},
    {"Accept",              '\0', "RFC 3261 §20.1",  415, 415, "BIOR"},
    {"Accept-Encoding",     '\0', "RFC 3261 §20.2",    0,   0, "BIOR"},
    {"Accept-Encoding",     '\0', "RFC 3261 §20.2",  200, 299, "IOR"},
    {"Accept-Encoding",     '\0', "RFC 3261 §20.2",  415, 415, "BIOR"},
    {"Accept-Language",     '\0', "RFC 3261 §20.3",    0,   0, "BIOR"},
    {"Accept-Language",     '\0', "RFC 3261 §20.3",  200, 299, "IOR"},
    {"Accept-Language",     '\0', "RFC 3261 §20.3",  415, 415, "BIOR"},
    {"Alert-Info",          '\0', "RFC 3261 §20.4",    0,   0, "I", "SNFK"},
    {"Alert-Info",          '\0', "RFC 3261 §20.4",  180, 180, "I", "SNFK"},
    {"Allow",               '\0', "RFC 3261 §20.5",    0,   0, "BIOR"},
    {"Allow",               '\0', "RFC 3261 §20.5",  100, 699, "BIOR"},
    {"Authorization",       '\0', "RFC 3261 §20.7",    0,   0, "ABCIOR"},
    {"Call-Info",           '\0', "RFC 3261 §20.9",    0,   0, "IOR", "FK"},
    {"Call-Info",           '\0', "RFC 3261 §20.9",  100, 699, "IOR", "FK"},
    {"Contact",             'm',  "RFC 3261 §20.10",   0,   0, "AIORSNFU", "SNFUKMGP"},
    {"Contact",             'm',  "RFC 3261 §20.10", 100, 199, "ISNU", "SNFUKMGP"},
    {"Contact",             'm',  "RFC 3261 §20.10", 200, 299, "IORSNFU", "SNFUKMGP"},
    {"Contact",             'm',  "RFC 3261 §20.10", 300, 399, "BIOR"},
    {"Contact",             'm',  "RFC 3261 §20.10", 485, 485, "BIOR"},
    {"Content-Disposition", '\0', "RFC 3261 §20.11",   0, 699, "ABIOR"},
    {"Content-Encoding",    'e',  "RFC 3261 §20.12",   0, 699, "ABIOR"},
    {"Content-Language",    '\0', "RFC 3261 §20.13",   0, 699, "ABIOR"},
    {"Error-Info",          '\0', "RFC 3261 §20.18", 300, 699, "BCIOR"},
    {"Expires",             '\0', "RFC 3261 §20.19",   0, 699, "IRS", "SNK"},
    {"In-Reply-To",         '\0', "RFC 3261 §20.21",   0,   0, "I", "SNFK"},
    {"Max-Forwards",        '\0', "RFC 3261 §20.22",   0,   0, "ABCIOR"},
    {"Min-Expires",         '\0', "RFC 3261 §20.23", 423, 423, "RS", "SNF"},
    {"MIME-Version",        '\0', "RFC 3261 §20.24",   0, 699, "ABIOR"},
    {"Organization",        '\0', "RFC 3261 §20.25",   0, 699, "IORS", "SNFK"},
    {"Priority",            '\0', "RFC 3261 §20.26",   0,   0, "IS", "SNFK"},
    {"Proxy-Authenticate",  '\0', "RFC 3261 §20.27", 401, 401, "BCIOR"},
    {"Proxy-Authenticate",  '\0', "RFC 3261 §20.27", 407, 407, "BIOR"},
    {"Proxy-Authorization", '\0', "RFC 3261 §20.28",   0,   0, "ABIOR"},
    {"Proxy-Require",       '\0', "RFC 3261 §20.29",   0,   0, "ABCIOR"},
    {"Record-Route",        '\0', "RFC 3261 §20.30",   0,   0, "ABCIO", "P"},
    {"Record-Route",        '\0', "RFC 3261 §20.30", 180, 189, "BCIO", "P"},
    {"Record-Route",        '\0', "RFC 3261 §20.30", 200, 299, "BCIO", "P"},
    {"Refer-To",            'r',  "RFC 3515 §2.1",     0,   0, "F", "SNFUKMGP"},
    {"Reply-To",            '\0', "RFC 3261 §20.31",   0, 699, "I", "SNFK"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 404, 404, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 413, 413, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 480, 480, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 486, 486, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 500, 500, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 503, 503, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 600, 600, "BCIOR"},
    {"Retry-After",         '\0', "RFC 3261 §20.33", 603, 603, "BCIOR"},
    {"Route",               '\0', "RFC 3261 §20.34",   0,   0, "ABCIOR"},
    {"Server",              '\0', "RFC 3261 §20.35", 100, 699, "BCIOR"},
    {"Subject",             's',  "RFC 3261 §20.36",   0,   0, "I", "SNFK"},
    {"Supported",           'k',  "RFC 3261 §20.37",   0,   0, "BCIOR"},
    {"Supported",           'k',  "RFC 3261 §20.37", 200, 299, "BCIOR"},
    {"Unsupported",         '\0', "RFC 3261 §20.40", 420, 420, "BIOR"},
    {"Warning",             '\0', "RFC 3261 §20.43", 100, 699, "BCIOR"},
    {"WWW-Authenticate",    '\0', "RFC 3261 §20.44", 401, 401, "BIOR"},
    {"WWW-Authenticate",    '\0', "RFC 3261 §20.44", 407, 407, "BIOR"},
});

/// What defines the headers that have no row, for these may stand anywhere.
struct Section {
  std::string_view header;
  std::string_view section;
};
constexpr auto sections = std::to_array<Section>({
    {"Allow-Events",       "RFC 6665 §8.2.2"},
    {"Authentication-Info", "RFC 3261 §20.6"},
    {"Call-ID",            "RFC 3261 §20.8"},
    {"Content-Length",     "RFC 3261 §20.14"},
    {"Content-Type",       "RFC 3261 §20.15"},
    {"CSeq",               "RFC 3261 §20.16"},
    {"Date",               "RFC 3261 §20.17"},
    {"Event",              "RFC 6665 §8.2.1"},
    {"From",               "RFC 3261 §20.20"},
    {"RAck",               "RFC 3262 §7.2"},
    {"Replaces",           "RFC 3891 §6.1"},
    {"Require",            "RFC 3261 §20.32"},
    {"RSeq",               "RFC 3262 §7.1"},
    {"SIP-ETag",           "RFC 3903 §11.3.1"},
    {"SIP-If-Match",       "RFC 3903 §11.3.2"},
    {"Subscription-State", "RFC 6665 §8.2.3"},
    {"Timestamp",          "RFC 3261 §20.38"},
    {"To",                 "RFC 3261 §20.39"},
    {"User-Agent",         "RFC 3261 §20.41"},
    {"Via",                "RFC 3261 §20.42"},
});

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
    {"Allow-Events",       'u',  "RFC 3265 §7.2",      489, 489},
});
// clang-format on

bool covers(const auto& row, int status) { return status >= row.from && status <= row.to; }

/// Whether the receiver of this message ignores such a header.
bool is_ignored(const Report& report, const Field& field, const Row*& row) {
  const char method = letter_of(report.method());
  if (method == '\0') return false;
  const auto named = [&field](const Row& each) {
    return is_named(field.name, each.header, each.compact);
  };
  const auto* const first = std::ranges::find_if(rows, named);
  const auto* const last = std::find_if_not(first, rows.end(), named);
  if (first == last) return false;
  row = first;
  const int status = report.message.status();
  const auto speaks = [&](const Row& each) {
    return core_methods.contains(method) || each.others.contains(method);
  };
  if (std::none_of(first, last, speaks)) return false;
  return std::none_of(first, last, [&](const Row& each) {
    return covers(each, status) && (each.methods.contains(method) || !speaks(each));
  });
}

void check_places(Report& report) {
  for (std::size_t i = 0; i < report.message.field_count(); ++i) {
    const Field field = report.message.field(i);
    const Row* row = nullptr;
    if (is_ignored(report, field, row))
      report.note({Fault::forbidden, row->header, field.offset}, row->section,
                  "has no meaning here: ignored");
  }
}

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

std::string_view section_of(std::string_view name) {
  const auto* const row = std::ranges::find(rows, name, &Row::header);
  if (row != rows.end()) return row->section;
  const auto* const known = std::ranges::find(sections, name, &Section::header);
  return known == sections.end() ? "RFC 3261 §25.1" : known->section;
}

void check_presence(Report& report) {
  check_needs(report);
  check_lone(report);
  check_places(report);
}

}  // namespace kith::sip
