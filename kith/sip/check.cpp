#include "kith/sip/check.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "kith/base/text.h"
#include "kith/sip/check_report.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";

/// To, From, CSeq, Call-ID, Max-Forwards and Via: all of them in a request, all but Max-Forwards in
/// a response.
void check_mandatory(Report& report) {
  const auto need = [&report]<class H>(std::type_identity<H>, std::string_view rule) {
    if (!report.message.has<H>())
      report.fault({Fault::missing, H::name.full}, rule, "every message has one");
  };
  need(std::type_identity<Via>{}, "RFC 3261 §8.1.1.7");
  need(std::type_identity<From>{}, "RFC 3261 §8.1.1.3");
  need(std::type_identity<To>{}, "RFC 3261 §8.1.1.2");
  need(std::type_identity<CallId>{}, "RFC 3261 §8.1.1.4");
  need(std::type_identity<CSeq>{}, "RFC 3261 §8.1.1.5");
  // RFC 3261 §16.6 lets a proxy add the one that is missing, so it is missed by nobody in practice.
  if (report.message.is_request() && !report.message.has<MaxForwards>())
    report.lapse({Fault::missing, MaxForwards::name.full}, "RFC 3261 §8.1.1.6",
                 "every request has one");
}

/// The schemes that this library has a type for.
bool known_scheme(const UriView& uri) { return uri.is_sip() || uri.scheme == "tel"; }

void check_request_uri(Report& report) {
  constexpr std::string_view where = "Request-URI";
  const std::string_view text = report.message.request_uri();
  Diagnostics diagnostics;
  const auto uri = UriView::parse(text, report.message.mode(), &diagnostics);
  const std::size_t offset = report.message.method().size() + 1;
  if (!uri) {
    report.fault({uri.error().fault, where, offset + uri.error().offset}, "RFC 3261 §7.1",
                 "no URI, or one between brackets or with blanks");
    return;
  }
  for (const Leniency& each : diagnostics)
    report.note({Fault::malformed, where, offset + each.offset}, "RFC 3261 §25.1", each.rule);
  if (!known_scheme(*uri)) {
    report.fault({Fault::unsupported, where, offset}, "RFC 3261 §8.2.2.1",
                 "of a scheme that is not known", 416);
    return;
  }
  if (component_out_of_place(*uri, UriContext::request_uri))
    report.lapse({Fault::forbidden, where, offset}, "RFC 3261 §19.1.1",
                 "has headers or a method, which are for URIs outside of messages");
}

void check_cseq(Report& report) {
  const auto cseq = report.first<CSeq>();
  if (report.message.is_request() && cseq && cseq->method != report.message.method())
    report.fault(report.at<CSeq>(Fault::malformed), "RFC 3261 §8.1.1.5",
                 "of another method than the request");
}

void check_body(Report& report) {
  const Message& message = report.message;
  const auto length = report.first<ContentLength>();
  if (length && length->bytes > message.body().size())
    report.fault(report.at<ContentLength>(Fault::malformed), "RFC 3261 §18.3",
                 "more bytes than there are");
  if (!message.body().empty() && !message.has<ContentType>())
    report.lapse({Fault::missing, ContentType::name.full}, "RFC 3261 §20.15", "a body has a type");
}

/// RFC 3261 §8.1.1.7: branch = "z9hG4bK" and something behind it that is unique.
void check_branch(Report& report) {
  const auto via = report.first<Via>();
  if (!via) return;
  constexpr std::string_view rule = "RFC 3261 §8.1.1.7";
  const std::string_view branch = via->branch().value_or("");
  if (branch.empty())
    report.note(report.at<Via>(Fault::missing), rule, "no branch: of RFC 2543");
  else if (!branch.starts_with(magic_cookie))
    report.note(report.at<Via>(Fault::malformed), rule, "a branch of RFC 2543");
  else if (branch.size() == magic_cookie.size())
    report.lapse(report.at<Via>(Fault::malformed), rule, "a branch that tells nothing apart");
}

/// Tags of From and To: RFC 3261 §8.1.1.2, §8.1.1.3, §8.2.6.2
void check_tags(Report& report) {
  const Message& message = report.message;
  const auto from = report.first<From>();
  if (from && !from->tag())
    report.lapse(report.at<From>(Fault::missing), "RFC 3261 §8.1.1.3", "no tag: of RFC 2543");
  const auto to = report.first<To>();
  if (!to) return;
  constexpr std::array only_in_dialogs{"BYE", "PRACK", "UPDATE", "INFO"};
  const bool in_dialog =
      std::ranges::find(only_in_dialogs, message.method()) != only_in_dialogs.end();
  if (message.is_request() && in_dialog && !to->tag())
    report.lapse(report.at<To>(Fault::missing), "RFC 3261 §12.2.1.1",
                 "no tag, in a request that stands only in dialogs", 481);
  if (message.method() == "REGISTER" && to->tag())
    report.note(report.at<To>(Fault::forbidden), "RFC 3261 §10.2", "a tag outside of dialogs");
  if (message.status() > 100 && !to->tag())
    report.lapse(report.at<To>(Fault::missing), "RFC 3261 §8.2.6.2",
                 "every response but 100 has a tag");
}

/// What may not be required of who cannot refuse; it is ignored there.
template <Header H>
void check_required(Report& report) {
  const std::string_view method = report.message.method();
  if ((method == "ACK" || method == "CANCEL") && report.message.has<H>())
    report.note(report.at<H>(Fault::forbidden), "RFC 3261 §8.2.2.3", "ignored in ACK and CANCEL");
}

/// What the start line, the line ends and the framing needed to be read.
void note_leniencies(Report& report) {
  for (const Leniency& each : report.message.diagnostics())
    report.note({Fault::malformed, each.where, each.offset}, "RFC 3261 §7", each.rule);
}

}  // namespace

std::vector<Problem> check(const Message& message) {
  Report report(message);
  check_mandatory(report);
  check_headers(report);
  check_cseq(report);
  check_body(report);
  check_branch(report);
  check_tags(report);
  if (message.is_request()) {
    check_request_uri(report);
    check_required<Require>(report);
    check_required<ProxyRequire>(report);
  }
  check_contacts(report);
  check_uris(report);
  check_presence(report);
  check_extensions(report);
  check_places(report);
  note_leniencies(report);
  return std::move(report.problems);
}

std::vector<Problem> check(std::string_view bytes, Mode mode) {
  const Result<Message> message = Message::parse(std::string{bytes}, mode);
  if (message) return check(*message);
  const bool response = bytes.starts_with("SIP/");
  return {Problem{.error = message.error(),
                  .rule = "RFC 3261 §7",
                  .what = "no message",
                  .weight = Weight::fault,
                  .status = response ? 0 : status_of(message.error())}};
}

const Problem* first_fault(const std::vector<Problem>& problems) {
  const auto found = std::ranges::find(problems, Weight::fault, &Problem::weight);
  return found == problems.end() ? nullptr : &*found;
}

Report::Report(const Message& checked) : message(checked), method_(checked.method()) {
  if (checked.is_request()) return;
  if (const auto cseq = first<CSeq>()) method_ = cseq->method;
}

void Report::fault(const Error& error, std::string_view rule, std::string_view what, int status) {
  problems.push_back({.error = error,
                      .rule = rule,
                      .what = what,
                      .weight = Weight::fault,
                      .status = message.is_request() ? status : 0});
}

void Report::note(const Error& error, std::string_view rule, std::string_view what) {
  problems.push_back(
      {.error = error, .rule = rule, .what = what, .weight = Weight::note, .status = 0});
}

void Report::lapse(const Error& error, std::string_view rule, std::string_view what, int status) {
  if (strict())
    fault(error, rule, what, status);
  else
    note(error, rule, what);
}

bool is_named(std::string_view field, std::string_view name, char compact) {
  if (field.size() == 1) return compact != '\0' && to_lower(field.front()) == compact;
  return equal_ignoring_case(field, name);
}

std::size_t Report::count(std::string_view name, char compact) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < message.field_count(); ++i)
    if (is_named(message.field(i).name, name, compact)) ++count;
  return count;
}

Error Report::at(Fault fault, std::string_view name, char compact) const {
  for (std::size_t i = 0; i < message.field_count(); ++i)
    if (const Field field = message.field(i); is_named(field.name, name, compact))
      return {fault, name, field.offset};
  return {fault, name};
}

char letter_of(std::string_view method) {
  struct Letter {
    std::string_view method;
    char letter;
  };
  constexpr auto letters = std::to_array<Letter>({
      {"ACK", 'A'},
      {"BYE", 'B'},
      {"CANCEL", 'C'},
      {"INVITE", 'I'},
      {"OPTIONS", 'O'},
      {"REGISTER", 'R'},
      {"PRACK", 'K'},
      {"UPDATE", 'U'},
      {"REFER", 'F'},
      {"MESSAGE", 'M'},
      {"SUBSCRIBE", 'S'},
      {"NOTIFY", 'N'},
      {"INFO", 'G'},
      {"PUBLISH", 'P'},
  });
  const auto* const known = std::ranges::find(letters, method, &Letter::method);
  return known == letters.end() ? '\0' : known->letter;
}

}  // namespace kith::sip
