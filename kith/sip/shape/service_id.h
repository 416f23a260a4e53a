#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// The name of a service or of an application, as a URN:
/// Service-ID     = "urn:urn-7:" urn-service-id
/// urn-service-id = top-level *( "." sub-service-id )
/// top-level      = let-dig [ *26let-dig ], sub-service-id = let-dig [ *let-dig ]
/// let-dig        = ALPHA / DIGIT / "-"
/// RFC 6050 §4.4
template <class Name, class Text>
struct ServiceId {
  static constexpr HeaderName name = Name::name;
  using View = ServiceId<Name, std::string_view>;
  using Value = ServiceId<Name, std::string>;

  Text id{};  // urn-service-id: "3gpp-service.ims.icsi.mmtel"

  /// "ims.icsi.mmtel" of the above; nothing if it names no service.
  std::optional<std::string_view> service() const { return below("3gpp-service."); }
  /// The same of "3gpp-application.…".
  std::optional<std::string_view> application() const { return below("3gpp-application."); }

  static std::optional<ServiceId> parse(Scanner& in) { return parse_as<ServiceId>(in); }
  void write(Writer& out) const { out << "urn:urn-7:" << id; }
  static auto tie(auto& self) { return std::tie(self.id); }
  bool operator==(const ServiceId&) const = default;

 private:
  std::optional<std::string_view> below(std::string_view top) const {
    const std::string_view text = id;
    if (!equal_ignoring_case(text.substr(0, top.size()), top)) return std::nullopt;
    return text.substr(top.size());
  }
};

/// What follows "urn:urn-7:", which is taken in any case; the same in both modes: RFC 6050 §4.4
bool read_service_id(Scanner& in, std::string_view& id);

/// Labels are the same in any case, in either header: RFC 6050 §4.4
template <class NameA, class TextA, class NameB, class TextB>
bool equivalent(const ServiceId<NameA, TextA>& a, const ServiceId<NameB, TextB>& b) {
  return equal_ignoring_case(a.id, b.id);
}

/// Any top-level is taken; service() and application() know one each.
template <class Name>
bool read(Scanner& in, ServiceId<Name, std::string_view>& to) {
  return read_service_id(in, to.id);
}

}  // namespace kith::sip
