#include "kith/net/tls_context.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "kith/net/test_certificate.h"

namespace kith::net {
namespace {

void write(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

TlsFiles files_in(const TestFolder& folder) {
  return {.certificate = folder.file("certificate.pem"), .key = folder.file("key.pem")};
}

TEST_CASE("TLS context: a file that cannot be used is named, with the reason") {
  const TestFolder folder;
  const TlsFiles files = files_in(folder);
  write_test_certificate(files);
  std::string bad;
  std::string reason;
  SUBCASE("no certificate") {
    bad = files.certificate;
    std::filesystem::remove(bad);
    reason = "No such file or directory";
  }
  SUBCASE("a certificate that is none") {
    bad = files.certificate;
    write(bad, "not PEM");
    reason = "no start line";
  }
  SUBCASE("no key") {
    bad = files.key;
    std::filesystem::remove(bad);
    reason = "No such file or directory";
  }
  SUBCASE("a key that is none") {
    bad = files.key;
    write(bad, "not PEM");
    reason = "unsupported";
  }
  SUBCASE("the key of another certificate") {
    const TestFolder other;
    write_test_certificate(files_in(other));
    bad = files.key;
    std::filesystem::copy(files_in(other).key, bad,
                          std::filesystem::copy_options::overwrite_existing);
    reason = "key values mismatch";
  }
  const auto context = TlsContext::server(files);
  REQUIRE_FALSE(context.has_value());
  CHECK(context.error().file == bad);
  CHECK(context.error().reason == reason);
  CHECK(context.error().text() == bad + ": " + reason);
}

TEST_CASE("TLS context: authorities that cannot be used") {
  const TestFolder folder;
  const std::string file = folder.file("authorities.pem");
  CHECK(TlsContext::client({.authorities = file}).error().text() ==
        file + ": No such file or directory");
  write(file, "not PEM");
  CHECK(TlsContext::client({.authorities = file}).error().file == file);
  CHECK(TlsContext::client({}).has_value());
}

TEST_CASE("TLS context: what is to be shown and believed on the other side can be unusable, too") {
  const TestFolder folder;
  const TlsFiles files = files_in(folder);
  write_test_certificate(files);
  const TlsFiles missing{.certificate = folder.file("none.pem"), .key = files.key};
  const auto client = TlsContext::client({.authorities = files.certificate}, missing);
  CHECK(client.error().file == missing.certificate);
  CHECK(TlsContext::client({.authorities = files.certificate}, files).has_value());
  const TlsTrust nobody{.authorities = folder.file("authorities.pem")};
  using enum TlsClients::Certificate;
  CHECK(TlsContext::server(files, {unasked, nobody}).has_value());  // it is never looked at
  for (const auto certificate : {requested, required}) {
    CHECK(TlsContext::server(files, {certificate, nobody}).error().file == nobody.authorities);
    CHECK(TlsContext::server(files, {certificate, {files.certificate}}).has_value());
  }
}

TEST_CASE("TLS context: nothing older than TLS 1.2") {
  const TestFolder folder;
  write_test_certificate(files_in(folder));
  const auto context = TlsContext::server(files_in(folder));
  REQUIRE(context.has_value());
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(context->session(), &SSL_free);
  CHECK(SSL_get_min_proto_version(session.get()) == TLS1_2_VERSION);
}

TEST_CASE("TLS context: errors explain themselves") {
  CHECK(std::error_code(X509_V_ERR_CERT_HAS_EXPIRED, certificate_category()).message() ==
        "certificate has expired");
  CHECK(std::error_code(1, tls_category()).message() == "unknown error of OpenSSL");
  CHECK(std::string(tls_category().name()) == "tls");
  CHECK(std::string(certificate_category().name()) == "certificate");
}

}  // namespace
}  // namespace kith::net
