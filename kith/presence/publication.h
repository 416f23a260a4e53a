#pragma once

#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/presence/state.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::presence {

/// The namespace of setPresence and getPresence; compared exactly, [MS-SIP] §3.2.4.2.
inline constexpr std::string_view winrtc_namespace =
    "http://schemas.microsoft.com/winrtc/2002/11/sip";

/// What one device says of its user, without what is the user's: presenceDoc of [MS-SIP] §6.
struct DeviceDocument {
  State state;
  std::string availability_description;
  std::string activity_description;
  std::string note;        // free text of this device
  std::string extensions;  // all other elements, as they were published; each may stand alone

  /// Reads the children availability and activity of a presentity or devicePresence; no extensions.
  static Result<DeviceDocument> parse(const xml::Element& element);
  /// These two, and the extensions. `prefix` is that of elements and attributes, with its colon, or
  /// empty.
  void write(xml::Writer& out, std::string_view prefix) const;
  bool operator==(const DeviceDocument&) const = default;
};

/// setPresence: [MS-SIP] §3.2.4.2
struct Publication {
  static constexpr xml::Name name{winrtc_namespace, "setPresence"};

  std::string uri;  // whose presence it is
  DeviceDocument document;
  std::string user_info;  // the element userInfo, which may stand alone; empty: there was none

  /// Reads the method element of an envelope. `document` is that envelope as it came, for elements
  /// that we do not know are kept as they stand there (SIP-PRES-30), and userInfo too. The error
  /// names what was wrong: an element, or an attribute.
  static Result<Publication> parse(const xml::Element& method, std::string_view document);
  /// The method element.
  void write(xml::Writer& out) const;
  bool operator==(const Publication&) const = default;
};

/// getPresence: asks once how somebody is; [MS-SIP] §3.2.4.4. Answered by the document that a
/// subscription would be sent, as it is: format/msrtc.h.
struct GetPresence {
  static constexpr xml::Name name{winrtc_namespace, "getPresence"};

  std::string uri;  // who is asked about

  static Result<GetPresence> parse(const xml::Element& method);
  /// The method element.
  void write(xml::Writer& out) const;
  bool operator==(const GetPresence&) const = default;
};

}  // namespace kith::presence
