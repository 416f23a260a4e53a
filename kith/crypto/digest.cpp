#include "kith/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "kith/base/text.h"

namespace kith::crypto {

namespace {

// An implicit fetch costs more than the digest of a short text, so each is fetched once. OpenSSL
// without MD5 (FIPS) cannot run SIP's Digest at all; there is no way to go on.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* md = EVP_MD_fetch(nullptr, name, nullptr);
  if (md == nullptr) std::abort();
  return md;
}

const EVP_MD* md5_method() {
  static const EVP_MD* const md = fetch("MD5");
  return md;
}

const EVP_MD* sha1_method() {
  static const EVP_MD* const md = fetch("SHA1");
  return md;
}

const EVP_MD* sha256_method() {
  static const EVP_MD* const md = fetch("SHA256");
  return md;
}

const EVP_MD* sha512_256_method() {
  static const EVP_MD* const md = fetch("SHA512-256");
  return md;
}

template <std::size_t Size>
Digest<Size> digest(const EVP_MD* method, std::string_view text) {
  Digest<Size> out{};
  unsigned size = 0;
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  if (EVP_Digest(text.data(), text.size(), bytes, &size, method, nullptr) != 1 || size != Size)
    std::abort();
  return out;
}

template <std::size_t Size>
Digest<Size> hmac(const EVP_MD* method, std::string_view key, std::string_view text) {
  Digest<Size> out{};
  unsigned size = 0;
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  // A null key would mean "the key of last time" to OpenSSL.
  const char* key_bytes = key.empty() ? "" : key.data();
  if (HMAC(method, key_bytes, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes,
           &size) == nullptr ||
      size != Size)
    std::abort();
  return out;
}

}  // namespace

Digest<16> md5(std::string_view text) { return digest<16>(md5_method(), text); }
Digest<20> sha1(std::string_view text) { return digest<20>(sha1_method(), text); }
Digest<32> sha256(std::string_view text) { return digest<32>(sha256_method(), text); }
Digest<32> sha512_256(std::string_view text) { return digest<32>(sha512_256_method(), text); }

Digest<16> hmac_md5(std::string_view key, std::string_view text) {
  return hmac<16>(md5_method(), key, text);
}

Digest<32> hmac_sha256(std::string_view key, std::string_view text) {
  return hmac<32>(sha256_method(), key, text);
}

std::string hex(std::span<const std::byte> digest) { return to_hex(digest); }

}  // namespace kith::crypto
