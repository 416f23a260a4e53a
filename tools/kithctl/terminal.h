#pragma once

#include <expected>
#include <string>

#include "kith/crypto/secret.h"
#include "server/admin/message.h"

namespace kith::ctl {

/// The first line of standard input.
std::expected<crypto::Secret, std::string> password_from_input();
/// Asked twice, without echo; refused where there is no terminal.
std::expected<crypto::Secret, std::string> password_from_terminal(const admin::Request& request);

}  // namespace kith::ctl
