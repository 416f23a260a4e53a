#include "kith/auth/mechanism.h"

#include <utility>

namespace kith::auth {

std::string_view to_string(AcceptFailure::Kind kind) {
  using enum AcceptFailure::Kind;
  switch (kind) {
    case bad_token:
      return "bad token";
    case wrong_principal:
      return "wrong principal";
    case no_keytab:
      return "no keytab";
    case wrong_key:
      return "wrong key";
    case clock_skew:
      return "clock skew";
    case replay:
      return "replay";
    case wrong_password:
      return "wrong user name or password";
    case unavailable:
      return "unavailable";
  }
  std::unreachable();
}

}  // namespace kith::auth
