#include "kith/auth/scheme/ntlm/keys.h"

#include <doctest/doctest.h>

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/messages.h"
#include "kith/auth/scheme/ntlm/utf16.h"
#include "kith/base/text.h"
#include "kith/crypto/digest.h"
#include "kith/crypto/rc4.h"

using namespace kith;
using namespace kith::auth::ntlm;
using crypto::Secret;

namespace {

std::string bytes(std::string_view digits) { return from_hex(digits).value(); }
std::string hex(std::string_view text) { return to_hex(as_bytes(text)); }
std::string hex(const Secret& secret) { return hex(secret.reveal()); }

Secret owf(std::string_view password, std::string_view user, std::string_view domain) {
  return ntowf_v2(nt_hash(Secret(std::string(password))).value(), utf16(user).value(),
                  utf16(domain).value());
}

/// The values of [MS-NLMP] §4.2.1 and §4.2.4.
struct Published {
  Secret key = owf("Password", "User", "Domain");
  std::string server_challenge = bytes("0123456789abcdef");
  std::string client_challenge = bytes("aaaaaaaaaaaaaaaa");
  ClientChallenge rest{.time = 0,
                       .challenge = client_challenge,
                       .target_info = {{AvId::netbios_domain, utf16("Domain").value()},
                                       {AvId::netbios_computer, utf16("Server").value()}}};
  std::string nt_proof = proof(key, server_challenge, rest.write());
  Secret session_key{std::string(16, '\x55')};
};

}  // namespace

TEST_CASE("[MS-NLMP] §4.2.2.1, §4.2.4.1: the NT hash, and the key of user, domain and password") {
  CHECK(hex(nt_hash(Secret("Password")).value()) == "a4f49c406510bdcab6824ee7c30fd852");
  CHECK(hex(Published{}.key) == "0c868a403bfd7a93a3001ef22ef02e3f");
  CHECK(hex(owf("Password", "uSER", "Domain")) == "0c868a403bfd7a93a3001ef22ef02e3f");
  CHECK(hex(owf("Password", "User", "DOMAIN")) != "0c868a403bfd7a93a3001ef22ef02e3f");
  CHECK(hex(owf("password", "User", "Domain")) != "0c868a403bfd7a93a3001ef22ef02e3f");
  CHECK_FALSE(nt_hash(Secret("\xff")).has_value());
}

TEST_CASE("[MS-NLMP] §4.2.4.1.3, §4.2.4.2: both responses and the session keys") {
  const Published published;
  CHECK(hex(published.rest.write()) ==
        "01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e00"
        "01000c005300650072007600650072000000000000000000");
  CHECK(hex(published.nt_proof) == "68cd0ab851e51c96aabc927bebef6a1c");
  CHECK(hex(proof(published.key, published.server_challenge, published.client_challenge)) ==
        "86c35097ac9cec102554764a57cccc19");
  const Secret base = session_base_key(published.key, published.nt_proof);
  CHECK(hex(base) == "8de40ccadbc14a82f15cb0ad0de95ca3");
  const Secret hidden = exchanged(base, published.session_key);
  CHECK(hex(hidden) == "c5dad2544fc9799094ce1ce90bc9d03e");
  CHECK(exchanged(base, hidden) == published.session_key);
}

TEST_CASE("[MS-NLMP] §4.2.4.4: the keys with extended session security, and what they make") {
  const Published published;
  const Secret seal = seal_key(published.session_key, flag::key_128, Direction::client_to_server);
  const Secret sign = sign_key(published.session_key, Direction::client_to_server);
  CHECK(hex(seal) == "59f600973cc4960a25480a7c196e4c58");
  CHECK(hex(sign) == "4788dc861b4782f35d43fd98fe1a2d39");
  const std::string text = utf16("Plaintext").value();
  crypto::Rc4 rc4(seal.reveal());
  CHECK(hex(rc4.apply(text)) == "54e50165bf1936dc996020c1811b0f06fb5f");
  const std::string sum(
      crypto::view(crypto::hmac_md5(sign.reveal(), std::string(4, '\0') + text)).substr(0, 8));
  CHECK(hex(sum) == "70352851f2564309");
  CHECK(hex(rc4.apply(sum)) == "7fb38ec5c55d4976");
}

TEST_CASE("SIP-AUTH-50: the keys of the example of section 3.5") {
  const Secret key = owf("S3cure-Pass", "walt", "LAB");
  CHECK(hex(key) == "e40ab4791f8719ad74321b5a37f8f4b5");
  const std::string server_challenge = bytes("1122334455667788");
  const std::string client_challenge = bytes("a1a2a3a4a5a6a7a8");
  const ClientChallenge rest{
      .time = read_filetime(bytes("00c04f7b3ec9c501")).value(),
      .challenge = client_challenge,
      .target_info = {{AvId::netbios_domain, utf16("LAB").value()},
                      {AvId::netbios_computer, utf16("LCS1").value()},
                      {AvId::dns_domain, utf16("lab.example").value()},
                      {AvId::dns_computer, utf16("lcs1.lab.example").value()}}};
  const std::string nt_proof = proof(key, server_challenge, rest.write());
  CHECK(hex(nt_proof) == "0c30b63b88f0d4d44cc1b7ba2399cdf8");
  CHECK(hex(proof(key, server_challenge, client_challenge)) == "376620bc6ea3dd3bce6b46e108c9e3ae");
  const Secret base = session_base_key(key, nt_proof);
  CHECK(hex(base) == "b1ac187ba453edf31e01c422072e6515");
  const Secret session_key(bytes("0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
  CHECK(hex(exchanged(base, session_key)) == "612132f5acc8d4a7d69164ae860f0ec6");
  using enum Direction;
  CHECK(hex(sign_key(session_key, client_to_server)) == "9e3ae016ba68be018874c88ac619d6f1");
  CHECK(hex(sign_key(session_key, server_to_client)) == "496721cecf4fc02956d49e57d473d2b6");
  constexpr std::uint32_t both = flag::key_128 | flag::key_56;
  CHECK(hex(seal_key(session_key, both, client_to_server)) == "4b1bb6cb1a6a7b07d86c2344d92a5b2f");
  CHECK(hex(seal_key(session_key, both, server_to_client)) == "b5ee6c51b8716701a086d79a25047e89");
}

TEST_CASE("[MS-NLMP] §3.4.5.3: keys that are weaker where no stronger ones were agreed on") {
  const Secret key(bytes("0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
  const auto of_front = [&](std::size_t size) {
    return hex(crypto::view(
        crypto::md5(std::string(key.reveal().substr(0, size)) +
                    "session key to client-to-server sealing key magic constant" + '\0')));
  };
  using enum Direction;
  CHECK(hex(seal_key(key, flag::key_128 | flag::key_56, client_to_server)) == of_front(16));
  CHECK(hex(seal_key(key, flag::key_56, client_to_server)) == of_front(7));
  CHECK(hex(seal_key(key, 0, client_to_server)) == of_front(5));
  CHECK(seal_key(key, flag::key_56) == key);
  CHECK(hex(seal_key(key, flag::lm_key | flag::key_56)) == "0f1e2d3c4b5a69a0");
  CHECK(hex(seal_key(key, flag::lm_key)) == "0f1e2d3c4be538b0");
}
