#pragma once

// What the RFCs say that the value of each header is: a line for each of sip::AllHeaders, which
// grammar_test.cpp insists on. Of a header that may be a list this is one value.

#include <array>
#include <chrono>
#include <string>
#include <type_traits>

#include "kith/sip/headers.h"
#include "tests/catalog/address_grammar.h"

namespace kith::grammar {

template <class H>
using For = std::type_identity<H>;

// ---- What several headers have ------------------------------------------------------------------

constexpr auto media_type = seq(token, sep("/"), token);
constexpr auto media_param = seq(sep(";"), fresh_name, sep("="), alt(token, quoted));
constexpr auto media_range =
    alt(seq(lit("*"), sep("/"), lit("*")), seq(token, sep("/"), lit("*")), media_type);
constexpr auto language = seq(chars(alpha, 1, 8), repeat(0, 2, seq(lit("-"), chars(alpha, 1, 8))));
constexpr auto no_dot = chars("azAZ09-!%*_+`'~", 1, 6);
constexpr auto feature_name = seq(lit("+"), chars(alpha, 1, 4), chars("az09!'.-%", 0, 3),
                                  [](Text& out) { out.text += std::to_string(out.names++); });
constexpr auto feature = seq(sep(";"), feature_name, opt(sep("="), quoted));
constexpr auto features = repeat(0, 3, feature);
constexpr auto info_uri = seq(lit("<"), any_uri, lit(">"), sws);
constexpr auto hex32 = chars(lower_hex, 32, 32);
constexpr auto tag = param("tag", token);
constexpr auto address_with_params = seq(address, params(tag, param("epid", token)));
constexpr auto route = seq(name_addr, params());
constexpr auto method = alt(lit("INVITE"), lit("REGISTER"), token);
constexpr auto service_id = seq(word("urn:urn-7:"), chars(alphanum, 1, 20),
                                repeat(0, 3, seq(lit("."), chars(alphanum, 1, 5))));
constexpr auto index = [](Text& out) {
  out.text += std::to_string(out.random.below(20));
  while (out.one_in(2)) out.text.append(".").append(std::to_string(out.random.below(20)));
};
constexpr auto credentials = seq(
    auth_scheme, lws,
    auth_params(auth("username", quoted), auth("realm", quoted), auth("nonce", quoted),
                auth("uri", seq(lit("\""), any_uri, lit("\""))),
                auth("response", seq(lit("\""), hex32, lit("\""))), auth("algorithm", token),
                auth("cnonce", quoted), auth("qop", token), auth("nc", chars(lower_hex, 8, 8))));
constexpr auto challenge =
    seq(auth_scheme, lws,
        auth_params(auth("realm", quoted), auth("domain", quoted), auth("nonce", quoted),
                    auth("opaque", quoted), auth("stale", one_of("true", "false")),
                    auth("algorithm", token), auth("qop", quoted)));
constexpr auto auth_info = auth_params(auth("nextnonce", quoted), auth("qop", token),
                                       auth("rspauth", quoted), auth("nc", chars(lower_hex, 8, 8)));
constexpr auto mechanism =
    seq(alt(one_of("digest", "tls", "ipsec-ike", "ipsec-man", "ipsec-3gpp"), token),
        params(q, param("d-alg", token), param("d-qop", token), param("alg", token),
               param("d-ver", seq(lit("\""), hex32, lit("\""))), param("ealg", token),
               param("prot", one_of("ah", "esp")), param("mod", one_of("trans", "tun")),
               param("spi-c", number32), param("spi-s", number32), param("port-c", port),
               param("port-s", port)));
constexpr auto answer_mode = seq(alt(one_of("Manual", "Auto"), token), params(flag("require")));
constexpr auto diagnosis = seq(number32, params(param("reason", quoted), param("source", quoted)));
constexpr auto dialog = [](std::string_view a, std::string_view b) {
  return seq(call_id, param(a, token), opt(generic_param), param(b, token), opt(generic_param));
};
constexpr auto date = [](Text& out) {
  using namespace std::chrono;
  constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto two = [&out](std::uint64_t n) {
    if (n < 10) out.text += '0';
    out.text += std::to_string(n);
  };
  const sys_days day{days{out.random.below(106'000)}};
  const year_month_day at{day};
  word(days_of_week[weekday{day}.c_encoding()])(out);
  out.text += ", ";
  two(unsigned{at.day()});
  out.text += ' ';
  word(months[unsigned{at.month()} - 1])(out);
  out.text.append(" ").append(std::to_string(int{at.year()})).append(" ");
  two(out.random.below(24));
  out.text += ':';
  two(out.random.below(60));
  out.text += ':';
  two(out.random.below(61));
  word(" GMT")(out);
};

// ---- The headers --------------------------------------------------------------------------------

// clang-format off
constexpr auto of(For<sip::Accept>) { return seq(media_range, repeat(0, 1, media_param), params(q)); }
constexpr auto of(For<sip::AcceptContact>) { return seq(lit("*"), features, params(flag("require"), flag("explicit"))); }
constexpr auto of(For<sip::AcceptEncoding>) { return seq(alt(lit("*"), token), params(q)); }
constexpr auto of(For<sip::AcceptLanguage>) { return seq(alt(lit("*"), language), params(q)); }
constexpr auto of(For<sip::AcceptResourcePriority>) { return seq(no_dot, lit("."), no_dot); }
constexpr auto of(For<sip::AlertInfo>) { return seq(info_uri, params()); }
constexpr auto of(For<sip::Allow>) { return method; }
constexpr auto of(For<sip::AllowEvents>) { return seq(no_dot, repeat(0, 2, seq(lit("."), no_dot))); }
constexpr auto of(For<sip::AnswerMode>) { return answer_mode; }
constexpr auto of(For<sip::AuthenticationInfo>) { return auth_info; }
constexpr auto of(For<sip::Authorization>) { return credentials; }
constexpr auto of(For<sip::CallId>) { return call_id; }
constexpr auto of(For<sip::CallInfo>) { return seq(info_uri, params(param("purpose", one_of("icon", "info", "card")))); }
constexpr auto of(For<sip::Contact>) { return alt(lit("*"), seq(address, params(q, param("expires", delta_seconds), param("+sip.instance", quoted), param("reg-id", number(1, max32 / 2))))); }
constexpr auto of(For<sip::ContentDisposition>) { return seq(alt(one_of("render", "session", "icon", "alert"), token), params(param("handling", alt(one_of("optional", "required"), token)))); }
constexpr auto of(For<sip::ContentEncoding>) { return token; }
constexpr auto of(For<sip::ContentId>) { return seq(lit("<"), chars(token_set, 1, 9), lit("@"), chars(token_set, 1, 9), lit(">")); }
constexpr auto of(For<sip::ContentLanguage>) { return language; }
constexpr auto of(For<sip::ContentLength>) { return number(0, ~0ULL - 1); }
constexpr auto of(For<sip::ContentTransferEncoding>) { return alt(one_of("7bit", "8bit", "binary", "quoted-printable", "base64"), token); }
constexpr auto of(For<sip::ContentType>) { return seq(media_type, repeat(0, 3, media_param)); }
constexpr auto of(For<sip::CSeq>) { return seq(number(0, max32 / 2), lws, method); }
constexpr auto of(For<sip::Date>) { return date; }
constexpr auto of(For<sip::Endpoints>) { return address_with_params; }
constexpr auto of(For<sip::ErrorInfo>) { return seq(info_uri, params(param("message", quoted))); }
constexpr auto of(For<sip::Event>) { return seq(no_dot, repeat(0, 2, seq(lit("."), no_dot)), params(param("id", token))); }
constexpr auto of(For<sip::Expires>) { return delta_seconds; }
constexpr auto of(For<sip::FeatureCaps>) { return seq(lit("*"), features); }
constexpr auto of(For<sip::FlowTimer>) { return delta_seconds; }
constexpr auto of(For<sip::From>) { return address_with_params; }
constexpr auto of(For<sip::Geolocation>) { return seq(info_uri, params(param("loc-src", host))); }
constexpr auto of(For<sip::GeolocationError>) { return seq(chars(digit, 1, 3), params(param("code", quoted))); }
constexpr auto of(For<sip::GeolocationRouting>) { return alt(one_of("yes", "no"), generic); }
constexpr auto of(For<sip::HistoryInfo>) { return seq(name_addr, param("index", index), params(param("rc", index), param("mp", index), param("np", index))); }
constexpr auto of(For<sip::Identity>) { return alt(seq(lit("\""), chars(alphanum, 1, 30), repeat(0, 2, lit("=")), lit("\"")), seq(chars("azAZ09-_.", 1, 30), sep(";"), lit("info=<"), any_uri, lit(">"), params(param("alg", token), param("ppt", quoted)))); }
constexpr auto of(For<sip::IdentityInfo>) { return seq(info_uri, params(param("alg", token))); }
constexpr auto of(For<sip::InfoPackage>) { return seq(token, params()); }
constexpr auto of(For<sip::InReplyTo>) { return call_id; }
constexpr auto of(For<sip::Join>) { return dialog("to-tag", "from-tag"); }
constexpr auto of(For<sip::MaxBreadth>) { return number32; }
constexpr auto of(For<sip::MaxForwards>) { return number(0, 255); }
constexpr auto of(For<sip::MimeVersion>) { return seq(number(0, 99), lit("."), number(0, 99)); }
constexpr auto of(For<sip::MinExpires>) { return delta_seconds; }
constexpr auto of(For<sip::MinSE>) { return seq(delta_seconds, params()); }
constexpr auto of(For<sip::MsConversationId>) { return chars("azAZ09+/=-_", 1, 20); }
constexpr auto of(For<sip::MsDiagnostics>) { return diagnosis; }
constexpr auto of(For<sip::MsDiagnosticsPublic>) { return diagnosis; }
constexpr auto of(For<sip::MsKeepAlive>) { return seq(one_of("UAC", "UAS"), params(param("hop-hop", one_of("yes", "no")), param("timeout", number32))); }
constexpr auto of(For<sip::MsPiggybackCseq>) { return number32; }
constexpr auto of(For<sip::MsTextFormat>) { return seq(media_type, params(param("charset", token), param("msgr", quoted), param("ms-body", quoted))); }
constexpr auto of(For<sip::MsUserLogonData>) { return alt(word("RemoteUser"), token); }
constexpr auto of(For<sip::Organization>) { return opt(text_utf8_trim); }
constexpr auto of(For<sip::PAccessNetworkInfo>) { return seq(alt(one_of("IEEE-802.11b", "3GPP-E-UTRAN-FDD"), token), params(param("utran-cell-id-3gpp", alt(token, quoted)), param("i-wlan-node-id", token), param("dsl-location", quoted), flag("network-provided"))); }
constexpr auto of(For<sip::PAnswerState>) { return seq(alt(one_of("Confirmed", "Unconfirmed"), token), params()); }
constexpr auto of(For<sip::PAssertedIdentity>) { return address; }
constexpr auto of(For<sip::PAssertedService>) { return service_id; }
constexpr auto of(For<sip::PAssociatedUri>) { return route; }
constexpr auto of(For<sip::Path>) { return route; }
constexpr auto of(For<sip::PCalledPartyId>) { return route; }
constexpr auto of(For<sip::PChargingFunctionAddresses>) { return seq(alt(generic, seq(one_of("ccf", "ecf"), sep("="), gen_value)), params(param("ccf-2", gen_value), param("ecf-2", gen_value))); }
constexpr auto of(For<sip::PChargingVector>) { return seq(word("icid-value"), sep("="), alt(token, host, quoted_some), params(param("icid-generated-at", host), param("orig-ioi", gen_value), param("term-ioi", gen_value), param("transit-ioi", seq(lit("\""), chars(alpha, 1, 5), lit("."), chars(digit, 1, 2), opt(lit(", void")), lit("\""))), param("related-icid", gen_value))); }
constexpr auto of(For<sip::PEarlyMedia>) { return alt(one_of("sendrecv", "sendonly", "recvonly", "inactive", "gated", "supported"), token); }
constexpr auto of(For<sip::PermissionMissing>) { return seq(address, params()); }
constexpr auto of(For<sip::PMediaAuthorization>) { return chars(hex, 1, 20); }
constexpr auto of(For<sip::PPreferredIdentity>) { return address; }
constexpr auto of(For<sip::PPreferredRegistrar>) { return address_with_params; }
constexpr auto of(For<sip::PPreferredService>) { return service_id; }
constexpr auto of(For<sip::PProfileKey>) { return seq(address, params()); }
constexpr auto of(For<sip::PresenceState>) { return seq(word("register-action"), sep("="), quoted); }
constexpr auto of(For<sip::Priority>) { return alt(one_of("emergency", "urgent", "normal", "non-urgent"), token); }
constexpr auto of(For<sip::Privacy>) { return seq(one_of("user", "id", "critical"), repeat(0, 2, seq(sep(";"), fresh_name))); }
constexpr auto of(For<sip::PrivAnswerMode>) { return answer_mode; }
constexpr auto of(For<sip::ProxyAuthenticate>) { return challenge; }
constexpr auto of(For<sip::ProxyAuthenticationInfo>) { return auth_info; }
constexpr auto of(For<sip::ProxyAuthorization>) { return credentials; }
constexpr auto of(For<sip::ProxyRequire>) { return token; }
constexpr auto of(For<sip::PServedUser>) { return seq(address, params(param("sescase", one_of("orig", "term")), param("regstate", one_of("reg", "unreg")), flag("orig-cdiv"))); }
constexpr auto of(For<sip::PUserDatabase>) { return seq(lit("<"), one_of("aaa://", "aaas://"), hostport, opt(lit(";transport="), one_of("tcp", "sctp")), lit(">"), sws, params()); }
constexpr auto of(For<sip::PVisitedNetworkId>) { return seq(alt(token, quoted), params()); }
constexpr auto of(For<sip::RAck>) { return seq(number(1, max32), lws, number(0, max32 / 2), lws, method); }
constexpr auto of(For<sip::Reason>) { return seq(alt(one_of("SIP", "Q.850"), token), params(param("cause", number32), param("text", quoted))); }
constexpr auto of(For<sip::RecordRoute>) { return route; }
constexpr auto of(For<sip::RecvInfo>) { return seq(token, params()); }
constexpr auto of(For<sip::References>) { return seq(call_id, params(param("rel", token))); }
constexpr auto of(For<sip::ReferredBy>) { return seq(address, params(param("cid", seq(lit("\""), chars(alphanum, 1, 5), lit("@"), hostname, lit("\""))))); }
constexpr auto of(For<sip::ReferSub>) { return seq(one_of("true", "false"), params()); }
constexpr auto of(For<sip::ReferTo>) { return seq(address, params()); }
constexpr auto of(For<sip::RejectContact>) { return seq(lit("*"), features, params()); }
constexpr auto of(For<sip::Replaces>) { return seq(dialog("to-tag", "from-tag"), opt(flag("early-only"))); }
constexpr auto of(For<sip::ReplyTo>) { return seq(address, params()); }
constexpr auto of(For<sip::RequestDisposition>) { return one_of("proxy", "redirect", "cancel", "no-cancel", "fork", "no-fork", "recurse", "no-recurse", "parallel", "sequential", "queue", "no-queue"); }
constexpr auto of(For<sip::Require>) { return token; }
constexpr auto of(For<sip::ResourcePriority>) { return seq(no_dot, lit("."), no_dot); }
constexpr auto of(For<sip::RetryAfter>) { return seq(delta_seconds, opt(sws, comment), params(param("duration", delta_seconds))); }
constexpr auto of(For<sip::RosterManager>) { return address_with_params; }
constexpr auto of(For<sip::Route>) { return route; }
constexpr auto of(For<sip::RSeq>) { return number(1, max32); }
constexpr auto of(For<sip::SecurityClient>) { return mechanism; }
constexpr auto of(For<sip::SecurityServer>) { return mechanism; }
constexpr auto of(For<sip::SecurityVerify>) { return mechanism; }
constexpr auto of(For<sip::Server>) { return text_utf8_trim; }
constexpr auto of(For<sip::ServiceRoute>) { return route; }
constexpr auto of(For<sip::SessionExpires>) { return seq(delta_seconds, params(param("refresher", one_of("uac", "uas")))); }
constexpr auto of(For<sip::SessionId>) { return seq(hex32, params(param("remote", hex32))); }
constexpr auto of(For<sip::SipETag>) { return token; }
constexpr auto of(For<sip::SipIfMatch>) { return token; }
constexpr auto of(For<sip::Subject>) { return opt(text_utf8_trim); }
constexpr auto of(For<sip::SubscriptionState>) { return seq(alt(one_of("active", "pending", "terminated"), token), params(param("expires", delta_seconds), param("reason", token), param("retry-after", delta_seconds))); }
constexpr auto of(For<sip::Supported>) { return token; }
constexpr auto of(For<sip::SuppressIfMatch>) { return alt(lit("*"), token); }
constexpr auto of(For<sip::TargetDialog>) { return dialog("local-tag", "remote-tag"); }
constexpr auto of(For<sip::Timestamp>) { return seq(chars(digit, 1, 12), opt(lit("."), chars(digit, 0, 12)), opt(lws, chars(digit, 0, 3), opt(lit("."), chars(digit, 0, 9)))); }
constexpr auto of(For<sip::To>) { return address_with_params; }
constexpr auto of(For<sip::TriggerConsent>) { return seq(bare_sip_uri, params(param("target-uri", quoted))); }
constexpr auto of(For<sip::TriggeredInvite>) { return one_of("TRUE", "FALSE"); }
constexpr auto of(For<sip::Unsupported>) { return token; }
constexpr auto of(For<sip::UserAgent>) { return text_utf8_trim; }
constexpr auto of(For<sip::UserToUser>) { return seq(alt(token, quoted), params(param("purpose", token), param("content", token), param("encoding", alt(word("hex"), token)))); }
constexpr auto of(For<sip::Via>) { return seq(word("SIP"), sep("/"), lit("2.0"), sep("/"), alt(one_of("UDP", "TCP", "TLS", "SCTP"), token), lws, host, opt(sep(":"), port), params(param("ttl", octet), param("maddr", host), param("received", alt(ipv4, ipv6)), param("branch", seq(lit("z9hG4bK"), token)), flag("rport"))); }
constexpr auto of(For<sip::Warning>) { return seq(chars("123456789", 1, 1), chars(digit, 2, 2), lit(" "), alt(hostport, token), lit(" "), quoted); }
constexpr auto of(For<sip::WwwAuthenticate>) { return challenge; }
// clang-format on

}  // namespace kith::grammar
