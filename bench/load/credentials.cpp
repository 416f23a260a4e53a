#include "bench/load/credentials.h"

#include <array>
#include <cstdio>

#include "kith/auth/scheme/digest.h"
#include "kith/crypto/secret.h"

namespace kith::bench {

std::string quoted_parameter(std::string_view text, std::string_view name) {
  const std::string before = std::string(name) + "=\"";
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  const std::string_view value = text.substr(at + before.size());
  return std::string(value.substr(0, value.find('"')));
}

namespace {

class Digest final : public Credentials {
 public:
  Digest(std::string user, std::string password)
      : user_(std::move(user)), password_(std::move(password)) {}

  bool names_device() const override { return false; }

  bool challenged(std::string_view response) override {
    const std::size_t line = response.find("Digest ");
    if (line == std::string_view::npos) return false;
    const std::string_view challenge = response.substr(line, response.find("\r\n", line) - line);
    if (!challenge.contains("SHA-256")) return false;  // the server offers it first
    const std::string realm = quoted_parameter(challenge, "realm");
    nonce_ = quoted_parameter(challenge, "nonce");
    ha1_ = auth::digest_ha1(auth::DigestAlgorithm::sha256, user_, realm, password_);
    fixed_ = "Authorization: Digest username=\"" + user_ + "\", realm=\"" + realm +
             "\", algorithm=SHA-256, qop=auth, cnonce=\"0a4f113b\", nonce=\"" + nonce_ + "\"";
    count_ = 0;
    return !nonce_.empty();
  }

  void accepted(std::string_view) override {}

  void authorize(std::string& out, const Signable& request) override {
    if (nonce_.empty()) return;
    std::array<char, 9> count{};
    std::snprintf(count.data(), count.size(), "%08x", ++count_);
    out.append(fixed_).append(", uri=\"").append(request.uri).append("\", nc=");
    out.append(count.data()).append(", response=\"");
    out.append(auth::digest_response(auth::DigestAlgorithm::sha256, ha1_,
                                     {.method = request.method,
                                      .uri = request.uri,
                                      .nonce = nonce_,
                                      .nc = count.data(),
                                      .cnonce = "0a4f113b"}));
    out.append("\"\r\n");
  }

 private:
  std::string user_;
  crypto::Secret password_;
  crypto::Secret ha1_;
  std::string nonce_;
  std::string fixed_;
  std::uint32_t count_ = 0;
};

}  // namespace

std::unique_ptr<Credentials> digest_credentials(std::string user, std::string password) {
  return std::make_unique<Digest>(std::move(user), std::move(password));
}

}  // namespace kith::bench
