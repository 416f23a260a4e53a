#include "kith/transaction/timers.h"

#include <utility>

namespace kith::transaction {

std::string_view to_string(Ending why) {
  using enum Ending;
  switch (why) {
    case complete:
      return "complete";
    case timed_out:
      return "timed_out";
    case transport_error:
      return "transport_error";
    case unanswered:
      return "unanswered";
    case refused:
      return "refused";
    case dropped:
      return "dropped";
  }
  std::unreachable();
}

}  // namespace kith::transaction
