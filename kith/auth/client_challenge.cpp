#include "kith/auth/client_challenge.h"

#include <algorithm>
#include <optional>

#include "kith/base/text.h"

namespace kith::auth {

Challenges Challenges::of(const sip::Message& response) {
  constexpr std::size_t values_max = 16;  // schemes and algorithms are few
  Challenges challenges;
  if (response.status() == 407) challenges.challenger = Challenger::proxy;
  const std::string_view header =
      response.status() == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
  for (std::size_t i = 0; i < response.field_count(); ++i) {
    const sip::Field field = response.field(i);
    if (!equal_ignoring_case(field.name, header)) continue;
    Scanner in(field.value, response.mode(), header);
    std::optional<sip::WwwAuthenticate> value = sip::WwwAuthenticate::parse(in);
    in.blanks();
    if (value && in.at_end() && challenges.values.size() < values_max)
      challenges.values.push_back(std::move(*value));
  }
  return challenges;
}

const sip::WwwAuthenticate* Challenges::find(std::string_view scheme) const {
  const auto found = std::ranges::find_if(values, [scheme](const sip::WwwAuthenticate& each) {
    return equal_ignoring_case(each.scheme, scheme);
  });
  return found == values.end() ? nullptr : &*found;
}

bool is_challenge(const sip::Message& message) {
  return message.status() == 401 || message.status() == 407;
}

std::string_view credentials_header(Challenger challenger) {
  return challenger == Challenger::proxy ? "Proxy-Authorization" : "Authorization";
}

}  // namespace kith::auth
