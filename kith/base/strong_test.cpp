#include "kith/base/strong.h"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <unordered_set>

using namespace kith;

namespace {

using CallId = Strong<struct CallIdName, std::string>;
using Tag = Strong<struct TagName, std::string>;
using Number = Strong<struct NumberName, int>;

}  // namespace

static_assert(!std::is_convertible_v<CallId, Tag> && !std::is_convertible_v<CallId, std::string>);

TEST_CASE("strong values are ordered and hashed as what they hold") {
  CHECK(CallId{"a"} == CallId{"a"});
  CHECK(CallId{"a"} != CallId{"b"});
  CHECK(Number{2} < Number{10});
  CHECK(Number{}.value == 0);
  const std::unordered_set<CallId> ids{CallId{"a"}, CallId{"b"}, CallId{"a"}};
  CHECK(ids.size() == 2);
  CHECK(ids.contains(CallId{"b"}));
}
