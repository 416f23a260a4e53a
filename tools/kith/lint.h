#pragma once

#include <string>
#include <vector>

#include "tools/kith/options.h"

namespace CLI {
class App;
}

namespace kith::tool {

/// How messages are read to be judged; both says what each makes of them.
enum class Readings { both, strict, lenient };

struct LintOptions {
  std::vector<std::string> files;  // "-": standard input; none: the same
  Readings readings = Readings::both;
  bool json = false;
  bool jsonl = false;
};

/// Makes `lint` a subcommand; it was chosen if the App that is returned was parsed.
CLI::App* add_lint(CLI::App& app, LintOptions& options);

/// Explains every message of the files. Done if all are valid, refused if one is not or if there is
/// none, usage if a file cannot be read.
Exit lint(const LintOptions& options);

}  // namespace kith::tool
