#pragma once

#include <string>
#include <string_view>

#include "kith/base/random.h"
#include "kith/base/text.h"
#include "kith/base/time.h"
#include "kith/crypto/base64.h"

/// The example of section 3.5 of the reference: walt of LAB at lcs1.lab.example, whose password is
/// S3cure-Pass.
namespace kith::auth::ntlm::testing {

inline constexpr Time now{1'128'469'864'390'656'000ns};  // in 2005

inline std::string challenge() {
  return crypto::base64_decode(
             "TlRMTVNTUAACAAAABgAGADgAAABVgpjiESIzRFVmd4gAAAAAAAAAAFgAWAA+"
             "AAAABQLODgAAAA9MAEEAQgACAAYA"
             "TABBAEIAAQAIAEwAQwBTADEABAAWAGwAYQBiAC4AZQB4AGEAbQBwAGwAZQADACAAbABjAHMAMQAuAGwAYQBiA"
             "C4A"
             "ZQB4AGEAbQBwAGwAZQAAAAAA")
      .value();
}

inline std::string authenticate() {
  return crypto::base64_decode(
             "TlRMTVNTUAADAAAAGAAYAGAAAACIAIgAeAAAAAYABgBIAAAACAAIAE4AAAAKAAoAVgAAABAAEAAAAQAAVYKYY"
             "gUB"
             "KAoAAAAPTABBAEIAdwBhAGwAdABEAEUAUwBLADEAN2YgvG6j3TvOa0bhCMnjrqGio6SlpqeoDDC2O4jw1NRMw"
             "be6"
             "I5nN+"
             "AEBAAAAAAAAAMBPez7JxQGhoqOkpaanqAAAAAACAAYATABBAEIAAQAIAEwAQwBTADEABAAWAGwAYQBiAC4A"
             "ZQB4AGEAbQBwAGwAZQADACAAbABjAHMAMQAuAGwAYQBiAC4AZQB4AGEAbQBwAGwAZQAAAAAAAAAAAGEhMvWsy"
             "NSn"
             "1pFkroYPDsY=")
      .value();
}

/// What the example calls chosen: bytes that are known before.
class Chosen final : public Random {
 public:
  explicit Chosen(std::string_view digits) : bytes_(from_hex(digits).value()) {}

  void fill(std::span<std::byte> bytes) override {
    for (std::byte& each : bytes) each = static_cast<std::byte>(bytes_.at(next_++));
  }

 private:
  std::string bytes_;
  std::size_t next_ = 0;
};

}  // namespace kith::auth::ntlm::testing
