#include "kith/crypto/secret.h"

#include <doctest/doctest.h>

#include <ostream>
#include <utility>

using namespace kith::crypto;

namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

}  // namespace

static_assert(!Streamable<Secret>);

TEST_CASE("equal means the same bytes and the same length") {
  CHECK(constant_time_equal("", ""));
  CHECK(constant_time_equal("abc", "abc"));
  CHECK_FALSE(constant_time_equal("abc", "abd"));
  CHECK_FALSE(constant_time_equal("abc", "ab"));
  CHECK_FALSE(constant_time_equal("", "a"));
}

TEST_CASE("a secret shows itself only to who asks") {
  const Secret secret("swordfish");
  CHECK(to_string(secret) == "•••");
  CHECK(secret.reveal() == "swordfish");
  CHECK((secret == Secret("swordfish")));
  CHECK_FALSE((secret == Secret("swordfisH")));
}

TEST_CASE("copies are whole, what was moved from is empty") {
  Secret a("short");
  Secret b = a;
  CHECK(b.reveal() == "short");
  const Secret c = std::move(a);
  CHECK(c.reveal() == "short");
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): that it is empty is the point
  b = Secret("a much longer secret that is not kept inside the string itself");
  CHECK(b.reveal().size() == 62);
  b = c;
  CHECK(b.reveal() == "short");
}

TEST_CASE("wiping leaves nothing behind") {
  std::string text = "a password long enough to live on the heap";
  wipe(text);
  CHECK(text.empty());
  text.resize(text.capacity(), 'x');
  CHECK(text.find("password") == std::string::npos);
}
