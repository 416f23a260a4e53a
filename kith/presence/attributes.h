#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "kith/base/result.h"
#include "kith/presence/state.h"
#include "kith/xml/element.h"

namespace kith::presence {

/// All of the text as a decimal number that fits.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The attributes that the documents share. Errors name the attribute, which is why names are
// literals.
Result<std::string_view> required(const xml::Element& element, std::string_view name);
/// Absent is empty; at most text_bytes_max.
Result<std::string> text_of(const xml::Element& element, std::string_view name);
/// Of a presentity; "sip:" is put back where it is not there.
Result<std::string> uri_of(const xml::Element& element, std::string_view name);
/// The aggregate of an availability or activity: SIP-PRES-20
Result<std::uint16_t> aggregate_of(const xml::Element& element);

/// The only child of that name; without one, or with several, an error that names it.
Result<const xml::Element*> only_child(const xml::Element& element, std::string_view name);

}  // namespace kith::presence
