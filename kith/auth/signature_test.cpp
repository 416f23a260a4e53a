#include "kith/auth/signature.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "kith/auth/parameters.h"
#include "kith/auth/testing/messages.h"
#include "kith/sip/header/authentication_info.h"

using namespace kith;
using namespace kith::auth;
using kith::auth::testing::message;

namespace {

constexpr auto v2 = SignatureVersion::v2;
constexpr auto v3 = SignatureVersion::v3;
constexpr auto v4 = SignatureVersion::v4;

/// The buffer of a captured message with the values of its own authentication header.
std::string captured(const std::string& name, SignatureVersion version) {
  const sip::Message text = testing::capture(KITH_SOURCE_DIR, name);
  sip::AuthParamsView params;
  std::string scheme;
  const auto info = text.get<sip::AuthenticationInfo>().value();
  const Credentials sent = credentials(text);
  if (info) {
    params = info->params;
    scheme = info->scheme;
  } else {
    params = sent.values[0].params;
    scheme = sent.values[0].scheme;
  }
  const Signature signature =
      info ? server_signature(params).value() : client_signature(params).value();
  return signature_buffer(version,
                          {.scheme = scheme,
                           .rand = signature.rand,
                           .num = signature.num,
                           .realm = params.find("realm").value(),
                           .targetname = params.find("targetname").value()},
                          text);
}

constexpr std::string_view walt_request =
    "REGISTER sip:lab.example SIP/2.0\n"
    "From: <sip:walt@lab.example>;tag=77aa01;epid=7f3a91c204\n"
    "To: <sip:walt@lab.example>\n"
    "CSeq: 4 REGISTER\n"
    "Call-ID: c0ffee00c0ffee00c0ffee00c0ffee00\n";

constexpr std::string_view walt_response =
    "SIP/2.0 200 OK\n"
    "From: <sip:walt@lab.example>;tag=77aa01;epid=7f3a91c204\n"
    "To: <sip:walt@lab.example>;tag=9F0E1D2C\n"
    "CSeq: 3 REGISTER\n"
    "Call-ID: c0ffee00c0ffee00c0ffee00c0ffee00\n"
    "Expires: 1200\n";

std::string walt(SignatureVersion version, std::string_view text, std::string_view rand) {
  return signature_buffer(version,
                          {.scheme = "NTLM",
                           .rand = rand,
                           .num = "1",
                           .realm = "SIP Communications Service",
                           .targetname = "lcs1.lab.example"},
                          message(text));
}

/// With empty values of the header, so that only those of the message are seen.
std::string bare(SignatureVersion version, std::string_view text) {
  return signature_buffer(version, {}, message(text)).substr(std::string("<><><><><>").size());
}

}  // namespace

TEST_CASE("SIP-AUTH-22: the values stand in order, each in angle brackets") {
  CHECK(walt(v2, walt_request, "5c1d90ef") ==
        "<NTLM><5c1d90ef><1><SIP Communications Service><lcs1.lab.example>"
        "<c0ffee00c0ffee00c0ffee00c0ffee00><4><REGISTER><sip:walt@lab.example><77aa01><><>");
  CHECK(captured("ntlm-alice-005-client-REGISTER-ntlm-authenticate", v4) ==
        "<NTLM><daf9965d><1><SIP Communications Service><sip/lcs.example.com>"
        "<928Ag4014a68D0i4D3AmC30Ft3B86b96F1xFB85x><3><REGISTER><sip:alice@example.com>"
        "<2256524832><sip:alice@example.com><><><><>");
  CHECK(captured("ntlm-alice-011-client-SUBSCRIBE-vnd-microsoft-roaming-contacts", v4) ==
        "<NTLM><de2530d7><4><SIP Communications Service><sip/lcs.example.com>"
        "<0C2BgE125a4A57i506FmD056tB0ABbECD8x2087x><1><SUBSCRIBE><sip:alice@example.com>"
        "<3204833997><sip:alice@example.com><><><><>");
  CHECK(captured("ntlm-alice-119-client-REGISTER-unregister", v4) ==
        "<NTLM><6368075a><46><SIP Communications Service><sip/lcs.example.com>"
        "<928Ag4014a68D0i4D3AmC30Ft3B86b96F1xFB85x><4><REGISTER><sip:alice@example.com>"
        "<1633020298><sip:alice@example.com><><><><0>");
}

TEST_CASE("SIP-AUTH-47: without a version there is no To URI and no asserted identity") {
  CHECK(walt(v2, walt_response, "A0B1C2D3") ==
        "<NTLM><A0B1C2D3><1><SIP Communications Service><lcs1.lab.example>"
        "<c0ffee00c0ffee00c0ffee00c0ffee00><3><REGISTER><sip:walt@lab.example><77aa01><9F0E1D2C>"
        "<1200><200>");
  CHECK(captured("sigversion2-alice-007-client-SUBSCRIBE-presence.wpending", v2) ==
        "<NTLM><8c626a31><1><SIP Communications Service><sip/lcs.example.com>"
        "<40DFg0ECAa86A7i13DBmD37AtF465bF050x8537x><1><SUBSCRIBE><sip:alice@example.com>"
        "<59108318><><>");
  CHECK(captured("sigversion2-alice-008-server-200-SUBSCRIBE-presence.wpending", v2) ==
        "<NTLM><c8c9b37d><2><SIP Communications Service><sip/lcs.example.com>"
        "<40DFg0ECAa86A7i13DBmD37AtF465bF050x8537x><1><SUBSCRIBE><sip:alice@example.com>"
        "<59108318><A5D7E57F><36000><200>");
}

TEST_CASE("SIP-AUTH-48: versions 3 and 4 add the To URI and the asserted identities") {
  CHECK(walt(v3, walt_request, "5c1d90ef") ==
        "<NTLM><5c1d90ef><1><SIP Communications Service><lcs1.lab.example>"
        "<c0ffee00c0ffee00c0ffee00c0ffee00><4><REGISTER><sip:walt@lab.example><77aa01>"
        "<sip:walt@lab.example><><><><>");
  CHECK(walt(v3, walt_response, "A0B1C2D3") ==
        "<NTLM><A0B1C2D3><1><SIP Communications Service><lcs1.lab.example>"
        "<c0ffee00c0ffee00c0ffee00c0ffee00><3><REGISTER><sip:walt@lab.example><77aa01>"
        "<sip:walt@lab.example><9F0E1D2C><><><1200><200>");
  const std::string both = std::string(walt_request) +
                           "P-Asserted-Identity: \"Walt, <the> first\" <sip:walt@lab.example>, "
                           "<tel:+15550100>\nP-Asserted-Identity: <sip:other@lab.example>\n"
                           "P-Preferred-Identity: <sip:walter@lab.example>\n";
  CHECK(
      bare(v4, both).ends_with("<sip:walt@lab.example><><sip:walt@lab.example><tel:+15550100><>"));
  CHECK(bare(v4, std::string(walt_request) + "P-Preferred-Identity: sip:walter@lab.example\n")
            .ends_with("<sip:walt@lab.example><><sip:walter@lab.example><><>"));
}

TEST_CASE("SIP-AUTH-26: a server's buffer differs by srand and snum") {
  CHECK(captured("ntlm-alice-006-server-200-REGISTER", v4) ==
        "<NTLM><fe2298e2><1><SIP Communications Service><sip/lcs.example.com>"
        "<928Ag4014a68D0i4D3AmC30Ft3B86b96F1xFB85x><3><REGISTER><sip:alice@example.com>"
        "<2256524832><sip:alice@example.com><3D0F43A0><><><7200><200>");
  CHECK(captured("ntlm-alice-062-server-MESSAGE", v4) ==
        "<NTLM><137b6f67><35><SIP Communications Service><sip/lcs.example.com>"
        "<ECFBgABEBa3454i5D5Fm4D04t5C98bFB11xEC0Fx><1><MESSAGE><sip:bob@example.com><1806721642>"
        "<sip:alice@example.com><3463062899><><><>");
  CHECK(
      captured("ntlm-alice-027-server-BENOTIFY-vnd-microsoft-roaming-contacts-addedContact", v4) ==
      "<NTLM><867e4e89><13><SIP Communications Service><sip/lcs.example.com>"
      "<0C2BgE125a4A57i506FmD056tB0ABbECD8x2087x><3><BENOTIFY><sip:alice@example.com>"
      "<5F1A4B34><sip:alice@example.com><3204833997><><><>");
}

TEST_CASE("SIP-AUTH-25: the status code stands in responses only, with no empty pair in requests") {
  CHECK(captured("ntlm-alice-063-client-200-MESSAGE", v4) ==
        "<NTLM><454b2f64><24><SIP Communications Service><sip/lcs.example.com>"
        "<ECFBgABEBa3454i5D5Fm4D04t5C98bFB11xEC0Fx><1><MESSAGE><sip:bob@example.com><1806721642>"
        "<sip:alice@example.com><3463062899><><><><200>");
  const auto pairs = [](const std::string& buffer) { return std::ranges::count(buffer, '<'); };
  CHECK(pairs(walt(v2, walt_request, "1")) == 12);
  CHECK(pairs(walt(v2, walt_response, "1")) == 13);
  CHECK(pairs(walt(v4, walt_request, "1")) == 15);
  CHECK(pairs(walt(v4, walt_response, "1")) == 16);
}

TEST_CASE("SIP-AUTH-24: a value that is absent is an empty pair") {
  CHECK(bare(v4, "OPTIONS sip:a SIP/2.0\nFrom: sip:a@b\n") == "<><><><sip:a@b><><><><><><>");
  CHECK(bare(v2, "OPTIONS sip:a SIP/2.0\n") == "<><><><><><><>");
}

TEST_CASE("SIP-AUTH-29: Kerberos differs in the first value") {
  CHECK(signature_buffer(v2,
                         {.scheme = "Kerberos",
                          .rand = "d48aaa37",
                          .num = "6",
                          .realm = "SIP Communications Service",
                          .targetname = "sip/server.contoso.com"},
                         message("SERVICE sip:server.contoso.com;transport=tcp SIP/2.0\n"
                                 "From: <sip:user1@server.contoso.com> ;tag=e6b525fb274245a0"
                                 ";epid=df527db094\n"
                                 "To: <sip:user1@server.contoso.com> ;tag=01C341BA\n"
                                 "Call-ID: b7c3b37ba4144a39a9bc82c224147f0c\n"
                                 "CSeq: 2 SERVICE\n")) ==
        "<Kerberos><d48aaa37><6><SIP Communications Service><sip/server.contoso.com>"
        "<b7c3b37ba4144a39a9bc82c224147f0c><2><SERVICE><sip:user1@server.contoso.com>"
        "<e6b525fb274245a0><01C341BA><>");
}

TEST_CASE("SIP-AUTH-23: values are taken exactly as they stand in the message") {
  struct Row {
    const char* from;
    const char* uri;
    const char* tag;
  };
  for (const Row& row : {
           Row{"<SIP:Alice@EXAMPLE.com>;TAG=Ab", "SIP:Alice@EXAMPLE.com", "Ab"},
           Row{"\"A <b>; \\\" c\" <sip:a@b;lr?x=y>;x=\"q;tag=no\";tag=1", "sip:a@b;lr?x=y", "1"},
           Row{"sip:a@b ;tag=7;epid=01", "sip:a@b", "7"},
           Row{"Alice <sip:a%41@b> ; tag = 8", "sip:a%41@b", "8"},
           Row{"sip:a@b", "sip:a@b", ""},
           Row{"<sip:a@b>;tag", "sip:a@b", ""},
           Row{"<sip:a@b;tag=inside>;epid=12", "sip:a@b;tag=inside", ""},
       }) {
    CAPTURE(row.from);
    CHECK(bare(v2, std::string("OPTIONS sip:a SIP/2.0\nf: ") + row.from +
                       "\ni: X@y\nCSeq: 007 OPTIONS\nexpires: 00\n") ==
          std::string("<X@y><007><OPTIONS><") + row.uri + "><" + row.tag + "><><00>");
  }
}
