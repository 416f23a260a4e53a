#include "kith/auth/protection_space.h"

#include <algorithm>
#include <limits>

#include "kith/auth/limits.h"
#include "kith/auth/parameters.h"
#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/base/writer.h"
#include "kith/sip/uri.h"

namespace kith::auth {

namespace {

constexpr std::size_t cnonce_bytes = 16;
/// attr-char: RFC 5987 §3.2.1
constexpr CharSet attribute_chars = digits | letters | CharSet{"!#$&+-.^_`|~"};

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// Text that came out of quotes goes into them as it is.
void write_as_it_was(Writer& out, std::string_view name, std::string_view text) {
  out << ", " << name << "=\"" << text << '"';
}

/// username, or username* where the server said which charset it understands: RFC 7616 §3.4
void write_username(Writer& out, const DigestChallenge& challenge, std::string_view username) {
  if (challenge.userhash) {
    out << "username=\"" << digest_userhash(challenge.variant.hash, username, challenge.realm())
        << '"';
  } else if (challenge.utf8 && !is_ascii(username)) {
    out << "username*=UTF-8''";
    for (const char c : username) {
      if (attribute_chars[c])
        out << c;
      else
        out << '%' << upper_hex({&c, 1});
    }
  } else {
    out << "username=";
    out.quoted(username);
  }
}

bool in_domain(const sip::UriView& uri, std::string_view domain) {
  const Result<sip::UriView> part = sip::UriView::parse(domain);
  return part && part->is_sip() && part->scheme == uri.scheme &&
         equal_ignoring_case(part->host, uri.host) && part->port == uri.port &&
         (part->user.empty() || part->user == uri.user);
}

}  // namespace

DigestQop DigestNonce::qop(QopChoice choice) const {
  if (!challenge_.has_qop) return DigestQop::none;
  const bool both = challenge_.auth && challenge_.auth_int;
  if (both) return choice == QopChoice::auth ? DigestQop::auth : DigestQop::auth_int;
  return challenge_.auth ? DigestQop::auth : DigestQop::auth_int;
}

std::string DigestNonce::credentials(const sip::Message& request, std::string_view username,
                                     QopChoice choice, Random& random) {
  if (count_ == std::numeric_limits<std::uint32_t>::max()) return {};
  const DigestQop qop = this->qop(choice);
  const DigestAlgorithm hash = challenge_.variant.hash;
  const std::string nc = nonce_count_text(++count_);
  std::string cnonce = cnonce_;
  if (cnonce.empty() && qop != DigestQop::none) cnonce = random.hex(cnonce_bytes);
  if (challenge_.variant.session && cnonce_.empty()) {
    key_ = digest_session_key(hash, key_, challenge_.nonce(), cnonce);
    cnonce_ = cnonce;
  }
  const std::string response = digest_response(hash, key_,
                                               {.method = request.method(),
                                                .uri = request.request_uri(),
                                                .nonce = challenge_.nonce(),
                                                .nc = nc,
                                                .cnonce = cnonce,
                                                .qop = qop,
                                                .body = request.body()});
  Writer out;
  out << "Digest ";
  write_username(out, challenge_, username);
  write_as_it_was(out, "realm", challenge_.realm_text);
  write_as_it_was(out, "nonce", challenge_.nonce_text);
  out << ", uri=";
  out.quoted(request.request_uri());
  out << ", response=\"" << response << '"';
  if (!challenge_.algorithm_text.empty()) out << ", algorithm=" << challenge_.algorithm_text;
  if (challenge_.opaque_text) write_as_it_was(out, "opaque", *challenge_.opaque_text);
  if (qop != DigestQop::none)
    out << ", cnonce=\"" << cnonce << "\", qop=" << to_string(qop) << ", nc=" << nc;
  if (challenge_.userhash) out << ", userhash=true";
  return out.take();
}

bool DigestNonce::proves(const sip::AuthParamsView& info, const sip::AuthorizationView& sent,
                         const sip::Message& response) const {
  const auto same = [&](std::string_view name) {
    const auto here = info.find(name);
    return !here || equal_ignoring_case(*here, sent.params.find(name).value_or(""));
  };
  if (!same("nc") || !same("cnonce")) return false;
  const std::string_view qop = info.find("qop").value_or(sent.qop().value_or(""));
  const std::optional<DigestQop> known = qop.empty() ? DigestQop::none : digest_qop(qop);
  if (!known) return false;
  const std::string nonce = sip::unquote(sent.nonce().value_or(""));
  const std::string uri = sip::unquote(sent.uri().value_or(""));
  const std::string proof = digest_response(challenge_.variant.hash, key_,
                                            {.method = {},
                                             .uri = uri,
                                             .nonce = nonce,
                                             .nc = sent.params.find("nc").value_or(""),
                                             .cnonce = sent.cnonce().value_or(""),
                                             .qop = *known,
                                             .body = response.body()});
  return crypto::constant_time_equal(proof, to_lower(info.find("rspauth").value_or("")));
}

void DigestNonce::follow(std::string_view nonce_text) {
  if (nonce_text.empty() || nonce_text == challenge_.nonce_text ||
      nonce_text.size() > limits::challenge_parameter_bytes_max)
    return;
  challenge_.nonce_text = nonce_text;
  count_ = 0;
}

bool ProtectionSpace::covers(const sip::Message& request, bool any_proxy) const {
  const std::string_view call = request.text("Call-ID");
  if (!call.empty() && call == call_id) return true;
  if (challenger == Challenger::proxy) return any_proxy;
  if (domain.empty()) return server_of(request.request_uri()) == target;
  const Result<sip::UriView> uri = sip::UriView::parse(request.request_uri());
  if (!uri || !uri->is_sip())
    return std::ranges::find(domain, request.request_uri()) != domain.end();
  return std::ranges::any_of(domain,
                             [&](const std::string& part) { return in_domain(*uri, part); });
}

std::string server_of(std::string_view uri) {
  const Result<sip::UriView> read = sip::UriView::parse(uri);
  if (!read || !read->is_sip()) return std::string(uri);
  std::string server = std::string(read->scheme) + ":" + to_lower(read->host);
  if (read->port) server += ":" + std::to_string(*read->port);
  return server;
}

}  // namespace kith::auth
