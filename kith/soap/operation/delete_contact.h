#pragma once

#include <string>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// Takes a contact off the list: [MS-SIP] §2.2.4.2, §4.7.
struct DeleteContact {
  static constexpr xml::Name name{winrtc_namespace, "deleteContact"};

  std::string uri;
  contacts::Version expected;  // the version that the client believes in

  static Result<DeleteContact> parse(const xml::Element& method);
  void write(xml::Writer& out) const;
  bool operator==(const DeleteContact&) const = default;
};
static_assert(Operation<DeleteContact>);

}  // namespace kith::soap
