#include "tools/kith/trace.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "kith/base/scanner.h"
#include "kith/base/utf8.h"

namespace kith::tool {

namespace {

using Direction = TraceRecord::Direction;

constexpr std::string_view sent_mark = ">>> ";
constexpr std::string_view received_mark = "<<< ";
constexpr std::string_view note_mark = "  = ";

// What stands before a line of a message says how the line ends there.
constexpr std::string_view crlf_gutter = "  |";
constexpr std::string_view lf_gutter = "  :";
constexpr std::string_view no_end_gutter = "  .";

/// "\x5c" of a byte that is spelt out; nothing of any other text.
std::optional<char> spelt_byte(std::string_view text) {
  if (text.size() < 4 || !text.starts_with("\\x") || !hex_digits[text[2]] || !hex_digits[text[3]])
    return std::nullopt;
  const auto value = [](char c) {
    return c <= '9' ? c - '0' : (static_cast<unsigned char>(c) | 0x20) - 'a' + 10;
  };
  return static_cast<char>(value(text[2]) * 16 + value(text[3]));
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return (first < 0x20 && first != '\t') || first == 0x7f ||
         (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

void write_line(std::string& out, std::string_view gutter, std::string_view line) {
  out += gutter;
  if (!line.empty()) out += ' ';
  while (!line.empty()) {
    const std::size_t size = utf8_front(line);
    const bool spelt = size == 0 || is_control(line.substr(0, size)) || spelt_byte(line);
    if (spelt)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(line.front()));
    else
      out += line.substr(0, size);
    line.remove_prefix(spelt ? 1 : size);
  }
  out += '\n';
}

std::string read_line(std::string_view line) {
  std::string bytes;
  while (!line.empty()) {
    const std::optional<char> spelt = spelt_byte(line);
    bytes += spelt.value_or(line.front());
    line.remove_prefix(spelt ? 4 : 1);
  }
  return bytes;
}

std::optional<int> fixed_number(Scanner& in, std::size_t digits_wanted) {
  int value = 0;
  for (std::size_t i = 0; i < digits_wanted; ++i) {
    if (!digits[in.peek()]) return std::nullopt;
    value = value * 10 + (in.peek() - '0');
    in.next(in.peek());
  }
  return value;
}

/// "2026-11-21T12:00:00.250000Z", the fraction with 1 to 9 digits or left out.
std::optional<Time> time_of(std::string_view text) {
  Scanner in(text);
  std::array<int, 6> parts{};
  constexpr std::string_view behind = "--T::";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<int> part = fixed_number(in, i == 0 ? 4 : 2);
    if (!part || (i < behind.size() && !in.next(behind[i]))) return std::nullopt;
    parts[i] = *part;
  }
  std::int64_t fraction = 0;
  if (in.next('.')) {
    std::int64_t unit = 100'000'000;
    if (!digits[in.peek()]) return std::nullopt;
    for (; digits[in.peek()]; in.next(in.peek()), unit /= 10) fraction += (in.peek() - '0') * unit;
  }
  const std::chrono::year_month_day day{std::chrono::year{parts[0]},
                                        std::chrono::month{static_cast<unsigned>(parts[1])},
                                        std::chrono::day{static_cast<unsigned>(parts[2])}};
  constexpr int year_max = 2261;  // of Time
  if (!in.next('Z') || !in.at_end() || !day.ok() || parts[0] > year_max || parts[3] > 23 ||
      parts[4] > 59 || parts[5] > 60)
    return std::nullopt;
  return Time{std::chrono::sys_days{day}.time_since_epoch() + std::chrono::hours{parts[3]} +
              std::chrono::minutes{parts[4]} + std::chrono::seconds{parts[5]} +
              std::chrono::nanoseconds{fraction}};
}

std::optional<Transport> transport_of(std::string_view text) {
  for (const Transport each : {Transport::udp, Transport::tcp, Transport::tls})
    if (text == to_string(each)) return each;
  return std::nullopt;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool has_mark(std::string_view line) {
  return line.starts_with(sent_mark) || line.starts_with(received_mark);
}

/// ">>> TIME TRANSPORT FROM -> TO"
std::optional<TraceRecord> head_of(std::string_view line) {
  if (!has_mark(line)) return std::nullopt;
  TraceRecord record{.direction =
                         line.starts_with(sent_mark) ? Direction::sent : Direction::received};
  line.remove_prefix(sent_mark.size());
  const std::optional<Time> time = time_of(next_word(line));
  const std::optional<Transport> transport = transport_of(next_word(line));
  const std::optional<Address> from = address_of(next_word(line));
  const bool arrow = next_word(line) == "->";
  const std::optional<Address> to = address_of(next_word(line));
  if (!time || !transport || !from || !arrow || !to || !line.empty()) return std::nullopt;
  record.time = *time;
  record.transport = *transport;
  record.from = *from;
  record.to = *to;
  return record;
}

/// The next line of a text, without its end; perhaps it came through an editor that ends lines with
/// CR LF.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Puts a line below a head where it belongs; whether it belongs there.
bool add_line(TraceRecord& record, std::string_view line) {
  if (line.starts_with(note_mark)) {
    if (!record.note.empty()) record.note += '\n';
    record.note += read_line(line.substr(note_mark.size()));
    return true;
  }
  if (!record.note.empty()) return false;
  const std::string_view gutter = line.substr(0, crlf_gutter.size());
  const std::string_view end = gutter == crlf_gutter ? "\r\n" : gutter == lf_gutter ? "\n" : "";
  if (end.empty() && gutter != no_end_gutter) return false;
  line.remove_prefix(gutter.size());
  if (!line.empty() && line.front() != ' ') return false;
  record.bytes += read_line(line.substr(std::min<std::size_t>(1, line.size())));
  record.bytes += end;
  return true;
}

}  // namespace

TraceRecord record_of(Direction direction, const Flow& flow, Time time, std::string bytes,
                      std::string note) {
  const bool sent = direction == Direction::sent;
  return {.direction = direction,
          .time = time,
          .transport = flow.transport,
          .from = sent ? flow.local : flow.remote,
          .to = sent ? flow.remote : flow.local,
          .bytes = std::move(bytes),
          .note = std::move(note)};
}

std::string trace_text(const TraceRecord& record) {
  std::string text = fmt::format(
      "{}{} {} {} -> {}\n", record.direction == Direction::sent ? sent_mark : received_mark,
      time_text(record.time), to_string(record.transport), record.from.text(), record.to.text());
  std::string_view rest = record.bytes;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const bool crlf = end != std::string_view::npos && line.ends_with('\r');
    if (crlf) line.remove_suffix(1);
    write_line(text,
               crlf                            ? crlf_gutter
               : end != std::string_view::npos ? lf_gutter
                                               : no_end_gutter,
               line);
  }
  std::string_view note = record.note;
  while (!note.empty()) {
    const std::size_t end = std::min(note.find('\n'), note.size());
    write_line(text, note_mark.substr(0, 3), note.substr(0, end));
    note.remove_prefix(std::min(end + 1, note.size()));
  }
  return text + "\n";
}

bool is_trace(std::string_view text) {
  while (!text.empty())
    if (head_of(take_line(text))) return true;
  return false;
}

std::expected<std::vector<TracedMessage>, TraceError> read_trace(std::string_view text) {
  std::vector<TracedMessage> all;
  bool inside = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (has_mark(line)) {
      std::optional<TraceRecord> head = head_of(line);
      if (!head)
        return std::unexpected(
            TraceError{.line = number,
                       .what = "no head of a message; one is >>> 2026-11-21T12:00:00.250000Z UDP "
                               "192.0.2.1:5060 -> 192.0.2.2:5060"});
      all.push_back({.record = *std::move(head), .line = number + 1});
      inside = true;
    } else {
      inside = inside && add_line(all.back().record, line);
    }
  }
  return all;
}

std::optional<Address> address_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Scanner in(text.substr(colon + 1));
  std::uint16_t port = 0;
  if (!in.number(port) || !in.at_end()) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets != host.contains(':')) return std::nullopt;
  if (in_brackets) host = host.substr(1, host.size() - 2);
  return Address::parse_host(host, port);
}

std::string time_text(Time time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(since - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(static_cast<std::time_t>(seconds.count())), micro.count());
}

}  // namespace kith::tool
