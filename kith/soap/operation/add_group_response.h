#pragma once

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// The body of the 200 to an addGroup, under the same element name: [MS-SIP] §4.8.
struct AddGroupResponse {
  static constexpr xml::Name name{winrtc_namespace, "addGroup"};

  contacts::GroupId id;

  static Result<AddGroupResponse> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const AddGroupResponse&) const = default;
};
static_assert(Operation<AddGroupResponse>);

}  // namespace kith::soap
