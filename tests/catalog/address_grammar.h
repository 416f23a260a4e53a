#pragma once

// URIs and addresses: RFC 3261 §25.1, RFC 3966 §3

#include "tests/catalog/grammar.h"

namespace kith::grammar {

constexpr auto escaped = seq(lit("%"), chars(hex, 2, 2));

/// 1*( unreserved / escaped / these )
constexpr auto some(std::string_view these) {
  return repeat(1, 3,
                alt(chars(unreserved, 1, 4), chars(unreserved, 1, 4), chars(these, 1, 2), escaped));
}
constexpr auto any(std::string_view these) {
  return [=](Text& out) {
    if (!out.one_in(6)) some(these)(out);
  };
}

// ---- tel: RFC 3966 §3 ---------------------------------------------------------------------------

constexpr auto phone_digits = seq(chars(digit, 1, 3), chars("0123456789-.()", 0, 8));
constexpr auto tel_param = [](std::string_view name, auto value) {
  return seq(lit(";"), word(name), lit("="), value);
};
constexpr auto tel_fresh = seq(
    lit(";x"), [](Text& out) { out.text += std::to_string(out.names++); },
    opt(lit("="), some("[]/:&+$")));
constexpr auto tel_specials =
    opt(alt(tel_param("ext", phone_digits), tel_param("isub", some("/:@&+$,"))));
constexpr auto tel_phone_context =
    tel_param("phone-context", alt(seq(lit("+"), phone_digits), seq(label, lit("."), top_label)));
constexpr auto telephone_subscriber =
    alt(seq(lit("+"), phone_digits, tel_specials, repeat(0, 2, tel_fresh), opt(tel_phone_context)),
        seq(chars("0123456789abcdefABCDEF*#", 1, 2), chars("0123456789*#-.()", 0, 8), tel_specials,
            tel_phone_context, repeat(0, 2, tel_fresh)));
constexpr auto tel_uri = seq(word("tel:"), telephone_subscriber);

// ---- sip, sips ----------------------------------------------------------------------------------

constexpr auto userinfo = seq(some("&=+$,;?/"), opt(lit(":"), any("&=+$,")), lit("@"));
/// Without what would need angle brackets: "," ";" "?"
constexpr auto bare_userinfo = seq(some("&=+$/"), opt(lit(":"), any("&=+$")), lit("@"));
constexpr std::string_view param_unreserved = "[]/:&+$";

template <class Value>
constexpr auto uri_param(std::string_view name, Value value) {
  return seq(lit(";"), word(name), lit("="), value);
}
constexpr auto other_uri_param = seq(
    lit(";x"), [](Text& out) { out.text += std::to_string(out.names++); }, some(param_unreserved),
    opt(lit("="), some(param_unreserved)));
constexpr auto uri_params =
    seq(repeat(0, 2, other_uri_param),
        some_of(uri_param("transport",
                          alt(one_of("udp", "tcp", "tls", "sctp", "ws"), chars(unreserved, 1, 5))),
                uri_param("user", one_of("phone", "ip")), uri_param("method", lit("INVITE")),
                uri_param("ttl", octet), uri_param("maddr", host), seq(lit(";"), word("lr")),
                uri_param("gr", some(param_unreserved)), seq(lit(";"), word("ob"))));
constexpr auto uri_header = seq(some("[]/?:+$"), lit("="), any("[]/?:+$"));
constexpr auto uri_headers = opt(lit("?"), uri_header, repeat(0, 2, seq(lit("&"), uri_header)));
constexpr auto sip_uri =
    seq(one_of("sip:", "sip:", "sips:"), opt(userinfo), hostport, uri_params, uri_headers);
constexpr auto bare_sip_uri = seq(one_of("sip:", "sip:", "sips:"), opt(bare_userinfo), hostport);

// ---- Others -------------------------------------------------------------------------------------

constexpr auto other_scheme =
    alt(one_of("http", "https", "im", "pres", "urn", "cid", "mailto", "aaa"),
        seq(lit("x"), chars("az09+-.", 1, 3)));
constexpr auto absolute_uri = alt(seq(other_scheme, lit(":"), some(";/?:@&=+$,")),
                                  seq(one_of("http://", "https://"), hostport, lit("/"),
                                      any("/:@&=+$,;"), opt(lit("?"), any(";/?:@&=+$,"))),
                                  tel_uri);
constexpr auto bare_absolute_uri = seq(other_scheme, lit(":"), some("/:@&=+$"));

constexpr auto any_uri = alt(sip_uri, sip_uri, sip_uri, absolute_uri);

// ---- Addresses ----------------------------------------------------------------------------------

constexpr auto display_name = alt(repeat(1, 3, seq(token, lws)), seq(token, sws), seq(quoted, sws));
constexpr auto bracketed = seq(lit("<"), any_uri, lit(">"));
constexpr auto name_addr = seq(opt(display_name), bracketed);
constexpr auto bare_addr = alt(bare_sip_uri, bare_sip_uri, bare_absolute_uri);
constexpr auto address = alt(name_addr, name_addr, bare_addr);

}  // namespace kith::grammar
