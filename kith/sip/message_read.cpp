#include <array>
#include <cstring>
#include <iterator>
#include <span>

#include "kith/base/text.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/message.h"
#include "kith/sip/scan.h"
#include "kith/sip/uri_read.h"

namespace kith::sip {

namespace {

/// Where a line of the header section lies.
struct LinePlaces {
  const char* name;
  const char* name_end;
  const char* colon;
  const char* end;
};

/// All of an entry but its hash; the value goes from `value` to `value_end`.
[[gnu::always_inline]] inline void fill(HeaderEntry& entry, const char* text, const char* name,
                                        const char* name_end, const char* value,
                                        const char* value_end) {
  entry.name = static_cast<std::uint32_t>(name - text);
  entry.name_length = static_cast<std::uint32_t>(name_end - name);
  entry.value = static_cast<std::uint32_t>(value - text);
  entry.value_length = static_cast<std::uint32_t>(value_end - value);
}

/// Of any line whose name is there; its value is without the blanks around it.
void fill(HeaderEntry& entry, const char* text, const LinePlaces& line) {
  const char* value = line.colon + 1;
  const char* end = line.end;
  while (value < end && is_blank(*value)) ++value;
  while (end > value && is_blank(end[-1])) --end;
  entry.hash = hash_in_line(line.name, line.name_end);
  fill(entry, text, line.name, line.name_end, value, end);
}

/// Whether a line is as nearly all are: a name that is no compact one, the colon, one blank, and a
/// value without blanks around it.
[[gnu::always_inline]] inline bool is_usual(const char* name, const char* colon, const char* end) {
  constexpr std::size_t least = 2;
  constexpr std::string_view separator = ": ";
  return static_cast<std::size_t>(colon - name) - least <= header_name_length_max - least &&
         std::memcmp(colon, separator.data(), separator.size()) == 0 && colon[2] > ' ' &&
         end[-1] > ' ';
}

}  // namespace

Result<Message> Message::parse(std::string bytes, Mode mode) {
  Result<Message> result(std::in_place);
  result->bytes_ = std::move(bytes);
  result->mode_ = mode;
  result->changed_ = false;
  if (const std::optional<Error> error = result->read_all()) result = std::unexpected(*error);
  return result;
}

bool Message::allow(std::string_view rule, std::string_view where, std::size_t offset) {
  if (mode_ == Mode::strict) return false;
  diagnostics_.add({rule, where, offset});
  return true;
}

std::optional<Error> Message::read_all() {
  if (bytes_.size() > message_size_max + header_section_size_max)
    return Error{Fault::too_long, "message", message_size_max};
  original_ = static_cast<std::uint32_t>(bytes_.size());
  std::size_t start = 0;
  while (start < original_ && (bytes_[start] == '\r' || bytes_[start] == '\n'))
    ++start;  // RFC 3261 §7.5
  return start == 0 ? read_usual_lines() : read_lines(start);
}

/// A section of usual size, whose lines are plain and end in CR LF; or read_lines() reads it.
std::optional<Error> Message::read_usual_lines() {
  const std::string_view text{bytes_.data(), original_};
  std::array<std::uint32_t, line_feeds_max> feeds;  // only the first found.count mean anything
  const LineFeeds found = find_ends(text, feeds, word_ends_.room());
  const std::size_t lines = found.count - 2;  // less the start line and the empty one
  if (found.stop != LineFeeds::Stop::empty_line || lines > HeaderIndex::inline_max)
    return read_lines(0);
  const std::size_t section_size = feeds[found.count - 1] + 1;
  word_ends_.keep(section_size);
  const WordEnds word_ends = word_ends_.around(0);
  HeaderIndex::Filler filler(index_);
  const char* const bytes = text.data();
  const char* name = bytes + feeds[0] + 1;
  while (filler.size() != lines) {
    const char* const colon = word_ends.next(bytes, name);
    const char* const end = bytes + feeds[filler.size() + 1] - 1;
    if (is_usual(name, colon, end)) [[likely]] {
      fill(filler.next(), bytes, name, colon, colon + 2, end);
      filler.keep(hash_in_line(name, colon));
    } else {
      const auto length = static_cast<std::size_t>(colon - name);
      if (length - 1 >= header_name_length_max || *colon != ':') return read_lines(0);
      fill(filler.next(), bytes, {name, colon, colon, end});
      filler.keep();
    }
    name = end + 2;
  }
  if (!read_usual_request_line(feeds[0] - 1U))
    if (const auto error = read_start_line(0, feeds[0] - 1U)) return error;
  filler.done();
  cut_body(section_size);
  return std::nullopt;
}

std::optional<Error> Message::read_lines(std::size_t start) {
  index_ = {};
  const std::size_t section_max = start + header_section_size_max;
  std::size_t at = start;
  std::array<Line, 32> lines;  // only the first found.count mean anything
  bool first = true;
  Lines found;
  do {
    found = scan_lines(std::string_view{bytes_}.substr(0, original_), at, lines);
    at = found.next;
    for (const Line& line : std::span{lines}.first(found.count)) {
      if (line.end > section_max) return Error{Fault::too_long, "header section", section_max};
      if (line.lf_only || line.bare_cr)
        if (const auto error = judge(line)) return error;
      const auto error = first ? read_start_line(line.begin, line.end) : read_line(line);
      if (error) return error;
      first = false;
    }
  } while (found.stop == Lines::Stop::full);
  if (at > section_max + 2) return Error{Fault::too_long, "header section", section_max};
  if (first) return Error{Fault::missing, "start line", at};
  if (found.stop == Lines::Stop::text_ended) return Error{Fault::malformed, "header section", at};
  cut_body(at);
  return std::nullopt;
}

/// Line ends that are not CR LF: RFC 3261 §7
std::optional<Error> Message::judge(const Line& line) {
  if (line.bare_cr) return Error{Fault::malformed, "header section", line.begin};
  if (!allow("line ended by LF alone", "header section", line.end))
    return Error{Fault::malformed, "header section", line.end};
  return std::nullopt;
}

/// The usual Request-Line, all of the text before `end`, whose method is a word; false, with
/// nothing taken, for any other.
[[gnu::always_inline]] inline bool Message::read_usual_request_line(std::size_t end) {
  constexpr std::string_view version = " SIP/2.0";
  const char* const line = bytes_.data();
  const char* const method_end = word_ends_.around(0).next(line, line);
  const char* const uri = method_end + 1;
  const char* const line_end = line + end;
  if (method_end == line || *method_end != ' ' || uri >= line_end || *uri == '\t') return false;
  const void* const found = std::memchr(uri, ' ', static_cast<std::size_t>(line_end - uri));
  if (found == nullptr) return false;
  const char* const uri_end = static_cast<const char*>(found);
  const auto length = static_cast<std::size_t>(uri_end - uri);
  if (length - 1 >= request_uri_length_max || line_end - uri_end != std::ssize(version) ||
      std::memcmp(uri_end, version.data(), version.size()) != 0)
    return false;
  method_ = {0, static_cast<std::uint32_t>(method_end - line)};
  uri_ = {static_cast<std::uint32_t>(uri - line), static_cast<std::uint32_t>(length)};
  return true;
}

/// Request-Line = Method SP Request-URI SP SIP-Version CRLF: RFC 3261 §7.1
std::optional<Error> Message::read_start_line(std::size_t begin, std::size_t end) {
  const std::string_view line{bytes_.data() + begin, end - begin};
  Scanner in = word_ends_.around(begin) ? Scanner(word_ends_.around(begin), bytes_.data(), line,
                                                  mode_, "start line", &diagnostics_)
                                        : Scanner(line, mode_, "start line", &diagnostics_, begin);
  if (in.peek() == 'S' || in.peek() == 's')
    if (in.keyword("SIP/")) return read_status_line(in);
  const auto here = [this, &in] {
    return static_cast<std::uint32_t>(in.position() - bytes_.data());
  };
  const auto space = [&in] {
    return in.next(' ') && (!in.space() || in.allow("more than one blank"));
  };
  std::string_view method;
  if (!in.token(method) || !space()) return in.error();
  method_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(method.size())};
  uri_.offset = here();
  const std::string_view rest = in.rest();
  const std::size_t length = rest.find(' ');
  if (length == 0 || length == std::string_view::npos) return in.error();
  if (length > request_uri_length_max) return Error{Fault::too_long, "Request-URI", uri_.offset};
  uri_.length = static_cast<std::uint32_t>(length);
  in.skip(length);
  if (in.rest() == " SIP/2.0") return std::nullopt;
  if (!space() || !in.keyword("SIP/")) return in.error();
  if (!in.keyword("2.0")) return Error{Fault::unsupported, "SIP-Version", here()};
  if (in.space() && !in.allow("blank after the start line")) return in.error();
  if (!in.at_end()) return in.error();
  return std::nullopt;
}

/// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF: RFC 3261 §7.2
std::optional<Error> Message::read_status_line(Scanner& in) {
  const auto here = [this, &in] {
    return static_cast<std::uint32_t>(in.position() - bytes_.data());
  };
  if (!in.keyword("2.0")) return Error{Fault::unsupported, "SIP-Version", here()};
  std::uint16_t status = 0;
  if (!in.next(' ') || !in.number(status) || status < 100 || status > 699) return in.error();
  if (!in.next(' ') && !(in.at_end() && in.allow("no blank after the status"))) return in.error();
  status_ = static_cast<std::int16_t>(status);
  reason_ = {here(), static_cast<std::uint32_t>(in.rest().size())};
  return std::nullopt;
}

/// message-header = field-name HCOLON [ field-value ] CRLF: RFC 3261 §7.3.1
std::optional<Error> Message::read_line(const Line& line) {
  const char* const bytes = bytes_.data();
  if (is_blank(bytes[line.begin])) return fold(line);
  std::uint32_t name_end = line.colon;
  while (name_end > line.begin && is_blank(bytes[name_end - 1])) --name_end;
  const std::uint32_t length = name_end - line.begin;
  if (line.colon == line.end || length == 0)
    return Error{Fault::malformed, "header line", line.begin};
  if (length > header_name_length_max) return Error{Fault::too_long, "header line", line.begin};
  if (token_chars.run_end(bytes + line.begin, bytes + name_end) != bytes + name_end)
    return Error{Fault::malformed, "header line", line.begin};
  if (index_.size() == headers_max) return Error{Fault::too_many, "header section", line.begin};
  HeaderEntry entry;
  fill(entry, bytes, {bytes + line.begin, bytes + name_end, bytes + line.colon, bytes + line.end});
  index_.push_back(entry);
  return std::nullopt;
}

/// A line that begins with a blank continues the value before it: RFC 3261 §7.3.1. The unfolded
/// value is put behind the bytes that were read, so that these stay as they are.
std::optional<Error> Message::fold(const Line& line) {
  if (index_.size() == 0) return Error{Fault::malformed, "header line", line.begin};
  diagnostics_.add({"folded line", "header section", line.begin});
  const std::string_view more = trim(slice({line.begin, line.end - line.begin}));
  HeaderEntry& entry = index_.back();
  if (bytes_.size() > original_ + 2 * header_section_size_max)
    return Error{Fault::too_long, "header section", line.begin};
  if (entry.value < original_) {
    const std::string value{slice({entry.value, entry.value_length})};
    const std::string continued{more};
    entry.value = static_cast<std::uint32_t>(bytes_.size());
    bytes_.append(value).append(value.empty() || continued.empty() ? "" : " ").append(continued);
  } else {
    const std::string continued{more};
    bytes_.append(continued.empty() ? "" : " ").append(continued);
  }
  entry.value_length = static_cast<std::uint32_t>(bytes_.size() - entry.value);
  return std::nullopt;
}

/// What follows the body in a datagram is no part of the message: RFC 3261 §18.3
void Message::cut_body(std::size_t from) {
  body_ = {static_cast<std::uint32_t>(from), original_ - static_cast<std::uint32_t>(from)};
  const HeaderEntry* const entry = index_.first(key_of<ContentLength>, bytes_.data());
  if (entry == nullptr) {
    diagnostics_.add({"no Content-Length", "header section", from});
    return;
  }
  ContentLength length;
  if (!may_be_usual(entry->value) || !read_usual(cursor_at(entry->text()), length)) {
    Scanner in = scanner_at(*entry, ContentLength::name.full, nullptr);
    const auto odd = ContentLength::parse(in);
    if (!odd || !in.at_end()) return;
    length = *odd;
  }
  if (length.bytes >= body_.length) return;
  diagnostics_.add({"bytes after the body", "body", from + length.bytes});
  body_.length = static_cast<std::uint32_t>(length.bytes);
  // What was read ends here, unless unfolded values have been put behind it.
  original_ = body_.offset + body_.length;
}

Result<UriView> Message::request_uri_view() const {
  Result<UriView> result(std::in_place, detail::ByItsMembers{});
  if (may_be_usual(uri_.offset)) {
    Cursor usual = cursor_at(uri_);
    if (detail::read_usual_uri(usual, *result) && usual.at_end()) return result;
  }
  return UriView::parse(request_uri(), mode_);
}

}  // namespace kith::sip
