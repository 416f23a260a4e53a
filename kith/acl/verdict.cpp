#include "kith/acl/verdict.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kith::acl {

namespace {

constexpr std::array purpose_names{
    std::pair{Purpose::watches, std::string_view{"watches"}},
    std::pair{Purpose::messages, std::string_view{"messages"}},
    std::pair{Purpose::calls, std::string_view{"calls"}},
};

Access access_of(Purpose purpose, Access presence, Communication communication) {
  if (purpose == Purpose::watches) return presence;
  return communication == Communication::allow ? Access::allow : Access::deny;
}

std::string_view in_words(Access access) {
  switch (access) {
    case Access::allow:
      return "allowed";
    case Access::deny:
      return "denied";
    case Access::prompt:
      return "the user is asked";
    case Access::polite_block:
      return "blocked politely";
  }
  std::unreachable();
}

}  // namespace

std::string_view to_string(Purpose purpose) {
  return std::ranges::find(purpose_names, purpose, &decltype(purpose_names)::value_type::first)
      ->second;
}

std::optional<Purpose> purpose_of(std::string_view word) {
  for (const auto& [purpose, name] : purpose_names)
    if (name == word) return purpose;
  return std::nullopt;
}

Verdict may(const sip::UriView& watcher, Purpose purpose, const sip::Aor& presentity,
            const List& acl) {
  if (sip::address_of_record(watcher) == presentity)
    return {.access = Access::allow, .reason = Verdict::Reason::same_user};
  const Ace* ace = acl.about(watcher);
  if (ace == nullptr)
    return {.access = access_of(purpose, unlisted_presence, unlisted_communication),
            .reason = Verdict::Reason::unlisted};
  return {.access = access_of(purpose, ace->rights().presence, ace->rights().communication),
          .reason = Verdict::Reason::entry,
          .ace = *ace};
}

std::string to_string(const Verdict& verdict) {
  std::string text(in_words(verdict.access));
  switch (verdict.reason) {
    case Verdict::Reason::same_user:
      return text.append(": it is the same user");
    case Verdict::Reason::entry:
      return text.append(": ").append(verdict.ace->to_string());
    case Verdict::Reason::unlisted:
      return text.append(": the list has no entry about them");
  }
  std::unreachable();
}

}  // namespace kith::acl
