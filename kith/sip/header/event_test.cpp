#include "kith/sip/header/event.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6665 §8.2.1: Event") {
  test::accepts<Event>({{"presence", ""}, {"presence.winfo;id=7", ""}});
  test::refuses<Event>({"", "presence x", ";id=1", "a=b"});
}

TEST_CASE("RFC 6665 §8.2.1: an event type is a package and perhaps templates") {
  const auto event = [](std::string_view text) {
    return *test::read_whole<Event>(text, kith::Mode::strict);
  };
  CHECK(event("presence").event_package() == "presence");
  CHECK(event("presence").event_template() == "");
  CHECK(event("presence.winfo").event_package() == "presence");
  CHECK(event("presence.winfo.winfo").event_template() == "winfo.winfo");
  CHECK(event("presence;id=7").id() == "7");
}

TEST_CASE("RFC 6665 §8.4: no part of an event type is empty") {
  test::tolerates<Event>({{"presence.", "event type with an empty part", "presence."},
                          {".winfo", "event type with an empty part", ".winfo"},
                          {"a..b;id=1", "event type with an empty part", "a..b;id=1"}});
}

TEST_CASE("RFC 6665 §8.2.1: events match by package and id, byte by byte, and by nothing else") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Event>(a, kith::Mode::strict),
                      *test::read_whole<Event>(b, kith::Mode::strict));
  };
  CHECK(same("presence;id=7;x=y", "presence;z;id=7"));
  CHECK(same("presence", "presence;x"));
  CHECK_FALSE(same("presence", "Presence"));
  CHECK_FALSE(same("presence", "presence.winfo"));
  CHECK_FALSE(same("presence;id=7", "presence"));
  CHECK_FALSE(same("presence;id=a", "presence;id=A"));
}

TEST_CASE("RFC 6665 §8.2.1: id is a token") {
  test::accepts<Event>({{"presence;id=7", ""}, {"presence;ID=a.b", ""}});
  for (const char* wrong : {";id", ";id=\"7\"", ";id=[7]"}) {
    const std::string text = "presence" + std::string{wrong};
    test::tolerates<Event>({{text, "parameter whose value is not of its kind", text}});
  }
}
