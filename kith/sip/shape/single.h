#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// Whether upper and lower case are the same to a header.
enum class LetterCase : std::uint8_t { ignored, counts };

/// A header whose value is one piece of text, such as a token. Name says how it is taken from the
/// scanner and how it is compared.
template <class Name, class Text>
struct Single {
  static constexpr HeaderName name = Name::name;
  using View = Single<Name, std::string_view>;
  using Value = Single<Name, std::string>;

  Text value{};

  /// Compared as this header wants it.
  bool is(std::string_view other) const {
    if constexpr (Name::letter_case == LetterCase::ignored)
      return equal_ignoring_case(value, other);
    else
      return value == other;
  }

  static std::optional<Single> parse(Scanner& in) { return parse_as<Single>(in); }
  void write(Writer& out) const { out << value; }
  static auto tie(auto& self) { return std::tie(self.value); }
  bool operator==(const Single&) const = default;
};

/// What may stand here, and what of it only lenient takes, Name::take() knows.
template <class Name>
bool read(Scanner& in, Single<Name, std::string_view>& to) {
  return Name::take(in, to.value);
}

/// The same text, compared as this header wants it.
template <class Name, class A, class B>
bool equivalent(const Single<Name, A>& a, const Single<Name, B>& b) {
  return a.is(b.value);
}

}  // namespace kith::sip
