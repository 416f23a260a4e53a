#include <array>
#include <chrono>
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include "bench/load/credentials.h"
#include "kith/base/text.h"
#include "kith/crypto/base64.h"
#include "kith/gssapi/initiator.h"

namespace kith::bench {

namespace {

constexpr std::string_view client_random = "0a4f113b";

Time utc_now() {
  return Time{
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

class Kerberos final : public Credentials {
 public:
  explicit Kerberos(std::string cache) : initiator_(utc_now, std::move(cache)) {}

  bool names_device() const override { return true; }

  bool challenged(std::string_view response) override {
    const std::size_t line = response.find("Kerberos ");
    if (line == std::string_view::npos) return false;
    const std::string_view challenge = response.substr(line, response.find("\r\n", line) - line);
    realm_ = quoted_parameter(challenge, "realm");
    targetname_ = quoted_parameter(challenge, "targetname");
    auto initiated = initiator_.initiate(targetname_);
    if (!initiated) {
      std::cerr << "load: " << initiated.error().detail << '\n';
      return false;
    }
    token_ = crypto::base64_encode(initiated->token);
    context_ = std::move(initiated->context);
    opaque_.clear();
    return true;
  }

  void accepted(std::string_view response) override {
    opaque_ = quoted_parameter(response, "opaque");
  }

  void authorize(std::string& out, const Signable& request) override {
    if (!context_) return;
    out.append("Authorization: Kerberos qop=\"auth\", realm=\"").append(realm_);
    out.append("\", targetname=\"").append(targetname_);
    if (opaque_.empty())  // the handshake, which is signed from version 4 on
      out.append("\", version=4, gssapi-data=\"").append(token_);
    else
      out.append("\", opaque=\"").append(opaque_);
    const std::string number = std::to_string(++number_);
    const std::string mic = sign(request, number);
    out.append("\", crand=\"").append(client_random);
    out.append("\", cnum=\"").append(number).append("\", response=\"");
    out.append(to_hex(as_bytes(mic))).append("\"\r\n");
  }

 private:
  /// The buffer of a request without a tag in To and without asserted identities.
  std::string sign(const Signable& request, std::string_view number) {
    const std::string cseq = std::to_string(request.cseq);
    const std::array<std::string_view, 15> values{"Kerberos",
                                                  client_random,
                                                  number,
                                                  realm_,
                                                  targetname_,
                                                  request.call_id,
                                                  cseq,
                                                  request.method,
                                                  request.user_uri,
                                                  request.from_tag,
                                                  request.user_uri,
                                                  "",
                                                  "",
                                                  "",
                                                  request.expires};
    buffer_.clear();
    for (const std::string_view value : values) buffer_.append("<").append(value).append(">");
    return context_->mic(buffer_);
  }

  gssapi::Initiator initiator_;
  std::unique_ptr<auth::Context> context_;
  std::string realm_;
  std::string targetname_;
  std::string token_;
  std::string opaque_;
  std::string buffer_;
  std::uint32_t number_ = 0;
};

}  // namespace

std::unique_ptr<Credentials> kerberos_credentials(std::string cache) {
  return std::make_unique<Kerberos>(std::move(cache));
}

}  // namespace kith::bench
