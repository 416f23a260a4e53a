#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// A header whose values are Info Packages: Info-package-name *( SEMI Info-package-param )
/// RFC 6086 §9.2
template <class Name, class Text>
struct InfoPackageType {
  static constexpr HeaderName name = Name::name;
  using View = InfoPackageType<Name, std::string_view>;
  using Value = InfoPackageType<Name, std::string>;

  Text package{};  // compared byte for byte: RFC 6086 §7.2
  BasicParams<Text, ';'> params{};

  static std::optional<InfoPackageType> parse(Scanner& in) { return parse_as<InfoPackageType>(in); }
  void write(Writer& out) const {
    out << package;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.package, self.params); }
  bool operator==(const InfoPackageType&) const = default;
};

/// The same package, in either header, whatever its parameters: RFC 6086 §7.2
template <class NameA, class TextA, class NameB, class TextB>
bool equivalent(const InfoPackageType<NameA, TextA>& a, const InfoPackageType<NameB, TextB>& b) {
  return a.package == b.package;
}

/// Any token is a package, registered or not.
template <class Name>
bool read(Scanner& in, InfoPackageType<Name, std::string_view>& to) {
  return in.token(to.package) && read(in, to.params);
}

}  // namespace kith::sip
