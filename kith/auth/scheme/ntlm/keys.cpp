#include "kith/auth/scheme/ntlm/keys.h"

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/utf16.h"
#include "kith/crypto/digest.h"
#include "kith/crypto/md4.h"
#include "kith/crypto/rc4.h"

namespace kith::auth::ntlm {

namespace {

template <class Bytes>
crypto::Secret secret(const Bytes& digest) {
  return crypto::Secret(std::string(crypto::view(digest)));
}

/// MD5 of a key and a sentence, whose last byte is zero.
crypto::Secret derived(std::string_view key, std::string_view of_client, std::string_view of_server,
                       Direction direction) {
  std::string text(key);
  text.append(direction == Direction::client_to_server ? of_client : of_server);
  text += '\0';
  crypto::Secret result = secret(crypto::md5(text));
  crypto::wipe(text);
  return result;
}

}  // namespace

std::optional<crypto::Secret> nt_hash(const crypto::Secret& password) {
  std::optional<std::string> text = utf16(password.reveal());
  if (!text) return std::nullopt;
  crypto::Secret hash = secret(crypto::md4(*text));
  crypto::wipe(*text);
  return hash;
}

crypto::Secret ntowf_v2(const crypto::Secret& nt_hash, std::string_view user,
                        std::string_view domain) {
  return secret(crypto::hmac_md5(nt_hash.reveal(), upper(user).append(domain)));
}

std::string proof(const crypto::Secret& ntowf_v2, std::string_view server_challenge,
                  std::string_view rest) {
  std::string text(server_challenge);
  text.append(rest);
  return std::string(crypto::view(crypto::hmac_md5(ntowf_v2.reveal(), text)));
}

crypto::Secret session_base_key(const crypto::Secret& ntowf_v2, std::string_view proof) {
  return secret(crypto::hmac_md5(ntowf_v2.reveal(), proof));
}

crypto::Secret exchanged(const crypto::Secret& session_base_key, const crypto::Secret& key) {
  return crypto::Secret(crypto::Rc4(session_base_key.reveal()).apply(key.reveal()));
}

crypto::Secret sign_key(const crypto::Secret& session_key, Direction direction) {
  return derived(session_key.reveal(), "session key to client-to-server signing key magic constant",
                 "session key to server-to-client signing key magic constant", direction);
}

crypto::Secret seal_key(const crypto::Secret& session_key, std::uint32_t flags,
                        Direction direction) {
  const std::size_t used = (flags & flag::key_128) != 0 ? 16 : (flags & flag::key_56) != 0 ? 7 : 5;
  return derived(session_key.reveal().substr(0, used),
                 "session key to client-to-server sealing key magic constant",
                 "session key to server-to-client sealing key magic constant", direction);
}

crypto::Secret seal_key(const crypto::Secret& session_key, std::uint32_t flags) {
  if ((flags & flag::lm_key) == 0) return session_key;
  const bool is_56 = (flags & flag::key_56) != 0;
  std::string key(session_key.reveal().substr(0, is_56 ? 7 : 5));
  key.append(is_56 ? "\xA0" : "\xE5\x38\xB0");
  return crypto::Secret(std::move(key));
}

std::string handshake_mic(const crypto::Secret& session_key, std::string_view challenge,
                          std::string_view authenticate) {
  std::string text(challenge);
  text.append(authenticate);
  return std::string(crypto::view(crypto::hmac_md5(session_key.reveal(), text)));
}

}  // namespace kith::auth::ntlm
