#include "kith/sip/header/via.h"

#include <array>

#include "kith/base/text.h"
#include "kith/sip/params_read.h"
#include "kith/sip/shape/param_rules.h"
#include "kith/sip/uri.h"
#include "kith/sip/uri_read.h"
#include "kith/sip/uri_unit.h"

namespace kith::sip {

namespace {

constexpr std::array via_rules{
    NamedRule{"branch", is_token}, NamedRule{"received", is_address},   NamedRule{"ttl", is_ttl},
    NamedRule{"maddr", is_host},   NamedRule{"rport", is_port_or_flag},
};

/// What of a usual Via stands before its parameters.
struct SentBy {
  std::string_view transport;
  std::string_view host;
  std::uint16_t port;  // 0: none
};

[[gnu::always_inline]] inline bool read_usual_sent_by(Cursor& in, SentBy& by) {
  if (!in.next("SIP/2.0/")) return false;
  by.transport = in.word();
  if (by.transport.empty() || !in.next(' ')) return false;
  by.host = in.word();
  return detail::is_usual_host(by.host) && detail::read_usual_port(in, by.port);
}

[[gnu::always_inline]] inline void keep(const SentBy& by, ViaView& via) {
  via.transport = by.transport;
  via.host = by.host;
  if (by.port != 0) via.port = by.port;
}

/// protocol-name SLASH protocol-version SLASH
bool read_protocol(Scanner& in) {
  std::string_view protocol;
  std::string_view version;
  if (!in.token(protocol) || !in.separator('/') || !in.token(version)) return false;
  // Only the version of the start line decides what is supported; a Via says how a hop was made.
  if (!equal_ignoring_case(protocol, "SIP") || version != "2.0")
    return in.refuse(Fault::unsupported);
  return in.separator('/');
}

/// sent-protocol LWS sent-by
bool read_sent_by(Scanner& in, ViaView& via) {
  if (in.may_be_usual()) {
    Cursor usual = in.cursor();
    SentBy by;
    if (read_usual_sent_by(usual, by) && (usual.peek() == ';' || usual.at_end())) {
      keep(by, via);
      in.follow(usual);
      return true;
    }
  }
  if (!read_protocol(in) || !in.token(via.transport) || !in.space()) return false;
  const char* const host = in.position();
  in.run(detail::host_chars);
  if (!detail::read_host_name(in, host, via.host)) return false;
  if (!in.separator(':')) return true;  // blanks are legal around the colon here
  std::uint16_t port = 0;
  if (!in.number(port) || port == 0) return false;
  via.port = port;
  return true;
}

/// The whole text as a decimal number of that type.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Scanner in(text);
  Number number = 0;
  if (!in.number(number) || !in.at_end()) return std::nullopt;
  return number;
}

/// An IPv6 address without the brackets of a reference.
std::optional<std::string_view> without_brackets(std::optional<std::string_view> address) {
  if (address && address->size() > 2 && address->front() == '[' && address->back() == ']')
    return address->substr(1, address->size() - 2);
  return address;
}

}  // namespace

Via own(const ViaView& view) {
  Via via = own<ViaView>(view);
  if (view.host.contains(":::")) via.host = sides_of(view.host).joined();
  return via;
}

bool read(Scanner& in, ViaView& via) {
  if (!read_sent_by(in, via) || !read_params(in, via.params, via_rules)) return false;
  if (in.notes() && !via.branch()) in.note("no branch");  // RFC 2543
  return true;
}

bool read_usual(const Cursor& text, ViaView& via) {
  Cursor in = text;
  SentBy by;
  ParamsView params;
  if (!read_usual_sent_by(in, by) || !detail::read_usual_params(in, params) || !in.at_end())
    return false;
  keep(by, via);
  via.params = params;
  return true;
}

template <class Text>
void BasicVia<Text>::write(Writer& out) const {
  const HostSides sides = sides_of(host);
  out << protocol << '/' << transport << ' ' << sides.first << sides.second;
  if (port) out << ':' << *port;
  params.write(out);
}

template <class Text>
bool BasicVia<Text>::has_magic_cookie() const {
  constexpr std::string_view cookie = "z9hG4bK";
  const std::string_view text = branch().value_or("");
  return text.size() > cookie.size() && text.starts_with(cookie);
}

template <class Text>
std::optional<std::uint8_t> BasicVia<Text>::ttl() const {
  const std::optional<std::string_view> text = params.find("ttl");
  return text && text->size() <= 3 ? number_in<std::uint8_t>(*text) : std::nullopt;
}

template <class Text>
RPort BasicVia<Text>::rport() const {
  const std::optional<std::string_view> text = params.find("rport");
  if (!text) return {};
  if (text->empty()) return {RPort::State::asked_for};
  const std::optional<std::uint16_t> seen = number_in<std::uint16_t>(*text);
  return seen && *seen != 0 ? RPort{RPort::State::known, *seen} : RPort{};
}

template <class Text>
std::optional<std::string_view> BasicVia<Text>::received() const {
  return without_brackets(params.find("received"));
}

template <class Text>
void BasicVia<Text>::set_received(std::string_view address)
  requires Owning<Text>
{
  params.set("received", *without_brackets(address));
}

template struct BasicVia<std::string>;
template struct BasicVia<std::string_view>;

}  // namespace kith::sip
