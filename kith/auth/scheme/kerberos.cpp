#include "kith/auth/scheme/kerberos.h"

#include <utility>

namespace kith::auth {

namespace {

class KerberosHandshake final : public Handshake {
 public:
  Step token(std::string_view token, Time, Random&) override {
    if (token.empty())
      return AcceptFailure{.kind = AcceptFailure::Kind::bad_token,
                           .detail = "the client sent no Kerberos token"};
    return AskWorld{std::string(token)};
  }

  Step accepted(AcceptResult result) override {
    if (!result) return std::move(result.error());
    return std::move(*result);
  }
};

}  // namespace

std::unique_ptr<Handshake> Kerberos::begin(const Accounts&) const {
  return std::make_unique<KerberosHandshake>();
}

}  // namespace kith::auth
