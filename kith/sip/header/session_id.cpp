#include "kith/sip/header/session_id.h"

#include <algorithm>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr CharSet lower_hex_digits = digits | CharSet{"abcdef"};

bool is_uuid(std::string_view text) {
  return text.size() == 32 && std::ranges::all_of(text, [](char c) { return lower_hex_digits[c]; });
}

}  // namespace

bool read(Scanner& in, SessionIdView& to) {
  if (!in.run(lower_hex_digits, to.uuid) || to.uuid.size() != 32 || !read(in, to.params))
    return false;
  return !to.params.has("remote") ||
         (is_token_once(to.params, "remote") && is_uuid(*to.params.find("remote")));
}

}  // namespace kith::sip
