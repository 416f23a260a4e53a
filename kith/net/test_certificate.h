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

/// For tests: what a certificate says; a text that is empty is not there.
struct TestNames {
  std::string common_name = "localhost";
  std::string alternatives = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1";
  std::string purposes = {};
};

struct FreeTest {
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
  void operator()(X509* it) const { X509_free(it); }
  void operator()(X509_EXTENSION* it) const { X509_EXTENSION_free(it); }
  void operator()(std::FILE* it) const { std::fclose(it); }
};

struct TestCertificate {
  std::unique_ptr<EVP_PKEY, FreeTest> key;
  std::unique_ptr<X509, FreeTest> x509;
};

inline void sure(bool good) {
  if (!good) std::abort();
}

/// For tests: a new P-256 key and a certificate that it signed itself, valid for an hour.
inline TestCertificate make_test_certificate(const TestNames& names = {}) {
  TestCertificate made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.x509.reset(X509_new());
  X509* const x509 = made.x509.get();
  sure(made.key != nullptr && x509 != nullptr);
  sure(X509_set_version(x509, X509_VERSION_3) == 1);
  sure(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
  sure(X509_gmtime_adj(X509_getm_notBefore(x509), -60) != nullptr);
  sure(X509_gmtime_adj(X509_getm_notAfter(x509), 3600) != nullptr);
  const auto* common = reinterpret_cast<const unsigned char*>(names.common_name.data());
  sure(names.common_name.empty() ||
       X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, common,
                                  static_cast<int>(names.common_name.size()), -1, 0) == 1);
  sure(X509_set_issuer_name(x509, X509_get_subject_name(x509)) == 1);
  sure(X509_set_pubkey(x509, made.key.get()) == 1);
  const auto add = [&](int kind, const std::string& text) {
    if (text.empty()) return;
    const std::unique_ptr<X509_EXTENSION, FreeTest> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, text.c_str()));
    sure(extension != nullptr && X509_add_ext(x509, extension.get(), -1) == 1);
  };
  add(NID_subject_alt_name, names.alternatives);
  add(NID_ext_key_usage, names.purposes);
  sure(X509_sign(x509, made.key.get(), EVP_sha256()) != 0);
  return made;
}

/// For tests: such a certificate in files. A peer may trust the certificate's file.
inline void write_test_certificate(const TlsFiles& files, const TestNames& names = {}) {
  const TestCertificate made = make_test_certificate(names);
  const std::unique_ptr<std::FILE, FreeTest> chain(std::fopen(files.certificate.c_str(), "w"));
  sure(chain != nullptr && PEM_write_X509(chain.get(), made.x509.get()) == 1);
  const std::unique_ptr<std::FILE, FreeTest> secret(std::fopen(files.key.c_str(), "w"));
  sure(secret != nullptr && PEM_write_PrivateKey(secret.get(), made.key.get(), nullptr, nullptr, 0,
                                                 nullptr, nullptr) == 1);
}

}  // namespace kith::net
