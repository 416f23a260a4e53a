#include "kith/contacts/refusal.h"

#include <utility>

namespace kith::contacts {

unsigned status_of(Refusal refusal) {
  using enum Refusal;
  switch (refusal) {
    case malformed_uri:
    case malformed_text:
    case malformed_extension:
    case too_long:
    case unknown_group:
    case group_zero:
      return 400;
    case versions_exhausted:
    case default_group:
    case too_many_groups:
    case too_many_contacts:
      return 403;
    case no_such_contact:
    case no_such_group:
      return 404;
    case version_conflict:
    case already_there:
    case group_in_use:
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
    case malformed_uri:
      return "contact URI malformed";
    case malformed_text:
      return "text with characters that XML forbids";
    case malformed_extension:
      return "contactExtension malformed";
    case too_long:
      return "value too long";
    case unknown_group:
      return "contact in a group that does not exist";
    case group_zero:
      return "there is no group 0";
    case no_such_contact:
      return "no such contact";
    case no_such_group:
      return "no such group";
    case already_there:
      return "exists already";
    case group_in_use:
      return "group still has contacts";
    case default_group:
      return "group 1 cannot be changed";
    case too_many_groups:
      return "too many groups";
    case too_many_contacts:
      return "too many contacts";
  }
  std::unreachable();
}

}  // namespace kith::contacts
