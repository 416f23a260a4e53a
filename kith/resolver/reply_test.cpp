#include "kith/resolver/reply.h"

#include <doctest/doctest.h>

#include "kith/resolver/test/dns_server.h"

namespace kith::resolver {
namespace {

using namespace kith::location;

const Question asked{"example.com", RecordType::srv};
const Answer unreadable{.code = AnswerCode::server_failure};

const Answer full{
    .records = {{"example.com", 60s, Cname{"b.example"}},
                {"b.example", 61s, Address::v4(192, 0, 2, 1, 0)},
                {"b.example", 62s, *Address::parse_host("2001:db8::1", 0)},
                {"_sip._udp.b.example", 63s, Srv{1, 2, 5060, "c.example"}},
                {"_sip._udp.b.example", 64s, Srv{0, 0, 0, "."}},
                {"b.example", 65s, Naptr{1, 2, "s", "SIP+D2U", "!x!", "_sip._udp.b.example"}}},
    .negative_ttl = 30s};

Answer read(const Wire& wire) { return read_reply(wire.bytes); }
Wire one_answer() { return Wire().header(7, 0, 1).question(asked); }

TEST_CASE("RFC 1035 §4.1: every kind of record is read, with its owner and TTL") {
  CHECK(read_reply(reply_to(asked, full)) == full);
  CHECK(read_reply(reply_to(asked, {})) == Answer{});
}

TEST_CASE("RFC 1035 §4.1.1: the code of the reply") {
  for (unsigned code = 0; code < 16; ++code) {
    const AnswerCode expected = code == 0   ? AnswerCode::answered
                                : code == 3 ? AnswerCode::no_such_name
                                            : AnswerCode::server_failure;
    CHECK(read(Wire().header(7, code, 0).question(asked)).code == expected);
  }
}

TEST_CASE(
    "RFC 2308 §5: negative answers last as long as the smaller of the SOA's TTL and MINIMUM") {
  const auto ttl = [](unsigned soa_ttl, unsigned minimum) {
    Wire wire;
    wire.header(7, 3, 0, 1).question(asked).soa("example", soa_ttl, minimum);
    return read(wire).negative_ttl;
  };
  CHECK(ttl(3600, 30) == 30s);
  CHECK(ttl(20, 900) == 20s);
  CHECK(ttl(0, 900) == 0s);
}

TEST_CASE("RFC 2181 §8: a TTL with its highest bit set is none") {
  CHECK(read(one_answer().record("a.b", 1, 0x7fff'ffff, Wire().u32(1))).records.at(0).ttl ==
        std::chrono::seconds(0x7fff'ffff));
  CHECK(read(one_answer().record("a.b", 1, 0x8000'0000, Wire().u32(1))).records.at(0).ttl == 0s);
}

TEST_CASE("RFC 1035 §4.1.4: names are read through pointers, which lead back and come to an end") {
  // The question begins at 12; "com" at 20.
  const auto cname = [](const Wire& name) {
    Wire wire = one_answer();
    wire.u16(0xc00c).u16(5).u16(1).u32(60).u16(static_cast<unsigned>(name.bytes.size()));
    wire.bytes += name.bytes;
    return read(wire);
  };
  const auto alias = [&](const Wire& name) {
    const Answer answer = cname(name);
    REQUIRE(answer.records.size() == 1);
    CHECK(answer.records[0].owner == "example.com");
    return std::get<Cname>(answer.records[0].data).target;
  };
  CHECK(alias(Wire().u16(0xc00c)) == "example.com");
  CHECK(alias(Wire().text("A").u16(0xc014)) == "a.com");
  CHECK(alias(Wire().u8(0)) == ".");
  const auto rdata_at = static_cast<unsigned>(one_answer().bytes.size()) + 12;
  for (const Wire& bad : {Wire().u16(0xc000 + rdata_at), Wire().u16(0xc000 + rdata_at + 2),
                          Wire().u16(0xffff), Wire().u8(0xc0), Wire().u8(0x40).u8(0),
                          Wire().u8(0x80).u8(0), Wire().u8(5).u8('a'), Wire().text("a"), Wire()})
    CHECK(cname(bad) == unreadable);
  // Not to be written as text: nobody can be asked for it.
  for (const std::string_view label : {"a.b", "a b", "a\x7f", "\x01", "\xc3\xa4"})
    CHECK(alias(Wire().text(label).u8(0)).empty());
  Wire long_name;
  for (int i = 0; i < 5; ++i) long_name.text(std::string(63, 'l'));
  CHECK(alias(long_name.u8(0)).empty());
}

TEST_CASE("RFC 1035 §4.1.3: a record that says less than its kind has is no reply at all") {
  for (const auto& [type, data] :
       std::vector<std::pair<unsigned, Wire>>{{1, Wire().u16(1)},
                                              {28, Wire().u32(1)},
                                              {33, Wire().u16(1)},
                                              {33, Wire().u32(1).u16(1)},
                                              {35, Wire().u32(1)},
                                              {35, Wire().u32(1).text("s").text("x")},
                                              {35, Wire().u32(1).u8(9)},
                                              {5, Wire()}})
    CHECK(read(one_answer().record("a.b", type, 60, data)) == unreadable);
  // Of another class, or a kind that nobody asked for: passed over.
  CHECK(read(one_answer().record("a.b", 1, 60, Wire().u16(1), 3)) == Answer{});
  CHECK(read(one_answer().record("a.b", 16, 60, Wire().text("v=spf1"))) == Answer{});
}

TEST_CASE("RFC 1035 §4.1: a reply that is cut anywhere is none") {
  const std::string whole = reply_to(asked, {.records = full.records});
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(read_reply(std::string_view(whole).substr(0, size)) == unreadable);
}

TEST_CASE("RFC 1035 §4.1: whatever byte is changed, reading ends, within the bytes") {
  const std::string whole = reply_to(asked, full);
  std::size_t readable = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char value : {'\x00', '\x01', '\x3f', '\x40', '\xc0', '\xff'}) {
      std::string changed = whole;
      changed[at] = value;
      if (read_reply(changed) != unreadable) ++readable;
    }
  CHECK(readable > 0);
  CHECK(readable < whole.size() * 6);
}

}  // namespace
}  // namespace kith::resolver
