#include "kith/sip/header/ms_conversation_id.h"

namespace kith::sip {

namespace {

constexpr CharSet visible_chars = token_chars | CharSet{"()<>@,;:\\\"/[]?={}#$&^|"};

}  // namespace

bool MsConversationIdName::take(Scanner& in, std::string_view& id) {
  return in.run(visible_chars, id);
}

}  // namespace kith::sip
