#include "kith/auth/scheme/ntlm/context.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/base/text.h"

using namespace kith;
using namespace kith::auth::ntlm;

namespace {

const crypto::Secret session_key(from_hex("0f1e2d3c4b5a69788796a5b4c3d2e1f0").value());

constexpr std::uint32_t extended = 0x62988255;
constexpr std::uint32_t plain = extended & ~flag::extended_session_security;

/// The texts of section 3.4 of the reference, and their signatures by section 3.5.
struct Example {
  const char* text;
  Side signer;
  const char* extended;
  const char* plain;
};

#define KITH_CALL \
  "><1><SIP Communications Service><lcs1.lab.example><c0ffee00c0ffee00c0ffee00c0ffee00>"

constexpr Example examples[] = {
    {"<NTLM><5c1d90ef" KITH_CALL "<4><REGISTER><sip:walt@lab.example><77aa01><><>", Side::client,
     "01000000bb655b708c4d2d8864000000", "01000000000000004d441b108cc71023"},
    {"<NTLM><A0B1C2D3" KITH_CALL "<3><REGISTER><sip:walt@lab.example><77aa01><9F0E1D2C><1200><200>",
     Side::server, "01000000515d5f612cf5a9d564000000", "0100000000000000a4f4ece98cc71023"},
    {"<NTLM><5c1d90ef" KITH_CALL
     "<4><REGISTER><sip:walt@lab.example><77aa01><sip:walt@lab.example><><><><>",
     Side::client, "01000000f64b39f5824c2c6b64000000", "0100000000000000b22bab538cc71023"},
    {"<NTLM><A0B1C2D3" KITH_CALL
     "<3><REGISTER><sip:walt@lab.example><77aa01><sip:walt@lab.example><9F0E1D2C><><><1200><200>",
     Side::server, "01000000bb8418585f149a4d64000000", "010000000000000094bbc54e8cc71023"},
};

Side other(Side side) { return side == Side::client ? Side::server : Side::client; }

std::string hex(const std::string& bytes) { return to_hex(as_bytes(bytes)); }

}  // namespace

TEST_CASE("SIP-AUTH-50: signatures of the example of section 3.5, each time anew") {
  for (const Example& each : examples) {
    for (const auto& [flags, wanted] : {std::pair(extended, each.extended), {plain, each.plain}}) {
      CAPTURE(wanted);
      const auto signer = make_context(session_key, flags, each.signer);
      const auto reader = make_context(session_key, flags, other(each.signer));
      for (int turn = 0; turn < 2; ++turn) {
        CHECK(hex(signer->mic(each.text)) == wanted);
        CHECK(reader->verify(each.text, from_hex(wanted).value()));
      }
    }
  }
}

TEST_CASE("SIP-AUTH-50: with extended session security a signature is of one text, key and side") {
  const auto client = make_context(session_key, extended, Side::client);
  const auto server = make_context(session_key, extended, Side::server);
  const std::string mic = client->mic("text");
  CHECK(server->verify("text", mic));
  CHECK_FALSE(client->verify("text", mic));
  CHECK_FALSE(server->verify("Text", mic));
  CHECK_FALSE(server->verify("text", ""));
  CHECK_FALSE(server->verify("text", mic.substr(0, 15)));
  CHECK_FALSE(server->verify("text", mic + mic));
  for (std::size_t i = 0; i < mic.size(); ++i) {
    std::string wrong = mic;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    CHECK_FALSE(server->verify("text", wrong));
  }
  const auto stranger = make_context(crypto::Secret(std::string(16, 'k')), extended, Side::server);
  CHECK_FALSE(stranger->verify("text", mic));
  const auto unhidden = make_context(session_key, extended & ~flag::key_exch, Side::server);
  CHECK_FALSE(unhidden->verify("text", mic));
  CHECK(hex(unhidden->mic("text")).ends_with("64000000"));
}

TEST_CASE("SIP-AUTH-50: without it the four bytes of padding count for nothing, the others do") {
  const auto client = make_context(session_key, plain, Side::client);
  const auto server = make_context(session_key, plain, Side::server);
  const std::string mic = client->mic("text");
  for (std::size_t i = 0; i < mic.size(); ++i) {
    std::string changed = mic;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(server->verify("text", changed) == (i >= 4 && i < 8));
  }
  CHECK_FALSE(server->verify("Text", mic));
  CHECK_FALSE(server->verify("text", mic.substr(0, 15)));
  CHECK_FALSE(server->verify("text", mic + "0"));
}
