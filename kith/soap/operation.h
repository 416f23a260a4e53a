#pragma once

#include <concepts>
#include <string_view>

#include "kith/base/result.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// The namespace of every method; compared exactly, [MS-SIP] §3.2.4.2.
inline constexpr std::string_view winrtc_namespace =
    "http://schemas.microsoft.com/winrtc/2002/11/sip";

/// A method element as a value. parse() is given the method element and does not look at its name;
/// write() writes the element whole, its namespace declaration included.
template <class X>
concept Operation =
    std::regular<X> && requires(const X& operation, const xml::Element& method, xml::Writer& out) {
      { X::name } -> std::convertible_to<xml::Name>;
      { X::parse(method) } -> std::same_as<Result<X>>;
      { operation.write(out) } -> std::same_as<void>;
    };

}  // namespace kith::soap
