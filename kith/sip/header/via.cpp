#include "kith/sip/header/via.h"

#include "kith/base/text.h"
#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

/// protocol-name SLASH protocol-version SLASH
bool read_protocol(Scanner& in, ViaView& via) {
  if (in.rest().starts_with("SIP/2.0/")) {
    via.protocol = in.rest().substr(0, 7);
    in.skip(8);
    in.blanks();
    return true;
  }
  std::string_view protocol;
  std::string_view version;
  if (!in.token(protocol) || !in.separator('/') || !in.token(version)) return false;
  // Only the version of the start line decides what is supported; a Via says how a hop was made.
  if (!equal_ignoring_case(protocol, "SIP") || version != "2.0")
    return in.refuse(Fault::unsupported);
  return in.separator('/');
}

}  // namespace

bool read(Scanner& in, ViaView& via) {
  if (!read_protocol(in, via) || !in.token(via.transport) || !in.space()) return false;
  if (!read_host(in, via.host, via.port)) return false;
  if (!via.port && in.separator(':')) {
    std::uint16_t port = 0;  // blanks are legal around the colon here
    if (!in.number(port) || port == 0) return false;
    via.port = port;
  }
  if (!read(in, via.params)) return false;
  if (in.notes() && !via.branch()) in.note("no branch");  // RFC 2543
  return true;
}

template <class Text>
void BasicVia<Text>::write(Writer& out) const {
  out << protocol << '/' << transport << ' ' << host;
  if (port) out << ':' << *port;
  params.write(out);
}

template void Via::write(Writer&) const;
template void ViaView::write(Writer&) const;

}  // namespace kith::sip
