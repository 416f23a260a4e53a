#include <utility>

#include "kith/ua/user_agent.h"

namespace kith::ua {

std::string_view to_string(DialogEnding why) {
  using enum DialogEnding;
  switch (why) {
    case bye:
      return "bye";
    case replaced:
      return "replaced";
    case refused:
      return "refused";
    case not_answered:
      return "not_answered";
    case transport_error:
      return "transport_error";
    case early_timeout:
      return "early_timeout";
    case gone:
      return "gone";
    case ack_never_came:
      return "ack_never_came";
    case ack_never_sent:
      return "ack_never_sent";
    case session_expired:
      return "session_expired";
    case subscription_ended:
      return "subscription_ended";
    case dropped:
      return "dropped";
  }
  std::unreachable();
}

}  // namespace kith::ua
