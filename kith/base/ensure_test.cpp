#include "kith/base/ensure.h"

#include <doctest/doctest.h>

#include <csetjmp>
#include <csignal>

using namespace kith;

namespace {

std::jmp_buf before_the_end;  // NOLINT: what a signal handler may reach is global

/// Whether ensure() ends the process; the end itself is caught on its way.
bool ends(bool holds) {
  const auto previous = std::signal(SIGABRT, [](int) { std::longjmp(before_the_end, 1); });
  const bool caught = setjmp(before_the_end) != 0;
  if (!caught) ensure(holds);
  std::signal(SIGABRT, previous);
  return caught;
}

}  // namespace

TEST_CASE("a mistake of our own ends the process, in release builds too") {
  CHECK_FALSE(ends(true));
  CHECK(ends(false));
}
