#include "kith/sip/header/p_early_media.h"

namespace kith::sip {

bool read(Scanner& in, PEarlyMediaView& to) { return in.token(to.parameter); }

template <class Text>
std::optional<EarlyMedia> BasicPEarlyMedia<Text>::direction() const {
  if (equal_ignoring_case(parameter, "sendrecv")) return EarlyMedia::sendrecv;
  if (equal_ignoring_case(parameter, "sendonly")) return EarlyMedia::sendonly;
  if (equal_ignoring_case(parameter, "recvonly")) return EarlyMedia::recvonly;
  if (equal_ignoring_case(parameter, "inactive")) return EarlyMedia::inactive;
  return std::nullopt;
}

template struct BasicPEarlyMedia<std::string>;
template struct BasicPEarlyMedia<std::string_view>;

}  // namespace kith::sip
