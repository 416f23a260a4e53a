#pragma once

#include <string_view>

#include "kith/crypto/digest.h"

namespace kith::crypto {

/// RFC 1320. Broken as a digest, and kept for one purpose: an NT hash is the MD4 of a password. It
/// is written out here because OpenSSL has it in a provider that need not be installed.
Digest<16> md4(std::string_view text);

}  // namespace kith::crypto
