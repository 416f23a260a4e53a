#include "kith/acl/refusal.h"

#include <utility>

namespace kith::acl {

unsigned status_of(Refusal refusal) {
  using enum Refusal;
  switch (refusal) {
    case versions_exhausted:
    case too_many_aces:
      return 403;
    case no_such_ace:
      return 404;
    case version_conflict:
    case already_there:
      return 409;
  }
  std::unreachable();
}

std::string_view to_string(Refusal refusal) {
  using enum Refusal;
  switch (refusal) {
    case version_conflict:
      return "deltaNum is not the current one";
    case versions_exhausted:
      return "deltaNum cannot rise further";
    case no_such_ace:
      return "no such entry";
    case already_there:
      return "exists already";
    case too_many_aces:
      return "too many entries";
  }
  std::unreachable();
}

}  // namespace kith::acl
