#pragma once

#include <expected>
#include <optional>
#include <string>

#include "kith/crypto/secret.h"
#include "tools/kith/options.h"

namespace kith::tool {

/// The first line of standard input or of a file where asked for, else KITH_PASSWORD; nothing where
/// none was given. The error is a sentence.
std::expected<std::optional<crypto::Secret>, std::string> given_password(const Options& options);

/// The same; else asked at the terminal, without echo.
std::expected<crypto::Secret, std::string> read_password(const Options& options,
                                                         const std::string& login);

}  // namespace kith::tool
