#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kith/auth/mechanism.h"
#include "kith/base/random.h"
#include "kith/crypto/digest.h"

/// A mechanism without a world, for tests and for the simulator: tokens name a principal and a key
/// in clear text and protect nothing. It has the shape of Kerberos: one token, MICs that differ by
/// direction.
namespace kith::auth::testing {

class HmacContext final : public Context {
 public:
  enum class Side { client, server };

  HmacContext(std::string key, Side side) : key_(std::move(key)), side_(side) {}

  std::string mic(std::string_view text) override { return mic_of(side_, text); }
  bool verify(std::string_view text, std::string_view mic) override {
    return mic == mic_of(side_ == Side::client ? Side::server : Side::client, text);
  }

 private:
  std::string mic_of(Side side, std::string_view text) const {
    const std::string key = key_ + (side == Side::client ? "c" : "s");
    return std::string(crypto::view(crypto::hmac_sha256(key, text)).substr(0, 16));
  }

  std::string key_;
  Side side_;
};

/// The token of a principal for a service: "hmac PRINCIPAL KEY TARGETNAME".
inline std::string hmac_token(std::string_view principal, std::string_view key,
                              std::string_view targetname) {
  std::string token = "hmac ";
  token.append(principal).append(" ").append(key).append(" ").append(targetname);
  return token;
}

/// What a worker with a keytab would answer.
inline AcceptResult hmac_accept(std::string_view token, std::string_view targetname,
                                Time expires = never) {
  using Kind = AcceptFailure::Kind;
  constexpr std::string_view mark = "hmac ";
  const std::size_t key = token.find(' ', mark.size());
  const std::size_t target = key == std::string_view::npos ? key : token.find(' ', key + 1);
  if (!token.starts_with(mark) || target == std::string_view::npos)
    return std::unexpected(AcceptFailure{.kind = Kind::bad_token, .detail = "not an HMAC token"});
  if (token.substr(target + 1) != targetname)
    return std::unexpected(
        AcceptFailure{.kind = Kind::wrong_principal, .detail = "the token is for another service"});
  return Accepted{
      .context = std::make_unique<HmacContext>(std::string(token.substr(key + 1, target - key - 1)),
                                               HmacContext::Side::server),
      .principal = std::string(token.substr(mark.size(), key - mark.size())),
      .expires = expires};
}

class HmacInitiator final : public Initiator {
 public:
  /// Random outlives this; every token has a key of its own.
  HmacInitiator(std::string principal, Random& random, Time expires = never)
      : principal_(std::move(principal)), random_(random), expires_(expires) {}

  std::expected<Initiated, InitiateFailure> initiate(std::string_view targetname) override {
    const std::string key = random_.hex(16);
    return Initiated{.token = hmac_token(principal_, key, targetname),
                     .context = std::make_unique<HmacContext>(key, HmacContext::Side::client),
                     .expires = expires_};
  }

 private:
  std::string principal_;
  Random& random_;
  Time expires_;
};

}  // namespace kith::auth::testing
