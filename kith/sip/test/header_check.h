#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <optional>
#include <string_view>

#include "kith/sip/header.h"

namespace kith::sip::test {

template <Header H>
std::optional<H> read_whole(std::string_view text, Mode mode, Diagnostics* diagnostics = nullptr) {
  Scanner in(text, mode, H::name.full, diagnostics);
  std::optional<H> header = H::parse(in);
  in.blanks();
  return in.at_end() ? header : std::nullopt;
}

struct Accepted {
  std::string_view text;
  std::string_view written;  // empty: as it came
};

/// Legal in both modes, written as said, and what is written reads as the same value.
template <Header H>
void accepts(std::initializer_list<Accepted> cases) {
  for (const Accepted& each : cases) {
    CAPTURE(each.text);
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      const std::optional<H> header = read_whole<H>(each.text, mode);
      REQUIRE(header);
      CHECK(written(*header) == (each.written.empty() ? each.text : each.written));
      CHECK(read_whole<H>(written(*header), Mode::strict) == header);
    }
  }
}

/// Refused in both modes.
template <Header H>
void refuses(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK_FALSE(read_whole<H>(text, Mode::strict));
    CHECK_FALSE(read_whole<H>(text, Mode::lenient));
  }
}

struct Tolerated {
  std::string_view text;
  std::string_view rule;
  std::string_view written;
};

/// Refused in strict mode; read in lenient mode, the rule noted, and written as the grammar wants
/// it.
template <Header H>
void tolerates(std::initializer_list<Tolerated> cases) {
  for (const Tolerated& each : cases) {
    CAPTURE(each.text);
    CHECK_FALSE(read_whole<H>(each.text, Mode::strict));
    Diagnostics diagnostics;
    const std::optional<H> header = read_whole<H>(each.text, Mode::lenient, &diagnostics);
    REQUIRE(header);
    CHECK(diagnostics.contains(each.rule));
    CHECK(written(*header) == each.written);
  }
}

}  // namespace kith::sip::test
