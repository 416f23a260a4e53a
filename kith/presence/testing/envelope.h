#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "kith/base/ensure.h"
#include "kith/presence/publication.h"
#include "kith/xml/parse.h"

namespace kith::presence::testing {

/// A message of tests/data/presence, as it went over the wire.
inline std::string captured(const std::string& root, const std::string& name) {
  std::ifstream file(root + "/tests/data/presence/" + name + ".txt", std::ios::binary);
  ensure(file.good());
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// What follows its empty line.
inline std::string body_of(const std::string& message) {
  return message.substr(message.find("\r\n\r\n") + 4);
}

/// An envelope around this presentity element, or whatever else a setPresence may carry.
inline std::string set_presence(std::string_view presentity) {
  std::string document =
      "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' "
      "xmlns:m='http://schemas.microsoft.com/winrtc/2002/11/sip'><s:Body><m:setPresence>";
  return document.append(presentity).append("</m:setPresence></s:Body></s:Envelope>");
}

/// A presentity that is available and active and has these elements more.
inline std::string alice_with(std::string_view elements) {
  std::string presentity =
      "<m:presentity m:uri='sip:alice@example.com'><m:availability m:aggregate='300'/>"
      "<m:activity m:aggregate='400'/>";
  return set_presence(presentity.append(elements).append("</m:presentity>"));
}

/// The publication of an envelope, as a server reads it.
inline Result<Publication> read_publication(std::string_view envelope) {
  const auto root = xml::parse(envelope);
  if (!root) return std::unexpected(root.error());
  return Publication::parse(root->child("Body")->children().front(), envelope);
}

}  // namespace kith::presence::testing
