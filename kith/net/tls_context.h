#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

struct ssl_st;

namespace kith::net {

/// What we show our peers, in PEM: the certificate first, then those between it and a root.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// Whom we believe: the certificates in one PEM file, or the system's if it is empty.
struct TlsTrust {
  std::string authorities;
};

/// Whether a server asks its clients for a certificate, and whom it believes about them. One that
/// is not believed ends the handshake, even where none was required: RFC 5922 §7.4.
struct TlsClients {
  enum class Certificate : std::uint8_t { unasked, requested, required };

  Certificate certificate = Certificate::unasked;
  TlsTrust trust = {};
};

/// Which file could not be used, and why.
struct TlsError {
  std::string file;
  std::string reason;

  std::string text() const { return file + ": " + reason; }
};

/// Errors of OpenSSL on one connection.
const std::error_category& tls_category();

/// Reasons why a peer's certificate was not believed (X509_V_ERR_…).
const std::error_category& certificate_category();

/// How connections are secured: TLS 1.2 or later. One context serves all shards; it may be reloaded
/// by one thread while others open connections. It must outlive the Transports that use it.
class TlsContext {
 public:
  static std::expected<TlsContext, TlsError> server(TlsFiles files, TlsClients clients = {});
  /// `own` is shown to servers that ask for a certificate.
  static std::expected<TlsContext, TlsError> client(TlsTrust trust,
                                                    std::optional<TlsFiles> own = {});

  TlsContext(TlsContext&&) noexcept;
  TlsContext& operator=(TlsContext&&) noexcept;
  ~TlsContext();

  /// Reads the files again, for connections to come; those that live are not touched. If a file
  /// cannot be used, everything stays as it was.
  std::expected<void, TlsError> reload();

  /// Whether the peer is shown a certificate of ours: by a server always, by a client if it was
  /// given one and is asked for it.
  bool shows_certificate() const;

  /// A new OpenSSL session, owned by the caller; null if out of memory.
  ssl_st* session() const;

 private:
  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);
  static std::expected<TlsContext, TlsError> load(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
