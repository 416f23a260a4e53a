#include <algorithm>
#include <array>

#include "kith/base/ensure.h"
#include "kith/sip/any_header.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/message.h"

// Headers by name and by line, and what compares whole messages.

namespace kith::sip {

namespace {

/// Finds what is so named, full or compact. A name that is known is written as its RFC spells it.
HeaderKey key_named(std::string_view name) {
  const HeaderName* const known = known_header(name);
  if (known == nullptr) return {name};
  return {known->full, known->compact, known->multi};
}

/// The end, or a comma where there may be more.
bool value_ends(Scanner& in, const HeaderName& name) {
  in.blanks();
  return in.at_end() || (name.multi && in.peek() == ',');
}

}  // namespace

void Message::add(std::string_view name, std::string_view value) {
  add_text(key_named(name), std::string{value});
}

void Message::set(std::string_view name, std::string_view value) {
  set_text(key_named(name), std::string{value});
}

void Message::prepend(std::string_view name, std::string_view value) {
  prepend_text(key_named(name), std::string{value});
}

void Message::replace_first(std::string_view name, std::string_view value) {
  replace_first_text(key_named(name), std::string{value});
}

void Message::replace_last(std::string_view name, std::string_view value) {
  replace_last_text(key_named(name), std::string{value});
}

void Message::remove(std::string_view name) { remove_all(key_named(name)); }
void Message::remove_first(std::string_view name) { replace_first_text(key_named(name), {}); }
void Message::remove_last(std::string_view name) { replace_last_text(key_named(name), {}); }

bool Message::has(std::string_view name) const { return first_line(name).has_value(); }

std::string_view Message::text(std::string_view name) const {
  const std::optional<std::size_t> at = first_line(name);
  return at ? value_at(*at) : std::string_view{};
}

std::vector<std::string_view> Message::texts(std::string_view name) const {
  const HeaderKey key = key_named(name);
  const char* const bytes = bytes_.data();
  std::vector<std::string_view> values;
  std::size_t at = index_.find(key, bytes);
  for (; at != HeaderIndex::none; at = index_.find(key, bytes, at + 1))
    values.push_back(value_at(at));
  return values;
}

Result<std::size_t> Message::take_each(const HeaderName& name, Diagnostics* diagnostics,
                                       TakeValue take, void* there) const {
  return take_each({name.full, name.compact, name.multi}, name, diagnostics, take, there);
}

// What every() does in message_inline.h, once for all headers; that one is compiled for each, since
// views are read for each message that passes.
Result<std::size_t> Message::take_each(const HeaderKey& key, const HeaderName& name,
                                       Diagnostics* diagnostics, TakeValue take,
                                       void* there) const {
  const char* const bytes = bytes_.data();
  std::size_t count = 0;
  std::size_t at = index_.find(key, bytes);
  for (; at != HeaderIndex::none; at = index_.find(key, bytes, at + 1)) {
    if (!name.multi && !name.repeats && count > 0)
      return refuse(Fault::duplicate, name.full, offset_at(at));
    Scanner in = scanner_at(index_[at], name.full, diagnostics);
    if (name.may_be_empty && in.at_end()) continue;
    if (name.multi && in.peek() == ',' &&
        !(in.allow("empty list element") && detail::skip_commas(in)))
      return std::unexpected(in.error());
    do {
      if (++count > values_max) return refuse(Fault::too_many, name.full, offset_at(at));
      if (!take(in, there) || !value_ends(in, name) || !detail::skip_commas(in))
        return std::unexpected(in.error());
    } while (!in.at_end());
  }
  return count;
}

std::optional<std::size_t> Message::first_line(const HeaderKey& key) const {
  const std::size_t at = index_.find(key, bytes_.data());
  return at == HeaderIndex::none ? std::nullopt : std::optional{at};
}

std::optional<std::size_t> Message::last_line(const HeaderKey& key) const {
  std::optional<std::size_t> last;
  std::size_t at = index_.find(key, bytes_.data());
  for (; at != HeaderIndex::none; at = index_.find(key, bytes_.data(), at + 1)) last = at;
  return last;
}

std::optional<std::size_t> Message::first_line(std::string_view name) const {
  return first_line(key_named(name));
}

std::optional<std::size_t> Message::last_line(std::string_view name) const {
  return last_line(key_named(name));
}

void Message::insert_text(std::size_t line, const HeaderKey& key, std::string_view value) {
  ensure(line <= index_.size());
  index_.insert(line, append_line(key, value));
}

void Message::insert(std::size_t line, std::string_view name, std::string_view value) {
  insert_text(line, key_named(name), std::string{value});
}

void Message::remove_line(std::size_t line) {
  ensure(line < index_.size());
  index_.erase(line);
  changed_ = true;
}

std::vector<std::string_view> Message::names() const {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < index_.size(); ++i)
    if (first_line(name_at(i)) == i) names.push_back(name_at(i));
  return names;
}

void Message::set_method(std::string_view method) {
  if (!is_request()) return;
  method_ = append(std::string{method});
  changed_ = true;
  if (const auto cseq = get<CSeq>(); cseq && *cseq)
    set(CSeq{.sequence = (*cseq)->sequence, .method = std::string{method}});
}

void Message::set_status(int status, std::string_view reason) {
  ensure(!is_request() && status >= 100 && status <= 699);
  status_ = static_cast<std::int16_t>(status);
  reason_ = append(std::string{reason.empty() ? reason_phrase(status) : reason});
  changed_ = true;
}

void Message::remove_body() {
  for (const std::string_view name :
       {"Content-Disposition", "Content-Encoding", "Content-ID", "Content-Language"})
    remove(name);
  set_body({}, {});
}

std::string Message::write_compact() const {
  std::string out;
  write_start_line(out);
  for (std::size_t i = 0; i < index_.size(); ++i) {
    const HeaderName* const known = known_header(name_at(i));
    if (known != nullptr && known->compact != '\0')
      out += known->compact;
    else
      out += name_at(i);
    out.append(": ").append(value_at(i)).append("\r\n");
  }
  if (!has<ContentLength>()) Writer(out) << "l: " << body().size() << "\r\n";
  return out.append("\r\n").append(body());
}

bool operator==(const Message& a, const Message& b) {
  if (a.status() != b.status() || a.method() != b.method() || a.reason() != b.reason() ||
      a.request_uri() != b.request_uri() || a.body() != b.body())
    return false;
  const auto described = [](const Message& message) {
    std::vector<std::string_view> names = message.names();
    std::erase_if(names, [](std::string_view name) {
      const HeaderName* const known = known_header(name);
      return known != nullptr && known->full == "Content-Length";
    });
    return names;
  };
  const std::vector<std::string_view> names = described(a);
  return names.size() == described(b).size() &&
         std::ranges::all_of(names, [&](std::string_view name) { return same_values(a, b, name); });
}

bool same_transaction_fields(const Message& a, const Message& b) {
  if (a.status() != b.status() || a.method() != b.method() || a.request_uri() != b.request_uri())
    return false;
  constexpr std::array fields{"Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards"};
  return std::ranges::all_of(fields,
                             [&](std::string_view name) { return same_values(a, b, name); });
}

bool identical(const Message& a, const Message& b) { return a.write() == b.write(); }

}  // namespace kith::sip
