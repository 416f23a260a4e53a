#include <algorithm>
#include <array>

#include "kith/sip/header/call_id.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"

namespace kith::sip {

namespace {

/// Where the first value of a list ends: at a comma outside quotes and angle
/// brackets.
std::size_t first_value_length(std::string_view list) {
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '<' || c == '>') {
      bracketed = c == '<';
    } else if (c == ',' && !bracketed) {
      return i;
    }
  }
  return list.size();
}

/// The value without blanks around semicolons, except in quotes and angle
/// brackets.
std::string without_blanks_at_semicolons(std::string_view value) {
  std::string out;
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool plain = !quoted && !bracketed;
    if (plain && c == ';')
      while (!out.empty() && is_blank(out.back())) out.pop_back();
    if (plain && is_blank(c) && !out.empty() && out.back() == ';') continue;
    out += c;
    if (quoted && c == '\\' && i + 1 < value.size())
      out += value[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '<' || c == '>'))
      bracketed = c == '<';
  }
  return out;
}

/// Hardly any text has one.
void without_line_ends(char* begin, char* end) {
  const std::string_view text{begin, end};
  if (text.contains('\r') || text.contains('\n')) [[unlikely]]
    std::replace_if(begin, end, [](char c) { return c == '\r' || c == '\n'; }, ' ');
}

bool has_blank_at_semicolon(std::string_view value) {
  std::size_t at = value.find(';');
  for (; at != std::string_view::npos; at = value.find(';', at + 1))
    if ((at > 0 && is_blank(value[at - 1])) || (at + 1 < value.size() && is_blank(value[at + 1])))
      return true;
  return false;
}

/// Whether a parameter may be put behind this value of From or To: its address
/// is in brackets, and what follows them is no separator without a parameter.
bool takes_param(std::string_view value) {
  const std::size_t bracket = value.rfind('>');
  return bracket != std::string_view::npos && value.back() != ';' && !is_blank(value.back());
}

bool is_token(std::string_view text) {
  return token_chars.run_end(text.data(), text.data() + text.size()) == text.data() + text.size();
}

/// Whether the line of a header stands in the buffer as it is written: name,
/// colon, blank, value, and CR LF. Those that were read usually do, those that
/// were put in always.
bool stands_as_written(const HeaderEntry& entry, std::string_view bytes) {
  const std::size_t end = std::size_t{entry.value} + entry.value_length;
  return entry.value == entry.name + entry.name_length + 2 && end + 2 <= bytes.size() &&
         bytes[entry.value - 2] == ':' && bytes[entry.value - 1] == ' ' && bytes[end] == '\r' &&
         bytes[end + 1] == '\n';
}

}  // namespace

Message Message::request(std::string_view method, std::string_view uri) {
  Message message;
  message.bytes_.reserve(512);
  message.method_ = message.append(method);
  message.bytes_.append(" ");
  message.uri_ = message.append(uri);
  message.bytes_.append(" SIP/2.0\r\n");
  return message;
}

Message Message::response(const Message& request, int status, std::string_view reason) {
  Message message;
  message.bytes_.reserve(512);
  message.status_ = static_cast<std::int16_t>(std::clamp(status, 100, 699));
  Writer(message.bytes_) << "SIP/2.0 " << static_cast<std::uint32_t>(message.status_) << ' ';
  message.reason_ = message.append(reason.empty() ? reason_phrase(status) : reason);
  message.bytes_.append("\r\n");
  message.copy_lines(request, key_of<Via>);
  message.copy_lines(request, key_of<From>);
  message.copy_lines(request, key_of<To>);
  message.copy_lines(request, key_of<CallId>);
  message.copy_lines(request, key_of<CSeq>);
  if (message.status_ == 100) message.copy_lines(request, {"Timestamp"});
  return message;
}

void Message::copy_lines(const Message& from, const HeaderKey& key) {
  const char* const bytes = from.bytes_.data();
  std::size_t at = from.index_.find(key, bytes);
  for (; at != HeaderIndex::none; at = from.index_.find(key, bytes, at + 1)) {
    const std::string_view value = from.value_at(at);
    index_.push_back(has_blank_at_semicolon(value)
                         ? append_line(key, without_blanks_at_semicolons(value))
                         : append_line(key, value));
  }
}

/// Puts text behind all others: each that becomes part of a line, in whatever way, comes through
/// here or append_line(). Line ends become blanks, so that no text makes a line of its own
/// (docs/decisions/0014).
Slice Message::append(std::string_view text) {
  const Slice where{static_cast<std::uint32_t>(bytes_.size()),
                    static_cast<std::uint32_t>(text.size())};
  bytes_.append(text);
  without_line_ends(bytes_.data() + where.offset, bytes_.data() + bytes_.size());
  return where;
}

HeaderEntry Message::append_line(const HeaderKey& key, std::string_view value) {
  const std::size_t begin = bytes_.size();
  const std::size_t value_begin = begin + key.full.size() + 2;
  const std::size_t line_end = value_begin + value.size();
  // The size that is told may be more than what was asked for: libstdc++ 12 says its capacity.
  bytes_.resize_and_overwrite(line_end + 2, [&](char* text, std::size_t) {
    key.full.copy(text + begin, key.full.size());
    text[value_begin - 2] = ':';
    text[value_begin - 1] = ' ';
    value.copy(text + value_begin, value.size());
    without_line_ends(text + begin, text + line_end);
    text[line_end] = '\r';
    text[line_end + 1] = '\n';
    return line_end + 2;
  });
  changed_ = true;
  return {key.hash, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(value_begin),
          static_cast<std::uint32_t>(value.size()), static_cast<std::uint32_t>(key.full.size())};
}

void Message::set_text(const HeaderKey& key, std::string_view value) {
  const HeaderEntry entry = append_line(key, value);
  const std::size_t at = index_.find(key, bytes_.data());
  if (at == HeaderIndex::none) {
    index_.push_back(entry);
    return;
  }
  index_.replace(at, entry);
  remove_all(key, at + 1);
}

void Message::add_text(const HeaderKey& key, std::string_view value) {
  const HeaderEntry entry = append_line(key, value);
  std::size_t last = HeaderIndex::none;
  std::size_t at = index_.find(key, bytes_.data());
  for (; at != HeaderIndex::none; at = index_.find(key, bytes_.data(), at + 1)) last = at;
  index_.insert(last == HeaderIndex::none ? index_.size() : last + 1, entry);
}

void Message::prepend_text(const HeaderKey& key, std::string_view value) {
  const HeaderEntry entry = append_line(key, value);
  const std::size_t at = index_.find(key, bytes_.data());
  index_.insert(at == HeaderIndex::none ? 0 : at, entry);
}

/// One line of two pieces, of which one or both may be empty; then there is no
/// line.
void Message::replace_line(std::size_t at, const HeaderKey& key, std::string_view before,
                           std::string_view after) {
  changed_ = true;
  if (before.empty() && after.empty()) return index_.erase(at);
  if (after.empty()) return index_.replace(at, append_line(key, before));
  std::string line{before};
  if (!before.empty()) line += ", ";
  line += after;
  index_.replace(at, append_line(key, line));
}

void Message::replace_first_text(const HeaderKey& key, std::string_view value) {
  const std::optional<std::size_t> at = first_line(key);
  if (!at) {
    if (!value.empty()) add_text(key, value);
    return;
  }
  const bool alone = !key.multi || !value_at(*at).contains(',');
  if (alone) return replace_line(*at, key, value, {});
  const std::string old{value_at(*at)};
  const std::size_t first = first_value_length(old);
  replace_line(*at, key, value,
               trim(std::string_view{old}.substr(std::min(first + 1, old.size()))));
}

void Message::replace_last_text(const HeaderKey& key, std::string_view value) {
  const std::optional<std::size_t> at = last_line(key);
  if (!at) {
    if (!value.empty()) add_text(key, value);
    return;
  }
  const std::string old{value_at(*at)};
  std::size_t others = 0;  // what stands before the last comma
  if (key.multi) {
    std::size_t comma = first_value_length(old);
    while (comma < old.size()) {
      others = comma;
      comma += 1 + first_value_length(std::string_view{old}.substr(comma + 1));
    }
  }
  replace_line(*at, key, trim(std::string_view{old}.substr(0, others)), value);
}

void Message::remove_all(const HeaderKey& key, std::size_t from) {
  std::size_t at = index_.find(key, bytes_.data(), from);
  for (; at != HeaderIndex::none; at = index_.find(key, bytes_.data(), at)) {
    index_.erase(at);
    changed_ = true;
  }
}

Field Message::field(std::size_t i) const { return {name_at(i), value_at(i), offset_at(i)}; }

void Message::set_request_uri(std::string_view uri) {
  uri_ = append(std::string{uri});
  changed_ = true;
}

void Message::set_to_tag(std::string_view tag) {
  const std::optional<std::size_t> line = first_line(key_of<To>);
  if (!line) return;
  const std::string_view value = value_at(*line);
  const Result<std::optional<ToView>> to = view<To>();
  const bool understood = to && *to;
  // A To that is not understood is answered as it stands.
  if (!understood || (!(*to)->tag() && takes_param(value) && is_token(tag))) {
    std::string tagged;
    tagged.reserve(value.size() + tag.size() + 5);
    return set_text(key_of<To>, tagged.append(value).append(";tag=").append(tag));
  }
  To changed = own(**to);
  changed.params.set("tag", tag);
  set(changed);
}

void Message::set_body(std::string_view content_type, std::string_view body) {
  const std::string own{body};  // it may be a part of these bytes
  body_ = {static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(own.size())};
  bytes_.append(own);
  if (own.empty())
    remove<ContentType>();
  else
    set_text(key_of<ContentType>, std::string{content_type});
  set(ContentLength{.bytes = own.size()});
}

std::string Message::write() const {
  std::string out;
  write_to(out);
  return out;
}

void Message::write_start_line(std::string& out) const {
  if (is_request())
    out.append(method()).append(" ").append(request_uri()).append(" SIP/2.0\r\n");
  else
    Writer(out) << "SIP/2.0 " << static_cast<std::uint32_t>(status_) << ' ' << reason() << "\r\n";
}

void Message::write_to(std::string& out) const {
  if (!changed_) {
    out.append(bytes_, 0, original_);
    return;
  }
  const bool has_length = has<ContentLength>();
  std::size_t size = method_.length + uri_.length + reason_.length + body_.length + 64;
  for (std::size_t i = 0; i < index_.size(); ++i)
    size += index_[i].name_length + index_[i].value_length + 4;
  out.reserve(out.size() + size);
  write_start_line(out);
  // Lines that stand one behind the other are copied together.
  Slice lines;
  for (std::size_t i = 0; i < index_.size(); ++i) {
    const HeaderEntry& entry = index_[i];
    const bool as_written = stands_as_written(entry, bytes_);
    if (!as_written || entry.name != lines.offset + lines.length) {
      out.append(slice(lines));
      lines = {entry.name, 0};
    }
    if (as_written)
      lines.length = entry.value + entry.value_length + 2 - lines.offset;
    else
      out.append(name_at(i)).append(": ").append(value_at(i)).append("\r\n");
  }
  out.append(slice(lines));
  if (!has_length) Writer(out) << "Content-Length: " << body().size() << "\r\n";
  out.append("\r\n").append(body());
}

}  // namespace kith::sip
