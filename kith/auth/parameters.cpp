#include "kith/auth/parameters.h"

#include <algorithm>
#include <charconv>

#include "kith/base/text.h"

namespace kith::auth {

namespace {

std::optional<Signature> signature_in(const sip::AuthParamsView& params, std::string_view rand,
                                      std::string_view num, std::string_view response) {
  const auto find = [&](std::string_view name) {
    return params.find(name).value_or(std::string_view{});
  };
  Signature signature{.rand = find(rand), .num = find(num), .number = 0, .mic = {}};
  if (signature.rand.size() != 8 || !from_hex(signature.rand)) return std::nullopt;
  const char* end = signature.num.data() + signature.num.size();
  const auto [stop, error] = std::from_chars(signature.num.data(), end, signature.number);
  if (error != std::errc{} || stop != end || signature.number == 0) return std::nullopt;
  std::optional<std::string> mic = from_hex(find(response));
  if (!mic || mic->empty()) return std::nullopt;
  signature.mic = std::move(*mic);
  return signature;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

}  // namespace

Credentials credentials(const sip::Message& message) {
  Credentials found;
  for (std::size_t i = 0; i < message.field_count(); ++i) {
    const sip::Field field = message.field(i);
    if (!equal_ignoring_case(field.name, "Authorization") &&
        !equal_ignoring_case(field.name, "Proxy-Authorization"))
      continue;
    Scanner in(field.value, message.mode(), sip::Authorization::name.full);
    const std::optional<sip::AuthorizationView> value = sip::AuthorizationView::parse(in);
    in.blanks();
    if (!value || !in.at_end() || found.count == Credentials::max) {
      found.malformed = true;
      continue;
    }
    found.values.at(found.count++) = *value;
  }
  return found;
}

bool carries_token(const sip::Message& request) {
  const Credentials found = credentials(request);
  return std::any_of(
      found.values.begin(), found.values.begin() + found.count,
      [](const sip::AuthorizationView& each) { return each.params.has("gssapi-data"); });
}

std::optional<SignatureVersion> signature_version(std::optional<std::string_view> parameter) {
  if (!parameter || *parameter == "2") return SignatureVersion::v2;
  if (*parameter == "3") return SignatureVersion::v3;
  if (*parameter == "4") return SignatureVersion::v4;
  return std::nullopt;
}

std::optional<Signature> client_signature(const sip::AuthParamsView& params) {
  return signature_in(params, "crand", "cnum", "response");
}

std::optional<Signature> server_signature(const sip::AuthParamsView& params) {
  return signature_in(params, "srand", "snum", "rspauth");
}

std::string upper_hex(std::string_view bytes) { return upper(to_hex(as_bytes(bytes))); }

std::string upper_hex(Random& random, std::size_t bytes) { return upper(random.hex(bytes)); }

}  // namespace kith::auth
