#include "server/shard/mailbox.h"

#include <doctest/doctest.h>

#include <vector>

namespace kith::server {
namespace {

struct Box {
  int woken = 0;
  std::vector<int> read;
  Mailbox box{[this] { ++woken; }};

  bool put(int number) {
    Mailbox::Mail mail = [this, number] { read.push_back(number); };
    return box.put(mail);
  }
  void take() {
    for (Mailbox::Mail& mail : box.take()) mail();
  }
};

}  // namespace

TEST_CASE("mail is read in order, and the reader woken once for all that waits") {
  Box box;
  CHECK(box.put(1));
  CHECK(box.put(2));
  box.box.put_result([&box] { box.read.push_back(3); });
  CHECK(box.woken == 1);
  box.take();
  CHECK(box.read == std::vector<int>{1, 2, 3});
  CHECK(box.put(4));
  CHECK(box.woken == 2);
}

TEST_CASE("a full mailbox gives the mail back, but takes results: mailbox_max") {
  Box box;
  for (std::size_t i = 0; i < limits::mailbox_max; ++i) REQUIRE(box.put(0));
  Mailbox::Mail last = [&box] { box.read.push_back(1); };
  REQUIRE_FALSE(box.box.put(last));
  REQUIRE(last);
  last();
  CHECK(box.read == std::vector<int>{1});
  box.box.put_result([&box] { box.read.push_back(2); });
  box.take();
  CHECK(box.read.size() == limits::mailbox_max + 2);
  CHECK(box.read.back() == 2);
  CHECK(box.box.put(last));
}

}  // namespace kith::server
