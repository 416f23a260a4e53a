#include "tools/kith/lint_judge.h"

#include <algorithm>
#include <array>

#include "kith/base/text.h"
#include "kith/base/utf8.h"
#include "kith/sip/any_header.h"

namespace kith::tool {

namespace {

using sip::Field;
using sip::Message;
using sip::Problem;
using sip::Weight;

/// The field that a byte of the message stands in: the last that begins before it.
std::optional<Field> field_at(const Message& message, std::size_t offset) {
  std::optional<Field> found;
  for (std::size_t i = 0; i < message.field_count(); ++i)
    if (const Field field = message.field(i); field.offset <= offset) found = field;
  return found;
}

/// Where the byte of an unfolded value stands in the lines that it was folded into: these were
/// trimmed, and put together with a blank between.
std::size_t folded_place(std::string_view bytes, std::size_t value_begin, std::size_t position) {
  std::size_t at = value_begin;
  while (true) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::size_t first = std::min(bytes.find_first_not_of(" \t", at), end);
    std::string_view line = bytes.substr(first, end - first);
    while (line.ends_with('\r') || line.ends_with(' ') || line.ends_with('\t'))
      line.remove_suffix(1);
    const bool last = end + 1 >= bytes.size() || !std::string_view{" \t"}.contains(bytes[end + 1]);
    if (position <= line.size() || last) return first + std::min(position, line.size());
    position -= line.size() + (line.empty() ? 0U : 1U);
    at = end + 1;
  }
}

/// Offsets of what was read from unfolded values count from the name of their header.
std::size_t place_in(std::string_view bytes, const Message& message, std::size_t offset) {
  const std::optional<Field> field = field_at(message, offset);
  if (!field || bytes.substr(field->offset, field->name.size()) != field->name ||
      bytes.substr(field->offset, field->value.size()) == field->value)
    return std::min(offset, bytes.size());
  const std::size_t colon = bytes.find(':', field->offset);
  return folded_place(bytes, colon + 1, offset - field->offset);
}

/// The findings stay in the order of the text.
void merge(std::vector<Finding>& findings, const std::vector<Problem>& problems,
           std::optional<Weight> Finding::* weight) {
  const auto offset = [](const Finding& finding) { return finding.error.offset; };
  for (const Problem& each : problems) {
    auto same = std::ranges::find_if(findings, [&each](const Finding& finding) {
      return finding.error == each.error && finding.rule == each.rule && finding.what == each.what;
    });
    if (same == findings.end()) {
      const auto place = std::ranges::upper_bound(findings, each.error.offset, {}, offset);
      same = findings.insert(place, {.error = each.error, .rule = each.rule, .what = each.what});
    }
    (*same).*weight = each.weight;
    same->status = std::max(same->status, each.status);
  }
}

Verdict verdict_of(const std::vector<Problem>& problems) {
  const Problem* const fault = sip::first_fault(problems);
  return {.accepted = fault == nullptr, .status = fault == nullptr ? 0 : fault->status};
}

std::vector<TypedHeader> headers_of(const Message& message) {
  std::vector<TypedHeader> headers;
  for (std::size_t i = 0; i < message.field_count(); ++i) {
    const Field field = message.field(i);
    sip::ReadHeader read = sip::read_header(field.name, field.value, message.mode());
    headers.push_back({.name = read.name.empty() ? std::string{field.name} : std::move(read.name),
                       .known = read.known,
                       .values = std::move(read.values)});
  }
  return headers;
}

/// In words that fit better, where the library has one for several faults.
std::string_view more_exactly(const Problem& problem, std::string_view bytes,
                              const Result<Message>& message) {
  constexpr auto numbers = std::to_array<std::string_view>(
      {"Content-Length", "Expires", "Max-Forwards", "Min-Expires", "RSeq"});
  const std::size_t offset = problem.error.offset;
  if (!message) {
    const bool is_lf = problem.error.where == "header section" && offset < bytes.size() &&
                       bytes[offset] == '\n' && (offset == 0 || bytes[offset - 1] != '\r');
    return is_lf ? "line ended by LF alone" : problem.what;
  }
  if (problem.error.fault != Fault::malformed ||
      std::ranges::find(numbers, problem.error.where) == numbers.end())
    return problem.what;
  const std::optional<Field> field = field_at(*message, offset);
  if (!field || field->value.empty() ||
      field->value.find_first_not_of("0123456789") != std::string_view::npos)
    return problem.what;
  return problem.error.where == "Max-Forwards" ? "is above 255" : "is too big a number";
}

std::vector<Problem> placed(std::vector<Problem> problems, std::string_view bytes,
                            const Result<Message>& message) {
  for (Problem& each : problems) {
    each.what = more_exactly(each, bytes, message);
    const bool in_header = message && sip::known_header(each.error.where) != nullptr;
    each.error.offset = in_header ? place_in(bytes, *message, each.error.offset)
                                  : std::min(each.error.offset, bytes.size());
  }
  return problems;
}

}  // namespace

std::vector<Problem> problems_of(std::string_view bytes, Mode mode) {
  const Result<Message> message = Message::parse(std::string{bytes}, mode);
  return placed(message ? sip::check(*message) : sip::check(bytes, mode), bytes, message);
}

Judgement judge(std::string_view bytes, Readings readings) {
  Judgement judgement;
  if (readings != Readings::strict) {
    const std::vector<Problem> problems = problems_of(bytes, Mode::lenient);
    merge(judgement.findings, problems, &Finding::lenient);
    judgement.lenient = verdict_of(problems);
  }
  if (readings != Readings::lenient) {
    const std::vector<Problem> problems = problems_of(bytes, Mode::strict);
    merge(judgement.findings, problems, &Finding::strict);
    judgement.strict = verdict_of(problems);
  }
  const Mode mode = readings == Readings::strict ? Mode::strict : Mode::lenient;
  if (Result<Message> message = Message::parse(std::string{bytes}, mode)) {
    judgement.headers = headers_of(*message);
    judgement.message = *std::move(message);
  }
  return judgement;
}

LineColumn line_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  LineColumn place;
  place.line += static_cast<std::size_t>(std::ranges::count(before, '\n'));
  const std::size_t line_end = before.rfind('\n');
  std::string_view line = before.substr(line_end == std::string_view::npos ? 0 : line_end + 1);
  while (!line.empty()) {
    line.remove_prefix(std::max<std::size_t>(utf8_front(line), 1));
    ++place.column;
  }
  return place;
}

}  // namespace kith::tool
