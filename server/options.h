#pragma once

#include <string>

#include "server/admin/admin.h"
#include "server/admin/setup.h"
#include "server/shard/server.h"

namespace kith::server {

/// What the configuration asks of the server.
ServerOptions options(const admin::Setup& setup);

/// The server as administration sees it; `started` on the steady clock. The server outlives it.
admin::Running running(Server& server, std::string version, std::function<void()> drain,
                       std::function<void(std::string)> halt);

}  // namespace kith::server
