#include "kith/sip/header/p_user_database.h"

namespace kith::sip {

bool PUserDatabaseName::takes(const UriView& uri) {
  const bool scheme =
      equal_ignoring_case(uri.scheme, "aaa") || equal_ignoring_case(uri.scheme, "aaas");
  return scheme && uri.text.starts_with("//") && uri.text.size() > 2;
}

}  // namespace kith::sip
