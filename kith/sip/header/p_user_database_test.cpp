#include "kith/sip/header/p_user_database.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4457 §4: P-User-Database is a Diameter URI in brackets") {
  test::accepts<PUserDatabase>({{"<aaa://host.example.com;transport=tcp>", ""},
                                {"<aaas://host.example.com:6666>;x=1", ""},
                                {"<AAA://h> ; x", "<AAA://h>;x"}});
  test::refuses<PUserDatabase>({"", "<>", "<aaa:>", "<aaa://>", "<aaa:host>", "aaa://host",
                                "<aaa://host", "<sip:a@b>", "<http://host>", "<aaa://host> x",
                                "\"HSS\" <aaa://host>", "<aaa://host>;=1"});
}
