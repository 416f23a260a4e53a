#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kith/base/random.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"
#include "kith/sip/word_end_map.h"

using namespace kith;
using namespace kith::sip;

// What is usual is read in a shorter way, where word ends are known. Nobody may see a difference.

namespace {

/// With word_ends_max of padding the word ends of the section are not known, so that all is read in
/// the long way. No other header has a compact name, for that would lead there as well.
Result<Message> message_with(std::string_view uri, std::string_view line, std::size_t padding,
                             Mode mode) {
  std::string bytes{"OPTIONS "};
  bytes.append(uri).append(" SIP/2.0\r\nPadding: ").append(padding, 'x');
  bytes.append("\r\n").append(line).append("\r\n\r\n");
  return Message::parse(std::move(bytes), mode);
}

struct Both {
  Result<Message> short_way;
  Result<Message> long_way;

  explicit Both(std::string_view uri, std::string_view line = "Other: o", Mode mode = Mode::lenient)
      : short_way(message_with(uri, line, 1, mode)),
        long_way(message_with(uri, line, word_ends_max, mode)) {}

  /// Whether there are messages to ask; CHECKs that there are two or none.
  bool are_there() const {
    CHECK(short_way.has_value() == long_way.has_value());
    return short_way.has_value() && long_way.has_value();
  }
};

template <class View>
void check_same(const Result<View>& a, const Result<View>& b) {
  CHECK(a.has_value() == b.has_value());
  if (a && b) CHECK(*a == *b);
  if (!a && !b) CHECK((a.error().fault == b.error().fault && a.error().where == b.error().where));
}

template <Header H>
void check_header(std::string_view value) {
  for (const std::string_view behind : {"", " "}) {
    const Both both("sip:a@b",
                    std::string{H::name.full} + ": " + std::string{value} + std::string{behind});
    if (both.are_there()) check_same(both.short_way->view<H>(), both.long_way->view<H>());
  }
}

void check_request_uri(std::string_view uri) {
  static_cast<void>(Both(uri, "Other: o", Mode::strict).are_there());
  const Both both(uri);
  if (!both.are_there()) return;
  CHECK(both.short_way->request_uri() == both.long_way->request_uri());
  check_same(both.short_way->request_uri_view(), both.long_way->request_uri_view());
  check_same(both.short_way->request_uri_view(), UriView::parse(both.short_way->request_uri()));
}

struct Kind {
  void (*check)(std::string_view value);
  std::string_view value;
};

constexpr std::string_view long_word =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

constexpr auto usual = std::to_array<Kind>({
    {check_header<Via>, "SIP/2.0/TCP 192.0.2.33:49871;branch=z9hG4bK10f2.aa91;rport"},
    {check_header<From>, "\"A \\\" <x>\" <sip:dave@contoso.example.com:5060>;tag=4fe1a0;epid=6f"},
    {check_header<From>, "<sip:contoso.example.com;transport=tcp;lr>;tag=1"},
    {check_header<Contact>, "<sip:dave@192.0.2.33:49871;transport=tcp>;expires=3600;q=0.8"},
    {check_header<CallId>, "2aa1f0c9d0e84b77@192.0.2.33"},
    {check_header<CSeq>, "123456789 SUBSCRIBE"},
    {check_header<ContentLength>, "123456789"},
    {check_request_uri, "sip:dave@192.0.2.33:49871;transport=tcp"},
});

}  // namespace

TEST_CASE("the short way and the long way read the same: what is usual, and what is nearly so") {
  for (const Kind& each : usual) each.check(each.value);
  for (const std::string_view value : {"<sip:a@b>;tag=1, <sip:c@d>;tag=2",
                                       "<sip:a@b>;tag=1;TAG=2",
                                       "<sip:a@b>;aaaaaa=1;fffff=2",
                                       "<sip:@b>",
                                       "<sip:a@>",
                                       "<sip:a@-b>",
                                       "<sip:a@b:0>",
                                       "<sip:a@b:65536>",
                                       "<sip:a@b:>",
                                       "<sip:a@b:1234567890>",
                                       "<sip:a@b;x=>",
                                       "<sip:a@b;=x>",
                                       "<sip:a@b",
                                       "<sip:a@b>;",
                                       "\"a",
                                       "\"a\\",
                                       "\"a\\\"",
                                       "\"a\"",
                                       "<sip:a@b>;x=",
                                       "<sip:a@b>;=x",
                                       "<sip:a@b>;x=\"y\"",
                                       "<sip:",
                                       "<sip:a@b>tag=1",
                                       "sip:a@b;tag=1",
                                       "*",
                                       "<sip:a:b@c>",
                                       "<sip:a@b?c=d>",
                                       "<sip:a%20b@c>"}) {
    CAPTURE(value);
    check_header<From>(value);
    check_header<Contact>(value);
  }
  for (const std::string_view value :
       {"SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0/UDP a", "SIP/2.0/UDP  a", "SIP/2.0/ a", "SIP/2.0/",
        "SIP/2.0/UDP a:", "SIP/2.0/UDP a:0", "SIP/2.0/UDP a,SIP/2.0/UDP b", "SIP/3.0/UDP a",
        "SIP/2.0/UDP -a", "SIP/2.0/UDP [::1]:5060", "SIP / 2.0 / UDP a : 1 ; b = c"})
    check_header<Via>(value);
  for (const std::string_view value :
       {"1", "1 ", "1  A", "2147483648 A", "0999999999 A", "1 A B", "A", "1 A_B"})
    check_header<CSeq>(value);
  for (const std::string_view value : {"a@", "@a", "a@b@c", "a b", "", "a,b"})
    check_header<CallId>(value);
  for (const std::string_view value : {"", "1 ", "1a", "0000000000", "1234567890123", "-1"})
    check_header<ContentLength>(value);
  for (const std::string_view uri : {"sip:a@b>", "sip:", "sips:a@b", "tel:+1", "sip:a@b;x?y=z",
                                     "\tsip:a@b", "\t", "sip:a@b\t", " sip:a@b", "sip:a\tb"})
    check_request_uri(uri);
}

TEST_CASE("what is known of a text goes with it where a message is moved") {
  static_assert(std::is_nothrow_move_constructible_v<Message>);
  WordEndMap map{};
  map.keep(100);
  WordEndMap moved = std::move(map);
  CHECK(moved.has(99));
  CHECK_FALSE(map.has(0));
  map = std::move(moved);
  CHECK(map.has(99));
  CHECK_FALSE(moved.has(0));
}

TEST_CASE("the short way and the long way read the same, whatever is changed in what is usual") {
  constexpr std::string_view likely = "<>\"\\:;@,=?%. \t-_*[]0a\xc3";
  SeededRandom random(4);
  for (int round = 0; round < 8'000; ++round) {
    const Kind& each = usual[random.below(usual.size())];
    std::string value{each.value};
    for (std::uint64_t changes = 1 + random.below(3); changes != 0; --changes) {
      const std::size_t at = random.below(value.size());
      if (random.below(4) == 0)
        value.insert(at, long_word.substr(0, random.below(long_word.size())));
      else
        value[at] = likely[random.below(likely.size())];
    }
    CAPTURE(value);
    each.check(value);
  }
}
