#include "kith/sip/header/p_user_database.h"

namespace kith::sip {

namespace {

bool is_diameter(const UriView& uri) {
  const bool scheme =
      equal_ignoring_case(uri.scheme, "aaa") || equal_ignoring_case(uri.scheme, "aaas");
  return scheme && uri.text.starts_with("//") && uri.text.size() > 2;
}

}  // namespace

bool read(Scanner& in, PUserDatabaseView& to) {
  return in.next('<') && read(in, to.uri, UriForm::whole) && is_diameter(to.uri) && in.next('>') &&
         read(in, to.params);
}

}  // namespace kith::sip
