#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "kith/ua/testing/call_flow.h"

namespace kith::ua {
namespace {

std::vector<std::filesystem::path> plays() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry :
       std::filesystem::directory_iterator(KITH_SOURCE_DIR "/tests/scenario/calls"))
    if (entry.path().extension() == ".txt") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("RFC 3665 §3: the call flows of tests/scenario/calls go as they say") {
  REQUIRE(plays().size() > 40);
  for (const std::filesystem::path& path : plays()) {
    CAPTURE(path.filename().string());
    CHECK(testing::perform_call_flow(text_of(path)).value_or("") == "");
  }
}

TEST_CASE("RFC 3665 §3: a flow that goes otherwise is noticed") {
  const std::string begin = "alice sends INVITE to bob\nbob sees INVITE from alice\n";
  REQUIRE_FALSE(testing::perform_call_flow(begin + "bob answers 486 to alice\nalice sees 486\n"));
  for (const std::string rest : {"alice sees 180",
                                 "bob sees INVITE",
                                 "bob answers 180 to alice\nalice sees 200",
                                 "bob answers 486 to alice\nalice sees nothing",
                                 "alice acknowledges bob",
                                 "bob answers 486 to carol",
                                 "bob answers x to alice",
                                 "bob dances wildly",
                                 "bob",
                                 "nothing is left",
                                 "bob answers 486 to alice\nalice sees 486 with 'Subject: x'",
                                 "bob answers 486 to alice\nalice sees 486 from carol",
                                 "alice cancels carol",
                                 "alice pracks bob",
                                 "alice sends BYE bob",
                                 "alice sends INVITE to bob by carol",
                                 "carol is a proxy\ncarol has sent 1 INVITE",
                                 "carol is a proxy\ncarol is a proxy",
                                 "carol is a proxy\ncarol dances wildly",
                                 "carol is a proxy\nalice sends INVITE to carol"}) {
    CAPTURE(rest);
    CHECK(testing::perform_call_flow(begin + rest + "\n"));
  }
}

TEST_CASE("RFC 5359 §2: docs/call-flows.md has each flow of the two RFCs, and each play") {
  const std::string page = text_of(KITH_SOURCE_DIR "/docs/call-flows.md");
  std::vector<std::string> wanted;
  for (const std::filesystem::path& path : plays()) wanted.push_back(path.stem().string());
  std::vector<std::string> listed;
  for (std::size_t at = page.find("`rfc"); at != std::string::npos; at = page.find("`rfc", at + 1))
    listed.push_back(page.substr(at + 1, page.find('`', at + 1) - at - 1));
  std::ranges::sort(listed);
  CHECK(listed == wanted);
  struct Flows {
    std::string section;
    int count;
  };
  for (const Flows& each :
       {Flows{"RFC 3665 §2", 5}, Flows{"RFC 3665 §3", 11}, Flows{"RFC 5359 §2", 18}})
    for (int flow = 1; flow <= each.count; ++flow) {
      CAPTURE(flow);
      CHECK(page.contains("| " + each.section + "." + std::to_string(flow) + " |"));
    }
}

}  // namespace
}  // namespace kith::ua
