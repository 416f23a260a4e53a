#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kith::bench {

/// A request, as far as its credentials depend on it. The same user is in From and To.
struct Signable {
  std::string_view method;
  std::string_view uri;  // the Request-URI
  std::string_view user_uri;
  std::string_view from_tag;
  std::string_view call_id;
  std::uint32_t cseq = 0;
  std::string_view expires;  // text of the Expires header; empty without one
};

/// How one user proves who it is.
class Credentials {
 public:
  Credentials() = default;
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  virtual ~Credentials() = default;

  /// Whether From carries an epid: it does where there is a security association.
  virtual bool names_device() const = 0;
  /// Learns what a 401 asks for. False: it asks for nothing that this can answer.
  virtual bool challenged(std::string_view response) = 0;
  /// Learns from the 200 to the REGISTER that carried the answer.
  virtual void accepted(std::string_view response) = 0;
  /// Appends the Authorization line; nothing before the first challenge.
  virtual void authorize(std::string& out, const Signable& request) = 0;
};

/// Digest with SHA-256, qop auth: RFC 7616.
std::unique_ptr<Credentials> digest_credentials(std::string user, std::string password);

/// Kerberos with signature version 4, with the ticket in a credential cache. Asks the KDC for the
/// service's ticket when it is challenged.
std::unique_ptr<Credentials> kerberos_credentials(std::string cache);

/// The value of `name="value"` in a header line; empty if there is none.
std::string quoted_parameter(std::string_view text, std::string_view name);

}  // namespace kith::bench
