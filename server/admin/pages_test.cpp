#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "server/config/config.h"

using namespace kith;

// Pages made from the program. With KITH_WRITE_PAGES set, this writes them instead of comparing.

namespace {

std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string example() {
  config::Config config;
  config.server.domains = {"example.com"};
  return "# Configuration of kithd, with every key at its default; kith.toml(5).\n"
         "# kithctl init writes a file like this one.\n\n" +
         config::write(config);
}

std::string manual_page() {
  std::string page = R"(.TH KITH.TOML 5 "" "Kith" "File formats"
.SH NAME
kith.toml \- configuration of kithd
.SH DESCRIPTION
A TOML file.
Every key has a default, but
.BR server.domains .
A key that is not known is an error, and the error names the key that was probably meant.
.PP
.B kithctl config show
prints every key with its value in effect.
.PP
Durations are whole numbers of seconds.
Paths that are relative begin at the folder of the file.
.SH KEYS
)";
  for (const config::KeyDescription& key : config::describe())
    page += ".TP\n.BR " + roff(key.key) + " \" = " + roff(key.default_value) + "\"\n" +
            roff(key.meaning) + "\n";
  return page + R"(.SH FILES
.TP
.I /etc/kith/kith.toml
.SH SEE ALSO
.BR kithd (8),
.BR kithctl (8)
)";
}

void compare(const std::string& name, const std::string& made) {
  const std::string path = std::string(KITH_SOURCE_DIR) + "/packaging/" + name;
  if (std::getenv("KITH_WRITE_PAGES") != nullptr) std::ofstream(path) << made;
  std::ostringstream kept;
  kept << std::ifstream(path).rdbuf();
  CHECK_MESSAGE(kept.str() == made,
                path << " is stale; run the test with KITH_WRITE_PAGES=1 in the environment");
}

}  // namespace

TEST_CASE("the example configuration is what the program would write") {
  compare("kith.toml", example());
  CHECK(config::parse(example(), "kith.toml"));
}

TEST_CASE("the manual page of kith.toml describes every key") {
  compare("kith.toml.5", manual_page());
}
