#include "kith/capture/recognise.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/capture/test/packets.h"
#include "kith/sip/limits.h"

using namespace kith;
using namespace kith::capture;
using namespace kith::capture::test;

TEST_CASE("a message is known by its first line, even by a wrong one") {
  for (const char* text :
       {"SIP/2.0 200 OK\r\n", "SIP/", "sip/2.0 200 ok\r\n",
        "INVITE sip:bob@example.com SIP/2.0\r\n", "INVITE  sip:bob@example.com  sip/7.0 \n",
        "RE%47 <sip:a b> SIP/2.0\r\n"})
    CHECK(start_of(text) == Start::yes);
  for (const char* text :
       {"", "S", "SIP", "INVITE", "INVITE sip:bob@exa", "NOTIFY sip:a SIP/2.0\r"})
    CHECK(start_of(text) == Start::undecided);
  for (const char* text :
       {"GET / HTTP/1.1\r\n", "\x16\x03\x01", " INVITE", "Via: SIP/2.0/UDP", "v=0\r\n", "\r\n",
        "M-SEARCH * HTTP/1.1\r\n", "Content-Type: application/sdp\r\n"})
    CHECK(start_of(text) == Start::no);
}

TEST_CASE("a first line is waited for as long as it may be one") {
  const std::string start = "INVITE sip:";
  CHECK(start_of(start + std::string(sip::request_uri_length_max, 'x')) == Start::undecided);
  CHECK(start_of(start + std::string(2 * sip::request_uri_length_max, 'x')) == Start::no);
}

TEST_CASE("RFC 5626 §4.4: what keeps a binding alive is told from what is no message") {
  const std::string stun = number(1, 2) + number(0, 2) + number(0x2112a442, 4) + number(0, 12);
  CHECK(is_keep_alive(stun));
  CHECK(is_keep_alive("\r\n\r\n"));
  CHECK(is_keep_alive(""));
  CHECK(is_keep_alive(std::string(4, '\0')));
  CHECK_FALSE(is_keep_alive("x"));
  CHECK_FALSE(is_keep_alive(stun.substr(0, 19)));
  CHECK_FALSE(is_keep_alive(number(1, 2) + number(0, 18)));
}

TEST_CASE("RFC 8446 §5.1: a record of TLS is known by its type and version") {
  CHECK(is_tls("\x16\x03\x01 hello"));
  CHECK(is_tls("\x17\x03\x03 data"));
  CHECK_FALSE(is_tls("\x16\x03"));
  CHECK_FALSE(is_tls("\x18\x03\x03"));
  CHECK_FALSE(is_tls("\x16\x02\x01"));
  CHECK_FALSE(is_tls("\x16\x03\x05"));
}
