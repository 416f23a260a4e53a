#include "tools/kith/place.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace kith::tool {

namespace {

/// A port, and nothing else.
std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Maybe<Place> place_of(const Options& options) {
  std::string text = options.server;
  if (text.empty()) text = options.user.substr(options.user.find('@') + 1);
  Place place{
      .host = text,
      .port = static_cast<std::uint16_t>(transport_of(options) == Transport::tls ? 5061 : 5060)};
  std::string port;  // with its colon
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string::npos)
      return fail(Exit::usage, text + ": an address in brackets ends with ]");
    place.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (const std::size_t colon = text.find(':');
             colon != std::string::npos && colon == text.rfind(':')) {
    place.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (place.host.empty())
    return fail(Exit::usage, text + " names no server; --server HOST:PORT does");
  if (port.empty()) return place;
  const std::optional<std::uint16_t> number =
      port.front() == ':' ? port_of(std::string_view{port}.substr(1)) : std::nullopt;
  if (!number)
    return fail(Exit::usage, text +
                                 " names no server: after the host come a colon and the port, "
                                 "which is 1 to 65535");
  place.port = *number;
  return place;
}

}  // namespace kith::tool
