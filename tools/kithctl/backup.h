#pragma once

#include <functional>
#include <string>

#include "server/admin/message.h"

namespace kith::ctl {

/// What every command is told.
struct Context {
  std::string config = "/etc/kith/kith.toml";
};

/// Asks the server, or the database where none runs.
using Ask = std::function<admin::Answer(const Context&, const admin::Request&)>;

/// A new file with all that is stored, as of one moment, read back and verified.
admin::Answer backup(const Context& context, const std::string& file, const Ask& ask);

/// Puts a backup in the place of the database, after verifying it; no server may be running.
admin::Answer restore(const Context& context, const std::string& file);

}  // namespace kith::ctl
