#include "kith/base/writer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace kith;

TEST_CASE("a writer puts text, characters and numbers down in their order") {
  Writer out;
  out << "Expires" << ':' << ' ' << std::uint32_t{3600} << std::string_view{";"};
  CHECK(out.take() == "Expires: 3600;");
  CHECK(out.take().empty());
}

TEST_CASE("numbers are written up to the largest") {
  Writer out;
  out << std::uint8_t{0} << ' ' << std::numeric_limits<std::uint64_t>::max();
  CHECK(out.take() == "0 18446744073709551615");
}

TEST_CASE("a quoted text has its quotes and backslashes escaped and cannot end the line") {
  Writer out;
  out.quoted({"a\"b\\c\r\nd\0e", 10});
  CHECK(out.take() == std::string_view{"\"a\\\"b\\\\c  d\\\0e\"", 15});
  CHECK(out.quoted("").take() == R"("")");
}

TEST_CASE("a writer may append to a string of others") {
  std::string text = "a";
  Writer(text) << 'b' << std::uint16_t{1};
  CHECK(text == "ab1");
}
