#pragma once

// The templates of message.h, which includes this; nobody else does.

#include <utility>

#include "kith/sip/message.h"

namespace kith::sip {

namespace detail {

/// Becomes a value of any kind, made by the initializers of its members. What `Form()` makes is
/// cleared as a whole before they run, which for a view takes longer than filling it.
struct ByItsMembers {
  template <class Form>
  operator Form() const {
    return Form{};
  }
};

/// One value of a header, followed by the end, or by a comma where there may be more.
template <class H, class Form>
bool read_value(Scanner& in, Form& to) {
  if constexpr (requires { read(in, to); }) {
    if (!read(in, to)) return false;  // a view, made where it is wanted
  } else {
    std::optional<Form> value = Form::parse(in);
    if (!value) return false;
    to = *std::move(value);
  }
  if (in.at_end()) return true;
  in.blanks();
  return in.at_end() || (H::name.multi && in.peek() == ',');
}

/// Commas up to the next value or the end. Nothing between two of them is a leniency.
inline bool skip_commas(Scanner& in) {
  in.blanks();
  bool first = true;
  while (in.next(',')) {
    in.blanks();
    if ((!first || in.at_end()) && !in.allow("empty list element")) return false;
    first = false;
  }
  return true;
}

}  // namespace detail

template <class H, class Form>
Result<std::optional<Form>> Message::first(Diagnostics* diagnostics) const {
  // Made once, then filled.
  Result<std::optional<Form>> result(std::in_place, std::in_place, detail::ByItsMembers{});
  const HeaderEntry* const entry = index_.first(key_of<H>, bytes_.data());
  if (entry == nullptr) {
    result->reset();
    return result;
  }
  if constexpr (requires(const Cursor& in) { read_usual(in, **result); })
    if (diagnostics == nullptr && may_be_usual(entry->value) &&
        (H::name.multi || H::name.repeats || !index_.may_repeat(key_of<H>)) &&
        read_usual(cursor_at(entry->text()), **result))
      return result;
  if (const auto error = read_first<H>(*entry, *result, diagnostics))
    result = std::unexpected(*error);
  return result;
}

template <class H, class Form>
std::optional<Error> Message::read_first(const HeaderEntry& entry, std::optional<Form>& value,
                                         Diagnostics* diagnostics) const {
  if constexpr (!H::name.multi && !H::name.repeats) {
    if (index_.may_repeat(key_of<H>)) {
      const std::size_t second = index_.find(key_of<H>, bytes_.data(), index_.place_of(entry) + 1);
      if (second != HeaderIndex::none)
        return Error{Fault::duplicate, H::name.full, offset_at(second)};
    }
  }
  Scanner in = scanner_at(entry, H::name.full, diagnostics);
  if constexpr (H::name.may_be_empty)
    if (in.at_end()) {  // a line without values: the first is on a later one
      const std::size_t next = index_.find(key_of<H>, bytes_.data(), index_.place_of(entry) + 1);
      if (next != HeaderIndex::none) return read_first<H>(index_[next], value, diagnostics);
      value.reset();
      return std::nullopt;
    }
  if constexpr (H::name.multi)
    if (in.peek() == ',' && !(in.allow("empty list element") && detail::skip_commas(in)))
      return in.error();
  if (!detail::read_value<H>(in, *value)) return in.error();
  return std::nullopt;
}

template <class H, class Form, class Visit>
Result<std::size_t> Message::every(Diagnostics* diagnostics, Visit&& visit) const {
  std::size_t count = 0;
  std::size_t at = index_.find(key_of<H>, bytes_.data());
  for (; at != HeaderIndex::none; at = index_.find(key_of<H>, bytes_.data(), at + 1)) {
    if (!H::name.multi && !H::name.repeats && count > 0)
      return refuse(Fault::duplicate, H::name.full, offset_at(at));
    Scanner in = scanner_at(index_[at], H::name.full, diagnostics);
    if (H::name.may_be_empty && in.at_end()) continue;
    if (H::name.multi && in.peek() == ',' &&
        !(in.allow("empty list element") && detail::skip_commas(in)))
      return std::unexpected(in.error());
    do {
      if (++count > values_max) return refuse(Fault::too_many, H::name.full, offset_at(at));
      Form value;
      if (!detail::read_value<H>(in, value) || !detail::skip_commas(in))
        return std::unexpected(in.error());
      visit(std::move(value));
    } while (!in.at_end());
  }
  return count;
}

template <class H>
bool Message::take_last(Scanner& in, void* there) {
  auto& last = *static_cast<std::optional<H>*>(there);
  last = H::parse(in);
  return last.has_value();
}

template <class H>
bool Message::take_another(Scanner& in, void* there) {
  std::optional<H> value = H::parse(in);
  if (!value) return false;
  static_cast<std::vector<H>*>(there)->push_back(*std::move(value));
  return true;
}

template <class H>
Result<std::vector<H>> Message::collect(Diagnostics* diagnostics) const {
  std::vector<H> values;
  const Result<std::size_t> count =
      take_each(key_of<H>, H::name, diagnostics, take_another<H>, &values);
  if (!count) return std::unexpected(count.error());
  return values;
}

template <Header H>
Result<H> Message::require() const {
  Result<std::optional<H>> found = get<H>();
  if (!found) return std::unexpected(found.error());
  if (!*found) return refuse(Fault::missing, H::name.full);
  return std::move(**found);
}

template <Header H>
bool lists(const Message& message, std::string_view token) {
  bool found = false;
  const auto compare = [&found, token](const typename H::View& view) {
    found = found || equal_ignoring_case(std::get<0>(H::View::tie(view)), token);
  };
  return message.each<H>(compare) && found;
}

}  // namespace kith::sip
