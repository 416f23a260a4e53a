#include "kith/sip/header/geolocation_error.h"

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::size_t code_length_max = 3;

}  // namespace

bool read(Scanner& in, GeolocationErrorView& to) {
  const char* const start = in.position();
  if (!in.number(to.code) || in.since(start).size() > code_length_max || !read(in, to.params))
    return false;
  return holds_if_there(to.params, "code", is_quoted) || in.allow("error text without quotes");
}

}  // namespace kith::sip
