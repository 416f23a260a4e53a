#pragma once

#include <string>
#include <string_view>

#include "kith/auth/mechanism.h"
#include "kith/base/time.h"

namespace kith::gssapi {

/// Makes Kerberos tokens from the credential cache as kinit left it. Blocks on the key distribution
/// centre.
class Initiator final : public auth::Initiator {
 public:
  /// The cache's name, "FILE:/tmp/krb5cc_1000"; empty: the one of the environment. The clock tells
  /// the time at which a ticket's remaining life is read.
  using NowFunction = Time (*)();
  explicit Initiator(NowFunction now, std::string cache = {})
      : now_(now), cache_(std::move(cache)) {}

  std::expected<auth::Initiated, auth::InitiateFailure> initiate(
      std::string_view targetname) override;

  /// Whose tickets they are: "alice@EXAMPLE.COM"; empty without a cache.
  std::string principal() const;

 private:
  NowFunction now_;
  std::string cache_;
};

}  // namespace kith::gssapi
