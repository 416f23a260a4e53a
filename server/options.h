#pragma once

#include <string>

#include "server/admin/admin.h"
#include "server/admin/setup.h"
#include "server/shard/server.h"

namespace kith::server {

/// What the configuration asks of the server; tickets that it refuses, or whose principals have no
/// account in the store, are counted in `refused`. Both outlive it.
ServerOptions options(const admin::Setup& setup, store::Store& store,
                      admin::RefusedTickets& refused);

/// The server as administration sees it; `started` on the steady clock. The server and
/// `refused` outlive it.
admin::Running running(Server& server, const admin::RefusedTickets& refused, std::string version,
                       std::function<void()> drain, std::function<void(std::string)> halt);

}  // namespace kith::server
