#include "kith/sip/header/user_to_user.h"

#include <algorithm>
#include <array>

#include "kith/sip/shape/param_rules.h"
#include "kith/sip/shape/token_or_quoted.h"

namespace kith::sip {

bool read(Scanner& in, UserToUserView& to) {
  if (!read_token_or_quoted(in, to.data, to.quoted) || !read(in, to.params)) return false;
  return std::ranges::all_of(
      std::array{"purpose", "content", "encoding"},
      [&to](std::string_view name) { return holds_if_there(to.params, name, is_token); });
}

UserToUser own(const UserToUserView& view) {
  return {unquote(view.data), view.quoted, own(view.params)};
}

template <class Text>
void BasicUserToUser<Text>::write(Writer& out) const {
  write_token_or_quoted(out, data, quoted);
  params.write(out);
}

template void UserToUser::write(Writer&) const;
template void UserToUserView::write(Writer&) const;

}  // namespace kith::sip
