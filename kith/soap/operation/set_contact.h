#pragma once

#include <string>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// Puts a contact on the list, or changes it there: [MS-SIP] §2.2.4.2, §3.7.4.3. Groups are as
/// sent: in any order, 0 for the default group, perhaps none.
struct SetContact {
  static constexpr xml::Name name{winrtc_namespace, "setContact"};

  contacts::Contact contact;
  contacts::Version expected;  // the version that the client believes in

  static Result<SetContact> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const SetContact&) const = default;
};
static_assert(Operation<SetContact>);

}  // namespace kith::soap
