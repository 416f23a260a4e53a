#include "kith/sip/header/user_to_user.h"

namespace kith::sip {

bool read(Scanner& in, UserToUserView& to) {
  to.quoted = in.peek() == '"';
  return (to.quoted ? in.quoted(to.data) : in.token(to.data)) && read(in, to.params);
}

template <class Text>
void BasicUserToUser<Text>::write(Writer& out) const {
  if (quoted)
    out << '"' << data << '"';
  else
    out << data;
  params.write(out);
}

template void UserToUser::write(Writer&) const;
template void UserToUserView::write(Writer&) const;

}  // namespace kith::sip
