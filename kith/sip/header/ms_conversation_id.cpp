#include "kith/sip/header/ms_conversation_id.h"

namespace kith::sip {

namespace {

constexpr CharSet visible_chars = token_chars | CharSet{"()<>@,;:\\\"/[]?={}#$&^|"};

}  // namespace

bool read(Scanner& in, MsConversationIdView& to) { return in.run(visible_chars, to.id); }

}  // namespace kith::sip
