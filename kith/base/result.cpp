#include "kith/base/result.h"

#include <utility>

namespace kith {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::missing:
      return "missing";
    case Fault::malformed:
      return "malformed";
    case Fault::too_long:
      return "too long";
    case Fault::too_many:
      return "too many";
    case Fault::duplicate:
      return "duplicate";
    case Fault::unsupported:
      return "unsupported";
    case Fault::forbidden:
      return "forbidden";
  }
  std::unreachable();
}

}  // namespace kith
