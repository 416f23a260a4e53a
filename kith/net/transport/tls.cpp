#include "kith/net/transport/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "kith/base/address.h"
#include "kith/net/identity.h"
#include "kith/net/send_queue.h"
#include "kith/net/socket.h"
#include "kith/net/tls_context.h"

namespace kith::net {

namespace {

struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

// OpenSSL's own socket BIO writes with write(), which ends the process by SIGPIPE when the peer has
// gone. This one does not, and otherwise is the same. The descriptor is in its data.
int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int moved(BIO* bio, ssize_t n, int retry) {
  BIO_clear_retry_flags(bio);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(n);
}

int bio_write(BIO* bio, const char* bytes, int size) {
  return moved(bio, ::send(fd_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL),
               BIO_FLAGS_WRITE);
}

int bio_read(BIO* bio, char* bytes, int size) {
  const int n =
      moved(bio, ::recv(fd_of(bio), bytes, static_cast<std::size_t>(size), 0), BIO_FLAGS_READ);
  if (n == 0 && size > 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return n;
}

long bio_control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    case BIO_CTRL_FLUSH:
      return 1;
    default:
      return 0;
  }
}

const BIO_METHOD* descriptor_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "kith descriptor");
    if (made == nullptr) return made;
    BIO_meth_set_write(made, &bio_write);
    BIO_meth_set_read(made, &bio_read);
    BIO_meth_set_ctrl(made, &bio_control);
    return made;
  }();
  return method;
}

std::error_code openssl_error() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (code == 0) return std::make_error_code(std::errc::connection_aborted);
  if (ERR_SYSTEM_ERROR(code)) return {ERR_GET_REASON(code), std::system_category()};
  // A peer that ends TCP without ending TLS may have been cut off by somebody in between.
  if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return std::make_error_code(std::errc::connection_aborted);
  return {static_cast<int>(static_cast<std::uint32_t>(code)), tls_category()};
}

/// The last word on each certificate of a chain, the peer's own at the end.
int judge(int good, X509_STORE_CTX* chain);

class Tls final : public Stream {
 public:
  Tls(SSL* session, std::span<char> scratch) : session_(session), scratch_(scratch) {}

  /// False if out of memory, or if the name cannot be one.
  bool prepare(const StreamSetup& setup) {
    const BIO_METHOD* method = descriptor_method();
    BIO* bio = method != nullptr ? BIO_new(method) : nullptr;
    if (bio == nullptr) return false;
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(setup.fd)));
    BIO_set_init(bio, 1);
    SSL_set_bio(session_.get(), bio, bio);
    SSL_set_app_data(session_.get(), this);
    SSL_set_verify(session_.get(), SSL_get_verify_mode(session_.get()), &judge);
    if (setup.side == StreamSetup::Side::accepted) {
      SSL_set_accept_state(session_.get());
      return true;
    }
    SSL_set_connect_state(session_.get());
    return expect_name(setup);
  }

  Progress handshake() override {
    ERR_clear_error();
    const int result = SSL_do_handshake(session_.get());
    if (result == 1) return {};
    Progress progress = stopped(result, 0);
    const long verified = SSL_get_verify_result(session_.get());
    if (progress.end == Progress::End::ended)
      return {.end = Progress::End::failed,
              .why = std::make_error_code(std::errc::connection_aborted)};
    if (progress.end == Progress::End::failed && verified != X509_V_OK)
      progress.why = {static_cast<int>(verified), certificate_category()};
    return progress;
  }

  Progress read(std::span<char> chunk) override {
    std::size_t total = 0;
    do {
      ERR_clear_error();
      std::size_t n = 0;
      const int result =
          SSL_read_ex(session_.get(), chunk.data() + total, chunk.size() - total, &n);
      if (result != 1) return stopped(result, total);
      total += n;
    } while (total < chunk.size() && SSL_has_pending(session_.get()) == 1);
    return {.bytes = total};
  }

  // Messages that wait together are gathered into one record. A write that would block is repeated
  // with bytes that begin the same, which is all that OpenSSL asks for.
  Progress write(SendQueue& queue) override {
    std::size_t total = 0;
    while (!queue.empty()) {
      const std::string_view bytes = queue.front(scratch_);
      ERR_clear_error();
      std::size_t n = 0;
      const int result = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &n);
      if (result != 1) return stopped(result, total);
      queue.consume(n);
      total += n;
    }
    return {.bytes = total};
  }

  std::uint64_t written_size_bytes() const override {
    return BIO_number_written(SSL_get_wbio(session_.get()));
  }

  std::vector<std::string> sip_domains() const override {
    const X509* shown = SSL_get0_peer_certificate(session_.get());
    return shown != nullptr ? net::sip_domains(shown) : std::vector<std::string>{};
  }

  /// Whether the peer's certificate is one for the domain that was asked for: RFC 5922 §7.3.
  bool is_whom_we_asked_for(const X509* shown) const {
    return domain_.empty() || stands_for(net::sip_domains(shown), domain_);
  }

  bool buffered() const override { return SSL_has_pending(session_.get()) == 1; }

  void finish() override {
    ERR_clear_error();
    SSL_shutdown(session_.get());  // close_notify; nobody waits for the peer's
    ERR_clear_error();
  }

 private:
  Progress stopped(int result, std::size_t bytes) const {
    const int system_error = errno;
    switch (SSL_get_error(session_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {.end = Progress::End::wants_read, .bytes = bytes};
      case SSL_ERROR_WANT_WRITE:
        return {.end = Progress::End::wants_write, .bytes = bytes};
      case SSL_ERROR_ZERO_RETURN:
        return {.end = Progress::End::ended, .bytes = bytes};
      case SSL_ERROR_SYSCALL:
        if (ERR_peek_error() == 0 && system_error != 0)
          return {.end = Progress::End::failed,
                  .bytes = bytes,
                  .why = {system_error, std::system_category()}};
        break;
      default:
        break;
    }
    return {.end = Progress::End::failed, .bytes = bytes, .why = openssl_error()};
  }

  // The name that was asked for, a domain or an IP address; not what DNS made of it. A domain is
  // told to the server (RFC 5922 §7.8); addresses stand in certificates under a type of their own,
  // and are not told.
  bool expect_name(const StreamSetup& setup) {
    if (Address::parse_host(setup.server_name, 0))
      return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_.get()),
                                           setup.server_name.c_str()) == 1;
    domain_ = setup.server_name;
    return !domain_.empty() && SSL_set_tlsext_host_name(session_.get(), domain_.c_str()) == 1;
  }

  std::unique_ptr<SSL, FreeSession> session_;
  std::span<char> scratch_;
  std::string domain_;  // empty: none was asked for
};

int judge(int good, X509_STORE_CTX* chain) {
  if (X509_STORE_CTX_get_error_depth(chain) != 0) return good;
  const X509* shown = X509_STORE_CTX_get_current_cert(chain);
  if (good != 1) {
    // OpenSSL knows the purposes of the Web, and not that of SIP.
    if (X509_STORE_CTX_get_error(chain) != X509_V_ERR_INVALID_PURPOSE || !is_for_sip(shown))
      return good;
    X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
  }
  const auto* session =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (static_cast<const Tls*>(SSL_get_app_data(session))->is_whom_we_asked_for(shown)) return 1;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

}  // namespace

std::unique_ptr<Stream> open_tls(const StreamSetup& setup) {
  SSL* session = setup.tls != nullptr ? setup.tls->session() : nullptr;
  if (session == nullptr) return nullptr;
  auto stream = std::make_unique<Tls>(session, setup.scratch);
  if (!stream->prepare(setup)) return nullptr;
  return stream;
}

}  // namespace kith::net
