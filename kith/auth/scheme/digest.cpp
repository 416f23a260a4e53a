#include "kith/auth/scheme/digest.h"

#include <array>
#include <charconv>

#include "kith/auth/limits.h"
#include "kith/base/text.h"
#include "kith/crypto/digest.h"

namespace kith::auth {

namespace {

constexpr std::size_t time_digits = 16;
constexpr std::size_t random_bytes = 8;
constexpr std::size_t mac_digits = 32;
constexpr std::size_t nonce_digits = time_digits + 2 * random_bytes + mac_digits;

std::string hex_of(std::uint64_t number) {
  std::string text(time_digits, '0');
  for (std::size_t i = time_digits; i-- > 0; number >>= 4U)
    text[i] = "0123456789abcdef"[number & 15U];
  return text;
}

template <class Number>
std::optional<Number> number_of_hex(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string mac(const crypto::Secret& key, std::string_view text) {
  return crypto::hex(crypto::hmac_sha256(key.reveal(), text)).substr(0, mac_digits);
}

std::uint64_t nanoseconds(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

// An ACK and a CANCEL carry the credentials of their INVITE and cannot be challenged.
bool repeats_credentials(std::string_view method) { return method == "ACK" || method == "CANCEL"; }

bool offered(std::string_view algorithm) {
  const std::optional<DigestAlgorithm> known = digest_algorithm(algorithm);
  return known == DigestAlgorithm::md5 || known == DigestAlgorithm::sha256;
}

std::string_view unusable(const DigestCredentials& c, std::string_view realm) {
  if (c.realm != realm) return "another realm";
  if (c.qop != "auth") return "qop is not auth";
  if (c.nc.size() != 8 || !number_of_hex<std::uint32_t>(c.nc)) return "nc is not 8 digits";
  if (c.cnonce.empty()) return "no cnonce";
  if (!c.algorithm.empty() && !offered(c.algorithm)) return "an algorithm never offered";
  for (const std::string_view text : {c.username, c.nonce, c.uri, c.cnonce, c.response})
    if (text.size() > limits::digest_parameter_bytes_max) return "a parameter is too long";
  return {};
}

bool same_uri(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const Result<sip::UriView> left = sip::UriView::parse(a);
  const Result<sip::UriView> right = sip::UriView::parse(b);
  return left && right && equivalent(*left, *right);
}

/// A Windows login has a backslash, which some clients escape as they should and others do not.
std::optional<DigestAccount> account_named(std::string_view username, const Accounts& accounts) {
  std::optional<DigestAccount> account = accounts.digest_account(username);
  if (!account && username.contains('\\'))
    account = accounts.digest_account(sip::unquote(username));
  return account;
}

}  // namespace

Digest::Digest(const Realm& realm, Random& random)
    : realm_(realm.digest_realm),
      uri_(realm.digest_uri),
      lifetime_(realm.nonce_lifetime),
      key_(random.hex(32)) {}

std::pair<std::string, std::string> Digest::challenges(Stale stale, const Address& source, Time now,
                                                       Random& random) const {
  const std::string fresh = nonce(source, now, random);
  const auto value = [&](DigestAlgorithm algorithm) {
    std::string text = "Digest realm=\"" + realm_ + "\", nonce=\"" + fresh + "\", algorithm=";
    text.append(to_string(algorithm)).append(", qop=\"auth\"");
    if (stale == Stale::yes) text += ", stale=true";
    return text;
  };
  return {value(DigestAlgorithm::sha256), value(DigestAlgorithm::md5)};
}

std::variant<sip::Aor, DigestFailure> Digest::check(const DigestCredentials& credentials,
                                                    std::string_view method,
                                                    std::string_view request_uri,
                                                    const Accounts& accounts, const Address& source,
                                                    Time now) {
  if (const std::string_view cause = unusable(credentials, realm_); !cause.empty())
    return DigestFailure{.kind = DigestFailure::Kind::unusable, .cause = cause};
  if (uri_ == DigestUri::equivalent && !same_uri(credentials.uri, request_uri))
    return DigestFailure{.kind = DigestFailure::Kind::unusable,
                         .cause = "uri is not the Request-URI"};

  const DigestAlgorithm algorithm =
      digest_algorithm(credentials.algorithm).value_or(DigestAlgorithm::md5);
  const std::optional<DigestAccount> account = account_named(credentials.username, accounts);
  const crypto::Secret* ha1 = nullptr;
  if (account) ha1 = algorithm == DigestAlgorithm::md5 ? &account->md5 : &account->sha256;
  const bool known = ha1 != nullptr && !ha1->empty();
  // Nobody must see from the time taken whether the user exists.
  if (!known) ha1 = &key_;
  DigestInput input{.method = method,
                    .uri = credentials.uri,
                    .nonce = credentials.nonce,
                    .nc = credentials.nc,
                    .cnonce = credentials.cnonce};
  const std::string response = to_lower(credentials.response);
  bool right = crypto::constant_time_equal(digest_response(algorithm, *ha1, input), response);
  if (!right && method == "ACK") {
    input.method = "INVITE";
    right = crypto::constant_time_equal(digest_response(algorithm, *ha1, input), response);
  }
  std::optional<NonceId> id = own_nonce(credentials.nonce, source, now);
  if (!id)
    return DigestFailure{.kind = DigestFailure::Kind::stale,
                         .cause = "the nonce has expired, or is not ours or not for this address"};
  if (!right || !known)
    return DigestFailure{.kind = DigestFailure::Kind::wrong,
                         .cause = "wrong user name or password"};

  const std::uint32_t nc = *number_of_hex<std::uint32_t>(credentials.nc);
  if (!repeats_credentials(method) && !count(std::move(*id), nc, now))
    return DigestFailure{.kind = DigestFailure::Kind::stale,
                         .cause = "the nonce count was used before"};
  return account->aor;
}

std::string Digest::nonce(const Address& source, Time now, Random& random) const {
  std::string text = hex_of(nanoseconds(now)) + random.hex(random_bytes);
  return text + mac(key_, text + source.host());
}

std::optional<Digest::NonceId> Digest::own_nonce(std::string_view text, const Address& source,
                                                 Time now) const {
  if (text.size() != nonce_digits) return std::nullopt;
  const std::string_view payload = text.substr(0, nonce_digits - mac_digits);
  const std::string proof = mac(key_, std::string(payload) + source.host());
  if (!crypto::constant_time_equal(proof, text.substr(payload.size()))) return std::nullopt;
  const std::uint64_t made = number_of_hex<std::uint64_t>(text.substr(0, time_digits)).value_or(0);
  const std::uint64_t age = nanoseconds(now) - made;
  if (made > nanoseconds(now) || age >= static_cast<std::uint64_t>(lifetime_.count()))
    return std::nullopt;
  return NonceId{made, std::string(payload.substr(time_digits))};
}

bool Digest::count(NonceId nonce, std::uint32_t nc, Time now) {
  const auto expired = [&](std::uint64_t made) {
    return made + static_cast<std::uint64_t>(lifetime_.count()) <= nanoseconds(now);
  };
  while (!counts_.empty() && expired(counts_.begin()->first.first)) counts_.erase(counts_.begin());
  auto found = counts_.find(nonce);
  if (found == counts_.end()) {
    if (nonce.first <= forgotten_until_) return false;
    if (counts_.size() >= limits::nonces_max) {
      forgotten_until_ = counts_.begin()->first.first;
      counts_.erase(counts_.begin());
      // The new one may be older than what was forgotten to make room for it.
      if (nonce.first <= forgotten_until_) return false;
    }
    found = counts_.emplace(std::move(nonce), ReplayWindow{}).first;
  }
  return found->second.accept(nc);
}

}  // namespace kith::auth
