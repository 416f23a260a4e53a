#include "kith/presence/state.h"

#include <doctest/doctest.h>

#include <array>

namespace kith::presence {
namespace {

TEST_CASE("SIP-PRES-19: availability is read by classes of a hundred") {
  struct Case {
    std::uint16_t first, last;
    Reach reach;
  };
  for (const auto& [first, last, reach] :
       {Case{0, 99, Reach::none}, Case{100, 199, Reach::uncertain},
        Case{200, 299, Reach::connected}, Case{300, 999, Reach::near}})
    for (const std::uint16_t value : {first, last}) {
      CAPTURE(value);
      CHECK(reach_of({value}) == reach);
    }
}

TEST_CASE("SIP-PRES-19: activity is read by ranges") {
  struct Case {
    std::uint16_t first, last;
    Doing doing;
  };
  for (const auto& [first, last, doing] :
       {Case{0, 99, Doing::unknown}, Case{100, 149, Doing::away},
        Case{150, 199, Doing::out_to_lunch}, Case{200, 299, Doing::idle},
        Case{300, 399, Doing::be_right_back}, Case{400, 499, Doing::active},
        Case{500, 599, Doing::in_a_call}, Case{600, 699, Doing::busy}, Case{700, 799, Doing::away},
        Case{800, 999, Doing::active}})
    for (const std::uint16_t value : {first, last}) {
      CAPTURE(value);
      CHECK(doing_of({value}) == doing);
    }
}

TEST_CASE("of two states the more available is the greater, and then the one of higher activity") {
  constexpr std::array ascending{State{{0}, {0}}, State{{0}, {100}}, State{{200}, {600}},
                                 State{{300}, {100}}, State{{300}, {600}}};
  for (std::size_t i = 1; i < ascending.size(); ++i) CHECK(ascending[i - 1] < ascending[i]);
}

}  // namespace
}  // namespace kith::presence
