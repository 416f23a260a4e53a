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

  // uri_parts.cpp: the parameters that RFC 3261 §19.1.1 names, of sip and sips URIs. Nothing where
  // there is none or where the value is not of its kind; set them with params.set().
  std::optional<std::string_view> transport() const { return value_of("transport"); }
  std::optional<std::uint8_t> ttl() const;
  std::optional<std::string_view> method() const { return value_of("method"); }
  std::optional<std::string_view> user_type() const { return value_of("user"); }  // "phone", "ip"
  std::optional<std::string_view> maddr() const { return value_of("maddr"); }
  bool lr() const { return params.has("lr"); }  // "lr=on" is meant so as well
  std::optional<std::string_view> gr() const { return params.find("gr"); }  // RFC 5627; may be ""
  bool ob() const { return params.has("ob"); }                              // RFC 5626

  /// The value of the first header of that name, with its escapes; see unescape(). Names are
  /// compared in any case. "body" is what a request made of this URI carries.
  std::optional<std::string_view> find_header(std::string_view name) const;
  /// Adds the header, or changes it in its place; name and value are taken literally.
  void set_header(std::string_view name, std::string_view value)
    requires Owning<Text>;
  /// All headers of that name.
  void remove_header(std::string_view name)
    requires Owning<Text>;

  /// The text that is the same for all URIs that differ only in what never counts: the case of what
  /// is compared in any case, needless escapes, the order of parameters and headers. So it is a key
  /// for maps; two URIs with the same are equivalent, but not all that are equivalent have the
  /// same.
  std::string normalized() const;

  /// "sip:user@host:port". The user is taken literally; an IPv6 address may lack its brackets. An
  /// Error if the host is none.
  static Result<BasicUri> sip(std::string_view user, std::string_view host,
                              std::optional<std::uint16_t> port = {})
    requires Owning<Text>;

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

 private:
  std::optional<std::string_view> value_of(std::string_view name) const;
};

using UriView = BasicUri<std::string_view>;
using Uri = BasicUri<std::string>;
/// With two colons in an IPv6 address where a lenient reader met three (RFC 5118 §4.10).
Uri own(const UriView& view);

/// Between angle brackets a URI has its parameters and headers; without them they belong to the
/// header (RFC 3261 §20.10).
enum class UriForm : std::uint8_t { whole, bare };
/// Takes any scheme; a URI that is neither sip nor sips has only that and its text: RFC 3261 §25.1
bool read(Scanner& in, UriView& uri, UriForm form = UriForm::whole);
/// host [ ":" port ]: RFC 3261 §25.1
bool read_host(Scanner& in, std::string_view& host, std::optional<std::uint16_t>& port);

/// RFC 3261 §19.1.4. Reflexive and symmetric, but not transitive: never a key of a map.
bool equivalent(const UriView& a, const UriView& b);

/// Where a URI stands, as far as RFC 3261 §19.1.1 table 1 tells apart what it may have there.
enum class UriContext : std::uint8_t { request_uri, from_or_to, binding, dialog, external };
/// The first component that may not stand there: "port", "headers", or the name of a parameter;
/// nothing if all may. A binding is a Contact of a REGISTER or a 3xx, dialog means any other
/// Contact, Route and Record-Route, external is outside of messages. URIs of other schemes may have
/// all.
std::optional<std::string_view> component_out_of_place(const UriView& uri, UriContext context);
/// The same URI without what may not stand there, as RFC 3261 §19.1.1 wants it ignored.
Uri fit(Uri uri, UriContext context);

/// "alice@example.com": lower case, without escapes, scheme, port and parameters. A key for maps.
using Aor = Strong<struct AorName, std::string>;
/// Nothing for a URI that is neither sip nor sips, or has no user: RFC 3261 §10.3
std::optional<Aor> address_of_record(const UriView& uri);

/// %HH becomes the byte; a stray '%' stays.
std::string unescape(std::string_view text);
/// The text as a user part: whatever may not stand there becomes %HH.
std::string escape_user(std::string_view text);

}  // namespace kith::sip
