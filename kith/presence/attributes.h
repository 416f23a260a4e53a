#pragma once

#include <string>
#include <string_view>

#include "kith/base/number.h"
#include "kith/base/result.h"
#include "kith/presence/state.h"
#include "kith/xml/element.h"

namespace kith::presence {

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
