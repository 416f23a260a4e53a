#include <algorithm>
#include <array>

#include "kith/sip/check_report.h"

namespace kith::sip {

namespace {

/// Where a header may stand: in requests (0, 0) or in responses from one status to another, of the
/// methods whose letters are given; letter_of() says which. Of the methods in `silent`, which stand
/// in the first row of a header, no table says anything: there it may stand anywhere.
struct Row {
  std::string_view header;
  char compact = '\0';
  std::string_view section;
  std::int16_t from = 0;
  std::int16_t to = 0;
  std::string_view methods;
  std::string_view silent = {};
};

// RFC 3261 §20, tables 2 and 3, and what was added to them: PRACK by RFC 3262 §4, SUBSCRIBE and
// NOTIFY by RFC 3265 §7.1, UPDATE by RFC 3311 §7, MESSAGE by RFC 3428 §9, REFER by RFC 3515 §2.2,
// PUBLISH by RFC 3903 §11.1.1, INFO by RFC 6086 §6.1; and the tables of the headers that have come
// since. The rows of one header stand together. What is "m", "o", "c", "t" or "*" there may stand,
// what is "-" is ignored by who receives it.
// clang-format off
constexpr auto rows = std::to_array<Row>({
    {"Accept",                   '\0', "RFC 3261 §20.1",     0,   0, "BIORFGKNPSU"},
    {"Accept",                   '\0', "RFC 3261 §20.1",   200, 299, "IORGU"},
    {"Accept",                   '\0', "RFC 3261 §20.1",   415, 415, "BIORFGKMNPSU"},
    {"Accept-Encoding",          '\0', "RFC 3261 §20.2",     0,   0, "BIORFGKNPSU"},
    {"Accept-Encoding",          '\0', "RFC 3261 §20.2",   200, 299, "IORGU"},
    {"Accept-Encoding",          '\0', "RFC 3261 §20.2",   415, 415, "BIORFGKMNPSU"},
    {"Accept-Language",          '\0', "RFC 3261 §20.3",     0,   0, "BIORFGKNPSU"},
    {"Accept-Language",          '\0', "RFC 3261 §20.3",   200, 299, "IORGU"},
    {"Accept-Language",          '\0', "RFC 3261 §20.3",   415, 415, "BIORFGKMNPSU"},
    {"Accept-Resource-Priority", '\0', "RFC 4412 §3.2",    200, 200, "BCIORFGKMNPSU"},
    {"Accept-Resource-Priority", '\0', "RFC 4412 §3.2",    417, 417, "BCIORFGKMNPSU"},
    {"Alert-Info",               '\0', "RFC 3261 §20.4",     0,   0, "I"},
    {"Alert-Info",               '\0', "RFC 3261 §20.4",   180, 180, "I"},
    {"Allow",                    '\0', "RFC 3261 §20.5",     0,   0, "BIORFGKMNPSU"},
    {"Allow",                    '\0', "RFC 3261 §20.5",   100, 699, "BIORFGKMNPSU"},
    {"Allow-Events",             'u',  "RFC 6665 §8.2.2",    0,   0, "ABIORKNPS", "FGM"},
    {"Allow-Events",             'u',  "RFC 6665 §8.2.2",  200, 299, "BIORKNS"},
    {"Allow-Events",             'u',  "RFC 6665 §8.2.2",  489, 489, "NPS"},
    {"Answer-Mode",              '\0', "RFC 5373 §3",        0,   0, "I"},
    {"Answer-Mode",              '\0', "RFC 5373 §3",      200, 200, "I"},
    {"Priv-Answer-Mode",         '\0', "RFC 5373 §3",        0,   0, "I"},
    {"Priv-Answer-Mode",         '\0', "RFC 5373 §3",      200, 200, "I"},
    {"Authorization",            '\0', "RFC 3261 §20.7",     0,   0, "ABCIORFGKMNPSU"},
    {"Call-Info",                '\0', "RFC 3261 §20.9",     0, 699, "IORGMPU", "NS"},
    {"Contact",                  'm',  "RFC 3261 §20.10",    0,   0, "AIORFNSU"},
    {"Contact",                  'm',  "RFC 3261 §20.10",  100, 199, "INSU"},
    {"Contact",                  'm',  "RFC 3261 §20.10",  200, 299, "IORFNSU"},
    {"Contact",                  'm',  "RFC 3261 §20.10",  300, 399, "BIORFKMNPSU"},
    {"Contact",                  'm',  "RFC 3261 §20.10",  400, 699, "F"},
    {"Contact",                  'm',  "RFC 3261 §20.10",  485, 485, "BIORFKMNPSU"},
    {"Content-Disposition",      '\0', "RFC 3261 §20.11",    0, 699, "ABIORFGKMNPSU"},
    {"Content-Encoding",         'e',  "RFC 3261 §20.12",    0, 699, "ABIORFGKMNPSU"},
    {"Content-Language",         '\0', "RFC 3261 §20.13",    0, 699, "ABIORFGKMNPSU"},
    {"Error-Info",               '\0', "RFC 3261 §20.18",  300, 699, "BCIORFGKMNPSU"},
    {"Event",                    'o',  "RFC 6665 §8.2.1",    0,   0, "NPS", "FGM"},
    {"Expires",                  '\0', "RFC 3261 §20.19",    0, 699, "IRMPS"},
    {"Expires",                  '\0', "RFC 3261 §20.19",    0,   0, "F"},
    {"In-Reply-To",              '\0', "RFC 3261 §20.21",    0,   0, "IM", "G"},
    {"Info-Package",             '\0', "RFC 6086 §7.2",      0,   0, "G", "P"},
    {"Max-Forwards",             '\0', "RFC 3261 §20.22",    0,   0, "ABCIORFGKMNPSU"},
    {"Min-Expires",              '\0', "RFC 3261 §20.23",  423, 423, "RPS", "M"},
    {"MIME-Version",             '\0', "RFC 3261 §20.24",    0, 699, "ABIORFGKNPSU", "M"},
    {"Min-SE",                   '\0', "RFC 4028 §5",        0,   0, "IU", "FGMP"},
    {"Min-SE",                   '\0', "RFC 4028 §5",      422, 422, "IU"},
    {"Organization",             '\0', "RFC 3261 §20.25",    0, 699, "IORFMPSU"},
    {"Priority",                 '\0', "RFC 3261 §20.26",    0,   0, "IMPS"},
    {"Proxy-Authenticate",       '\0', "RFC 3261 §20.27",  401, 401, "BCIORFGKMPU", "NS"},
    {"Proxy-Authenticate",       '\0', "RFC 3261 §20.27",  407, 407, "BIORFGKMNPSU"},
    {"Proxy-Authorization",      '\0', "RFC 3261 §20.28",    0,   0, "ABIORFGKMNPSU"},
    {"Proxy-Require",            '\0', "RFC 3261 §20.29",    0,   0, "ABCIORFGKMNPSU"},
    {"RAck",                     '\0', "RFC 3262 §7.2",      0,   0, "K", "FGMP"},
    {"Record-Route",             '\0', "RFC 3261 §20.30",    0,   0, "ABCIOFGKNSU"},
    {"Record-Route",             '\0', "RFC 3261 §20.30",  180, 189, "BCIOFGKU"},
    {"Record-Route",             '\0', "RFC 3261 §20.30",  200, 299, "BCIOFGKNSU"},
    {"Record-Route",             '\0', "RFC 3261 §20.30",  401, 401, "NS"},
    {"Record-Route",             '\0', "RFC 3261 §20.30",  484, 484, "NS"},
    {"Recv-Info",                '\0', "RFC 6086 §7.3",      0,   0, "IRKU", "P"},
    {"Recv-Info",                '\0', "RFC 6086 §7.3",    100, 699, "IKU"},
    {"Recv-Info",                '\0', "RFC 6086 §7.3",    469, 469, "G"},
    {"Refer-To",                 'r',  "RFC 3515 §2.1",      0,   0, "F"},
    {"Reply-To",                 '\0', "RFC 3261 §20.31",    0, 699, "IM", "G"},
    {"Resource-Priority",        '\0', "RFC 4412 §3.1",      0,   0, "ABCIORFGKMNPSU"},
    {"Resource-Priority",        '\0', "RFC 4412 §3.1",    100, 699, "G"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  404, 404, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  413, 413, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  480, 480, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  486, 486, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  500, 500, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  503, 503, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  600, 600, "BCIORFGKMNPSU"},
    {"Retry-After",              '\0', "RFC 3261 §20.33",  603, 603, "BCIORFGKMNPSU"},
    {"Route",                    '\0', "RFC 3261 §20.34",    0,   0, "ABCIORFGKMNPSU"},
    {"RSeq",                     '\0', "RFC 3262 §7.1",    100, 199, "INS", "FGMP"},
    {"Server",                   '\0', "RFC 3261 §20.35",  100, 699, "BCIORFGKMNPSU"},
    {"Session-Expires",          'x',  "RFC 4028 §4",        0,   0, "IU", "FGMP"},
    {"Session-Expires",          'x',  "RFC 4028 §4",      200, 299, "IU"},
    {"SIP-ETag",                 '\0', "RFC 3903 §11.3.1", 200, 299, "P"},
    {"SIP-ETag",                 '\0', "RFC 5839 §6.2",      0,   0, "N"},
    {"SIP-If-Match",             '\0', "RFC 3903 §11.3.2",   0,   0, "P"},
    {"Subject",                  's',  "RFC 3261 §20.36",    0,   0, "IGMP"},
    {"Subscription-State",       '\0', "RFC 6665 §8.2.3",    0,   0, "N", "FGMP"},
    {"Supported",                'k',  "RFC 3261 §20.37",    0,   0, "BCIORFGKNPSU", "M"},
    {"Supported",                'k',  "RFC 3261 §20.37",  200, 299, "BCIORFGKNPSU"},
    {"Unsupported",              '\0', "RFC 3261 §20.40",  420, 420, "BIORFGKMNPSU"},
    {"User-to-User",             '\0', "RFC 7433 §4.1",      0,   0, "BI"},
    {"User-to-User",             '\0', "RFC 7433 §4.1",    101, 399, "BI"},
    {"Warning",                  '\0', "RFC 3261 §20.43",  100, 699, "BCIORFGKMNPSU"},
    {"Warning",                  '\0', "RFC 3261 §20.43",    0,   0, "N"},
    {"WWW-Authenticate",         '\0', "RFC 3261 §20.44",  401, 401, "BIORFGKMNPSU"},
    {"WWW-Authenticate",         '\0', "RFC 3261 §20.44",  407, 407, "BIORFGMPU", "KNS"},
});

/// What defines the headers that have no row, for these may stand anywhere.
struct Section {
  std::string_view header;
  std::string_view section;
};
constexpr auto sections = std::to_array<Section>({
    {"Authentication-Info", "RFC 3261 §20.6"},
    {"Call-ID",             "RFC 3261 §20.8"},
    {"Content-Length",      "RFC 3261 §20.14"},
    {"Content-Type",        "RFC 3261 §20.15"},
    {"CSeq",                "RFC 3261 §20.16"},
    {"Date",                "RFC 3261 §20.17"},
    {"From",                "RFC 3261 §20.20"},
    {"Replaces",            "RFC 3891 §6.1"},
    {"Require",             "RFC 3261 §20.32"},
    {"Timestamp",           "RFC 3261 §20.38"},
    {"To",                  "RFC 3261 §20.39"},
    {"User-Agent",          "RFC 3261 §20.41"},
    {"Via",                 "RFC 3261 §20.42"},
});
// clang-format on

bool covers(const Row& row, int status) { return status >= row.from && status <= row.to; }

/// Whether the receiver of this message ignores such a header.
bool is_ignored(const Report& report, const Field& field, const Row*& row) {
  const char method = letter_of(report.method());
  if (method == '\0') return false;
  const auto named = [&field](const Row& each) {
    return is_named(field.name, each.header, each.compact);
  };
  const auto* const first = std::ranges::find_if(rows, named);
  if (first == rows.end() || first->silent.contains(method)) return false;
  const auto* const last = std::find_if_not(first, rows.end(), named);
  row = first;
  const int status = report.message.status();
  return std::none_of(first, last, [method, status](const Row& each) {
    return covers(each, status) && each.methods.contains(method);
  });
}

}  // namespace

std::string_view section_of(std::string_view name) {
  const auto* const row = std::ranges::find(rows, name, &Row::header);
  if (row != rows.end()) return row->section;
  const auto* const known = std::ranges::find(sections, name, &Section::header);
  return known == sections.end() ? "RFC 3261 §25.1" : known->section;
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

}  // namespace kith::sip
