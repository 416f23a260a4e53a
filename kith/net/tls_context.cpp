#include "kith/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <utility>

namespace kith::net {

namespace {

class TlsCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int code) const override {
    const char* reason = ERR_reason_error_string(static_cast<std::uint32_t>(code));
    return reason != nullptr ? reason : "unknown error of OpenSSL";
  }
};

class CertificateCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "certificate"; }
  std::string message(int code) const override { return X509_verify_cert_error_string(code); }
};

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Loaded = std::expected<Context, TlsError>;

/// What OpenSSL says last is the symptom; what it said first is the reason.
std::unexpected<TlsError> refused(std::string file) {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  if (ERR_SYSTEM_ERROR(code))
    return std::unexpected(
        TlsError{std::move(file), std::system_category().message(ERR_GET_REASON(code))});
  return std::unexpected(TlsError{std::move(file), reason != nullptr ? reason : "out of memory"});
}

/// A key with a pass phrase is refused: OpenSSL would ask for it on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

Context common(const SSL_METHOD* method) {
  ERR_clear_error();
  Context context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) return nullptr;
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);  // header and body of a record in one recv
  SSL_CTX_set_default_passwd_cb(context.get(), &no_pass_phrase);
  return context;
}

Loaded load_server(const TlsFiles& files) {
  Context context = common(TLS_server_method());
  if (!context) return refused(files.certificate);
  SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets do instead
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return refused(files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1)
    return refused(files.key);
  return context;
}

Loaded load_client(const TlsTrust& trust) {
  Context context = common(TLS_client_method());
  const std::string file = trust.authorities.empty() ? "system authorities" : trust.authorities;
  if (!context) return refused(file);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = trust.authorities.empty()
                         ? SSL_CTX_set_default_verify_paths(context.get())
                         : SSL_CTX_load_verify_file(context.get(), trust.authorities.c_str());
  if (loaded != 1) return refused(file);
  return context;
}

}  // namespace

const std::error_category& tls_category() {
  static const TlsCategory category;
  return category;
}

const std::error_category& certificate_category() {
  static const CertificateCategory category;
  return category;
}

struct TlsContext::Impl {
  enum class Side : std::uint8_t { server, client };

  Loaded load() const { return side == Side::server ? load_server(files) : load_client(trust); }

  Side side = Side::server;
  TlsFiles files = {};
  TlsTrust trust = {};
  mutable std::mutex mutex = {};
  Context context = {};  // guarded by the mutex; each session holds a share of its own
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::TlsContext(TlsContext&&) noexcept = default;
TlsContext& TlsContext::operator=(TlsContext&&) noexcept = default;
TlsContext::~TlsContext() = default;

std::expected<TlsContext, TlsError> TlsContext::server(TlsFiles files) {
  TlsContext made(std::make_unique<Impl>());
  made.impl_->side = Impl::Side::server;
  made.impl_->files = std::move(files);
  if (std::expected<void, TlsError> loaded = made.reload(); !loaded)
    return std::unexpected(std::move(loaded.error()));
  return made;
}

std::expected<TlsContext, TlsError> TlsContext::client(TlsTrust trust) {
  TlsContext made(std::make_unique<Impl>());
  made.impl_->side = Impl::Side::client;
  made.impl_->trust = std::move(trust);
  if (std::expected<void, TlsError> loaded = made.reload(); !loaded)
    return std::unexpected(std::move(loaded.error()));
  return made;
}

std::expected<void, TlsError> TlsContext::reload() {
  Loaded loaded = impl_->load();
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  const std::scoped_lock lock(impl_->mutex);
  impl_->context.swap(*loaded);
  return {};
}

ssl_st* TlsContext::session() const {
  const std::scoped_lock lock(impl_->mutex);
  return SSL_new(impl_->context.get());
}

}  // namespace kith::net
