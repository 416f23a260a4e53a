#pragma once

#include <string>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// Takes a group off the list: [MS-SIP] §3.7.4.4, §4.9.
struct DeleteGroup {
  static constexpr xml::Name name{winrtc_namespace, "deleteGroup"};

  contacts::GroupId id;
  contacts::Version expected;  // the version that the client believes in

  static Result<DeleteGroup> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const DeleteGroup&) const = default;
};
static_assert(Operation<DeleteGroup>);

}  // namespace kith::soap
