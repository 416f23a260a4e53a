#include "kith/sip/header/p_served_user.h"

namespace kith::sip {

bool read(Scanner& in, PServedUserView& to) {
  if (!read_address(in, to.display_name, to.uri, Brackets::optional) || !read(in, to.params))
    return false;
  return (to.sescase() || !to.params.has("sescase")) &&
         (to.regstate() || !to.params.has("regstate"));
}

PServedUser own(const PServedUserView& view) {
  return {unquote(view.display_name), own(view.uri), own(view.params)};
}

template <class Text>
std::optional<SessionCase> BasicPServedUser<Text>::sescase() const {
  const std::string_view value = params.find("sescase").value_or("");
  if (equal_ignoring_case(value, "orig")) return SessionCase::orig;
  if (equal_ignoring_case(value, "term")) return SessionCase::term;
  return std::nullopt;
}

template <class Text>
std::optional<RegistrationState> BasicPServedUser<Text>::regstate() const {
  const std::string_view value = params.find("regstate").value_or("");
  if (equal_ignoring_case(value, "reg")) return RegistrationState::reg;
  if (equal_ignoring_case(value, "unreg")) return RegistrationState::unreg;
  return std::nullopt;
}

template struct BasicPServedUser<std::string>;
template struct BasicPServedUser<std::string_view>;

}  // namespace kith::sip
