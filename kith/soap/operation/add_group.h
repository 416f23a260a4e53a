#pragma once

#include <string>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// Makes a group; the server chooses its id: [MS-SIP] §3.7.4.4, §4.8. Answered by AddGroupResponse.
struct AddGroup {
  static constexpr xml::Name name{winrtc_namespace, "addGroup"};

  std::string group_name;
  std::string external_uri;
  contacts::Version expected;  // the version that the client believes in

  static Result<AddGroup> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const AddGroup&) const = default;
};
static_assert(Operation<AddGroup>);

}  // namespace kith::soap
