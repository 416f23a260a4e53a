#pragma once

#include <string>
#include <vector>

#include "tools/kith/options.h"

namespace CLI {
class App;
}

namespace kith::tool {

struct LadderOptions {
  std::vector<std::string> files;  // "-": standard input; none: the same
  std::vector<std::string> names;  // "192.0.2.1:5060=alice"
  std::string call_id;             // what a Call-ID begins with; empty: every call
  std::string svg;                 // a file, or "-"; empty: no picture
  bool by_host = false;            // one column a host, whatever its ports
  bool ascii = false;
  bool json = false;
  int width = 0;  // columns; 0: those of the terminal
};

/// Makes `ladder` a subcommand; it was chosen if the App that is returned was parsed.
CLI::App* add_ladder(CLI::App& app, LadderOptions& options);

/// Draws the messages of the files as a ladder. Done if there are some, refused if there is none or
/// too much to draw, usage if a file cannot be read or written.
Exit ladder(const LadderOptions& options);

}  // namespace kith::tool
