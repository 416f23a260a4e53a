#pragma once

#include "kith/acl/ace.h"
#include "kith/acl/version.h"
#include "kith/base/result.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::acl {

/// Puts an entry on the user's access list, or changes the one of that scope and mask: [MS-SIP]
/// §4.10. Made to be an operation of kith/soap, whose envelope goes around it.
struct SetAce {
  static constexpr xml::Name name{"http://schemas.microsoft.com/winrtc/2002/11/sip", "setACE"};

  Ace ace;
  Version expected;  // the version that the client believes in

  /// Children in any order, unknown ones passed over. Rights must be there, whatever is the default
  /// of a document: nobody is let in by what was not said.
  static Result<SetAce> parse(const xml::Element& method);
  /// type, mask, rights, deltaNum, as the real client sends them.
  void write(xml::Writer& out) const;
  bool operator==(const SetAce&) const = default;
};

}  // namespace kith::acl
