#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/diagnostics.h"
#include "kith/sip/header.h"

// What is held of any header. What looks is compiled once, in header_check_test.cpp, and says what
// is wrong: a line for each text, nothing if all is well.

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
std::string not_accepted(const HeaderName& name, std::initializer_list<Accepted> cases);

/// Legal in both modes, written as said, and what is written reads as the same value.
template <Header H>
void accepts(std::initializer_list<Accepted> cases) {
  CHECK(not_accepted(H::name, cases) == "");
}

std::string not_refused(const HeaderName& name, std::initializer_list<std::string_view> texts);

/// Refused in both modes.
template <Header H>
void refuses(std::initializer_list<std::string_view> texts) {
  CHECK(not_refused(H::name, texts) == "");
}

struct Tolerated {
  std::string_view text;
  std::string_view rule;
  std::string_view written;
};
std::string not_tolerated(const HeaderName& name, std::initializer_list<Tolerated> cases);

/// Refused in strict mode; read in lenient mode, the rule noted, and written as the grammar wants
/// it.
template <Header H>
void tolerates(std::initializer_list<Tolerated> cases) {
  CHECK(not_tolerated(H::name, cases) == "");
}

}  // namespace kith::sip::test
