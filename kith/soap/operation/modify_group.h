#pragma once

#include <string>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// Gives a group another name: [MS-SIP] §3.7.4.4.
struct ModifyGroup {
  static constexpr xml::Name name{winrtc_namespace, "modifyGroup"};

  contacts::Group group;
  contacts::Version expected;  // the version that the client believes in

  static Result<ModifyGroup> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const ModifyGroup&) const = default;
};
static_assert(Operation<ModifyGroup>);

}  // namespace kith::soap
