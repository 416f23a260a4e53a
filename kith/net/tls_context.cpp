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

/// The file that could not be used, as an error; nothing if both could.
std::optional<Loaded> show(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return refused(files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return refused(files.key);
  return std::nullopt;
}

std::optional<Loaded> believe(SSL_CTX* context, const TlsTrust& trust) {
  const bool loaded = trust.authorities.empty()
                          ? SSL_CTX_set_default_verify_paths(context) == 1
                          : SSL_CTX_load_verify_file(context, trust.authorities.c_str()) == 1;
  if (loaded) return std::nullopt;
  return refused(trust.authorities.empty() ? "system authorities" : trust.authorities);
}

Loaded load_server(const TlsFiles& files, const TlsClients& clients) {
  using enum TlsClients::Certificate;
  Context context = common(TLS_server_method());
  if (!context) return refused(files.certificate);
  SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets do instead
  if (auto error = show(context.get(), files)) return *std::move(error);
  if (clients.certificate == unasked) return context;
  SSL_CTX_set_verify(
      context.get(),
      SSL_VERIFY_PEER | (clients.certificate == required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
      nullptr);
  // A ticket speaks for the certificate that was shown when it was given; any name will do.
  constexpr unsigned char name[] = "kith";
  SSL_CTX_set_session_id_context(context.get(), name, sizeof name);
  if (auto error = believe(context.get(), clients.trust)) return *std::move(error);
  return context;
}

Loaded load_client(const TlsTrust& trust, const std::optional<TlsFiles>& own) {
  Context context = common(TLS_client_method());
  if (!context) return refused(trust.authorities);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (auto error = believe(context.get(), trust)) return *std::move(error);
  if (!own) return context;
  if (auto error = show(context.get(), *own)) return *std::move(error);
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

  Loaded load() const {
    return side == Side::server ? load_server(*own, clients) : load_client(clients.trust, own);
  }

  Side side = Side::server;
  std::optional<TlsFiles> own = {};
  TlsClients clients = {};  // of a client only whom it believes
  mutable std::mutex mutex = {};
  Context context = {};  // guarded by the mutex; each session holds a share of its own
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::TlsContext(TlsContext&&) noexcept = default;
TlsContext& TlsContext::operator=(TlsContext&&) noexcept = default;
TlsContext::~TlsContext() = default;

std::expected<TlsContext, TlsError> TlsContext::load(std::unique_ptr<Impl> impl) {
  TlsContext made(std::move(impl));
  if (std::expected<void, TlsError> loaded = made.reload(); !loaded)
    return std::unexpected(std::move(loaded.error()));
  return made;
}

std::expected<TlsContext, TlsError> TlsContext::server(TlsFiles files, TlsClients clients) {
  return load(std::make_unique<Impl>(Impl::Side::server, std::move(files), std::move(clients)));
}

std::expected<TlsContext, TlsError> TlsContext::client(TlsTrust trust,
                                                       std::optional<TlsFiles> own) {
  return load(std::make_unique<Impl>(Impl::Side::client, std::move(own),
                                     TlsClients{.trust = std::move(trust)}));
}

std::expected<void, TlsError> TlsContext::reload() {
  Loaded loaded = impl_->load();
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  const std::scoped_lock lock(impl_->mutex);
  impl_->context.swap(*loaded);
  return {};
}

bool TlsContext::shows_certificate() const { return impl_->own.has_value(); }

ssl_st* TlsContext::session() const {
  const std::scoped_lock lock(impl_->mutex);
  return SSL_new(impl_->context.get());
}

}  // namespace kith::net
