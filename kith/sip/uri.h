#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/base/strong.h"
#include "kith/base/writer.h"
#include "kith/sip/own.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// SIP-URI  = "sip:" [ user [ ":" password ] "@" ] host [ ":" port ] uri-parameters [ headers ]
/// SIPS-URI = "sips:" and the same; any other scheme is kept as text.
/// RFC 3261 §19.1.1
template <class Text>
struct BasicUri {
  using View = BasicUri<std::string_view>;
  using Value = BasicUri<std::string>;

  Text scheme{};                        // "sip" and "sips" always in lower case
  Text user{};                          // with its escapes; empty: none
  std::optional<Text> password{};       // with its escapes
  Text host{};                          // an IPv6 reference with its brackets
  std::optional<std::uint16_t> port{};  // 1 to 65535; absent is not the same as 5060
  BasicParams<Text, ';'> params{};
  Text headers{};  // what follows "?"
  Text text{};     // of any other scheme: all that follows the colon

  bool is_sip() const { return scheme == "sip" || scheme == "sips"; }

  /// The whole text must be a URI. A view points into `text`.
  static Result<BasicUri> parse(std::string_view text, Mode mode = Mode::lenient,
                                Diagnostics* diagnostics = nullptr);
  void write(Writer& out) const;
  std::string to_string() const { return written(*this); }

  static auto tie(auto& uri) {
    return std::tie(uri.scheme, uri.user, uri.password, uri.host, uri.port, uri.params, uri.headers,
                    uri.text);
  }
  operator View() const
    requires Owning<Text>
  {
    View view{scheme, user, {}, host, port, params, headers, text};
    if (password) view.password = *password;
    return view;
  }
  /// The same text in all parts; see equivalent().
  bool operator==(const BasicUri&) const = default;
};

using UriView = BasicUri<std::string_view>;
using Uri = BasicUri<std::string>;

/// Between angle brackets a URI has its parameters and headers; without them they belong to the
/// header (RFC 3261 §20.10).
enum class UriForm : std::uint8_t { whole, bare };
bool read(Scanner& in, UriView& uri, UriForm form = UriForm::whole);
/// host [ ":" port ]: RFC 3261 §25.1
bool read_host(Scanner& in, std::string_view& host, std::optional<std::uint16_t>& port);

/// RFC 3261 §19.1.4. Reflexive and symmetric, but not transitive: never a key of a map.
bool equivalent(const UriView& a, const UriView& b);

/// "alice@example.com": lower case, without escapes, scheme, port and parameters. A key for maps.
using Aor = Strong<struct AorName, std::string>;
/// Nothing for a URI that is neither sip nor sips, or has no user: RFC 3261 §10.3
std::optional<Aor> address_of_record(const UriView& uri);

/// %HH becomes the byte; a stray '%' stays.
std::string unescape(std::string_view text);
/// The text as a user part: whatever may not stand there becomes %HH.
std::string escape_user(std::string_view text);

}  // namespace kith::sip
