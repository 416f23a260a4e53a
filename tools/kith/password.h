#pragma once

#include <expected>
#include <string>

#include "kith/crypto/secret.h"

namespace kith::tool {

/// The first line of standard input where asked for; else KITH_PASSWORD; else asked at the
/// terminal, without echo. The error is a sentence.
std::expected<crypto::Secret, std::string> read_password(bool from_input, const std::string& login);

}  // namespace kith::tool
