#include "kith/sip/header/trigger_consent.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5360 §5.11.2: Trigger-Consent") {
  test::accepts<TriggerConsent>(
      {{"sip:123@relay.example.com;target-uri=\"sip:friends@relay.example.com\"", ""},
       {"sips:a@b", ""},
       {"sip:a@b ; x", "sip:a@b;x"}});
  test::refuses<TriggerConsent>({"", "<sip:a@b>", "A <sip:a@b>", "tel:+1", "mailto:a@b", "sip:",
                                 "a@b", "sip:a@b?x=y", "sip:a@b;target-uri=\"x", "sip:a@b x"});
  const auto header =
      test::read_whole<TriggerConsent>("sip:a@b;Target-URI=\"sip:c@d\"", kith::Mode::strict);
  CHECK(header->target_uri() == "sip:c@d");
  CHECK(header->uri.params.empty());
}

TEST_CASE("RFC 5360 §5.11.2: target-uri is a quoted-string") {
  test::accepts<TriggerConsent>({{"sip:a@b;target-uri=\"sip:c@d\"", ""}, {"sip:a@b;x=sip", ""}});
  for (const char* wrong : {";target-uri", ";target-uri=c", ";x;Target-URI=[::1]"}) {
    const std::string text = "sip:a@b" + std::string{wrong};
    test::tolerates<TriggerConsent>({{text, "parameter whose value is not of its kind", text}});
  }
}
