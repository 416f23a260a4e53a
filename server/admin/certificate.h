#pragma once

#include <expected>
#include <string>

#include "kith/base/time.h"

namespace kith::admin {

/// When the first certificate of a PEM file ends, or a sentence.
std::expected<Time, std::string> certificate_end(const std::string& file);

}  // namespace kith::admin
