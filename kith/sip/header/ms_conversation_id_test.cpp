#include "kith/sip/header/ms_conversation_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("Ms-Conversation-ID: anything without blanks") {
  test::accepts<MsConversationId>(
      {{"f=0", ""}, {"123456789", ""}, {"AdKCt6xl6HOex5lgSXKtavryVhRJlw==", ""}});
  test::refuses<MsConversationId>({"", " ", "a b", "a\x01", "\xc3\xa4"});
}
