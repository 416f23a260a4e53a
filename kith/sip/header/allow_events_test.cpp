#include "kith/sip/header/allow_events.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6665 §8.2.2: Allow-Events") {
  test::accepts<AllowEvents>({{"presence", ""}, {"vnd-microsoft-roaming-contacts", ""}});
  test::refuses<AllowEvents>({"", "a b", "a;b"});
}

TEST_CASE("RFC 6665 §8.4: what is allowed is a package and perhaps templates") {
  const auto allowed = [](std::string_view text) {
    return *test::read_whole<AllowEvents>(text, kith::Mode::strict);
  };
  CHECK(allowed("presence").event_package() == "presence");
  CHECK(allowed("presence").event_template() == "");
  CHECK(allowed("presence.winfo.winfo").event_package() == "presence");
  CHECK(allowed("presence.winfo.winfo").event_template() == "winfo.winfo");
  test::tolerates<AllowEvents>({{"presence.", "event type with an empty part", "presence."}});
}
