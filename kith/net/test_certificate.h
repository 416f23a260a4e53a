#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "kith/net/tls_context.h"

namespace kith::net {

/// For tests: a folder of its own, gone at the end.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kith-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// For tests: writes a new P-256 key and a certificate of its own for localhost, 127.0.0.1 and ::1,
/// valid for an hour. A client may trust the certificate's file.
inline void write_test_certificate(const TlsFiles& files) {
  struct Free {
    void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
    void operator()(X509* it) const { X509_free(it); }
    void operator()(X509_EXTENSION* it) const { X509_EXTENSION_free(it); }
    void operator()(std::FILE* it) const { std::fclose(it); }
  };
  const auto sure = [](bool good) {
    if (!good) std::abort();
  };
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> certificate(X509_new());
  sure(key != nullptr && certificate != nullptr);
  X509* const x509 = certificate.get();
  sure(X509_set_version(x509, X509_VERSION_3) == 1);
  sure(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
  sure(X509_gmtime_adj(X509_getm_notBefore(x509), -60) != nullptr);
  sure(X509_gmtime_adj(X509_getm_notAfter(x509), 3600) != nullptr);
  const std::string name = "localhost";
  sure(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                                  reinterpret_cast<const unsigned char*>(name.data()),
                                  static_cast<int>(name.size()), -1, 0) == 1);
  sure(X509_set_issuer_name(x509, X509_get_subject_name(x509)) == 1);
  sure(X509_set_pubkey(x509, key.get()) == 1);
  const std::unique_ptr<X509_EXTENSION, Free> names(X509V3_EXT_conf_nid(
      nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"));
  sure(names != nullptr && X509_add_ext(x509, names.get(), -1) == 1);
  sure(X509_sign(x509, key.get(), EVP_sha256()) != 0);

  const std::unique_ptr<std::FILE, Free> chain(std::fopen(files.certificate.c_str(), "w"));
  sure(chain != nullptr && PEM_write_X509(chain.get(), x509) == 1);
  const std::unique_ptr<std::FILE, Free> secret(std::fopen(files.key.c_str(), "w"));
  sure(secret != nullptr &&
       PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
}

}  // namespace kith::net
