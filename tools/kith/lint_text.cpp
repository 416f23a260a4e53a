#include "tools/kith/lint_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tools/kith/lint_limits.h"
#include "tools/kith/shown.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

using sip::Weight;

/// The line that holds this byte, or as much of it as fits, and a caret below the byte.
std::string excerpt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  std::size_t end = std::min(text.find('\n', begin), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  const std::size_t caret = std::clamp(offset, begin, end);
  std::vector<std::string> left = characters(text.substr(begin, caret - begin));
  std::vector<std::string> right = characters(text.substr(caret, end - caret));
  constexpr std::size_t half = limits::excerpt_width / 2;
  if (left.size() + right.size() > limits::excerpt_width) {
    if (left.size() > half) {
      left.erase(left.begin(), left.end() - static_cast<std::ptrdiff_t>(half));
      left.front() = "…";
    }
    if (right.size() > half) {
      right.resize(half);
      right.back() = "…";
    }
  }
  std::string line;
  for (const std::string& each : left) line += each;
  for (const std::string& each : right) line += each;
  return fmt::format("    {}\n    {}^\n", line, std::string(width(left), ' '));
}

std::string label(const SourceItem& item) {
  const std::string file = shown(item.file);
  const bool has_packet = item.captured && item.captured->packet > 0;
  return has_packet ? fmt::format("{}[{}]", file, item.captured->packet) : file;
}

std::string first_line(const SourceItem& item, const Judgement& judgement) {
  const std::string place = fmt::format("{}:{}: ", label(item), item.line);
  if (!judgement.message) return place + "no message\n";
  const sip::Message& message = *judgement.message;
  if (message.is_request())
    return fmt::format("{}request {} {}\n", place, shown(message.method()),
                       shown(message.request_uri()));
  return fmt::format("{}response {} {}\n", place, message.status(), shown(message.reason()));
}

std::string flow(const SourceItem& item) {
  if (!item.captured) return {};
  const capture::Place& place = *item.captured;
  return fmt::format("  {} {} {} -> {}\n", time_text(place.time), to_string(item.transport),
                     place.from.text(), place.to.text());
}

std::string headers_text(const Judgement& judgement) {
  std::size_t longest = 0;
  for (const TypedHeader& header : judgement.headers)
    longest = std::max(longest, std::min<std::size_t>(header.name.size(), 32));
  std::string text;
  for (const TypedHeader& header : judgement.headers) {
    const std::string name = shown(header.name);
    const auto add = [&](std::string_view first, std::string_view value) {
      text += fmt::format("  {:<{}}  {}\n", first, longest, value);
    };
    if (!header.known)
      add(name, fmt::format("{}  (has no type: kept as text)",
                            shown(header.values.empty() ? "" : header.values.front())));
    else if (header.values.empty())
      add(name, "-");
    for (std::size_t i = 0; header.known && i < header.values.size(); ++i)
      add(i == 0 ? name : "", shown(header.values[i]));
  }
  if (judgement.message && !judgement.message->body().empty())
    text += fmt::format("  {:<{}}  {} bytes\n", "body", longest, judgement.message->body().size());
  return text;
}

/// In the words of a compiler: an error is one for both readings, or for the only one asked.
std::string_view kind(const Finding& finding) {
  if (!finding.is_fault()) return "note";
  if (!finding.strict || !finding.lenient)
    return finding.strict ? "error, if read strictly" : "error";
  if (finding.strict == finding.lenient) return "error";
  return finding.strict == Weight::fault ? "error, if read strictly" : "error";
}

std::string finding_text(const SourceItem& item, const Finding& finding, Readings readings) {
  LineColumn place = line_column(item.bytes, finding.error.offset);
  std::string text = fmt::format("{}:{}", label(item), place.line + item.line - 1);
  if (finding.has_place()) text += fmt::format(":{}", place.column + item.gutter);
  const std::string_view weight = readings == Readings::both ? kind(finding)
                                  : finding.is_fault()       ? "error"
                                                             : "note";
  text += fmt::format(": {}: {}", weight, finding.error.where);
  if (finding.is_fault()) text += fmt::format(" {}", to_string(finding.error.fault));
  text += fmt::format(": {} [{}]", finding.what, finding.rule);
  if (finding.is_fault() && finding.status != 0)
    text += fmt::format(", answered {} {}", finding.status, sip::reason_phrase(finding.status));
  text += '\n';
  if (finding.has_place()) text += excerpt(item.bytes, finding.error.offset);
  return text;
}

std::string verdict_text(std::string_view name, const Verdict& verdict) {
  if (verdict.accepted) return fmt::format("{}: accepted", name);
  if (verdict.status == 0) return fmt::format("{}: refused", name);
  return fmt::format("{}: refused with {}", name, verdict.status);
}

}  // namespace

std::string explained(const SourceItem& item, const Judgement& judgement) {
  std::string text = first_line(item, judgement) + flow(item) + headers_text(judgement);
  const Readings readings = !judgement.strict    ? Readings::lenient
                            : !judgement.lenient ? Readings::strict
                                                 : Readings::both;
  for (const Finding& finding : judgement.findings) text += finding_text(item, finding, readings);
  if (item.framing)
    text += fmt::format("{}:1: error: {} {}: the stream cannot be cut here [RFC 3261 §18.3]\n",
                        label(item), item.framing->where, to_string(item.framing->fault));
  text += fmt::format("{}:{}: {}", label(item), item.line,
                      judgement.valid() && !item.framing ? "valid" : "not valid");
  if (judgement.strict) text += "; " + verdict_text("strict", *judgement.strict);
  if (judgement.lenient) text += "; " + verdict_text("lenient", *judgement.lenient);
  return text + "\n\n";
}

std::string explained(const std::string& file, const capture::Remark& remark) {
  std::string text = shown(file);
  if (remark.place.packet > 0) text += fmt::format("[{}]", remark.place.packet);
  text += fmt::format(": {}", remark.what);
  if (remark.bytes > 0) text += fmt::format(", {} bytes", remark.bytes);
  if (remark.place.from != Address{})
    text += fmt::format(", {} -> {}", remark.place.from.text(), remark.place.to.text());
  return text + "\n\n";
}

}  // namespace kith::tool
