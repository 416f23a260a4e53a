#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kith/base/scanner.h"

namespace kith::sip {

/// A grammar has two lifetimes: a view, whose text points into the message, and the value, which
/// owns it. Both are one template over Text; the view is what is parsed, a value is own(view).
template <class Text>
concept Owning = std::same_as<Text, std::string>;

/// A copy of every byte: no escape is undone.
inline std::string own(std::string_view text) { return std::string{text}; }

/// What holds no text needs no owner.
template <class Number>
  requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>)
Number own(Number number) {
  return number;
}

/// Member by member, as tie() lists them; one that is absent stays absent.
template <class View>
  requires requires(const View& view) {
    typename View::Value;
    View::tie(view);
  }
typename View::Value own(const View& view) {
  typename View::Value value;
  const auto put = [](auto& to, const auto& from) {
    if constexpr (requires { to.reset(); }) {
      if (from) to = own(*from);
    } else {
      to = own(from);
    }
  };
  auto to = View::Value::tie(value);
  const auto from = View::tie(view);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (put(std::get<I>(to), std::get<I>(from)), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(from)>>{});
  return value;
}

/// The parse() of a template over Text: reads the view by its free function read(), owns it if H
/// is the value.
template <class H>
std::optional<H> parse_as(Scanner& in) {
  std::optional<typename H::View> view(std::in_place);
  if (!read(in, *view)) return std::nullopt;
  if constexpr (std::same_as<H, typename H::View>)
    return view;
  else
    return own(*view);
}

/// The text of a quoted-string without its escapes.
std::string unquote(std::string_view text);

}  // namespace kith::sip
