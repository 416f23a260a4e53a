#pragma once

#include <cstddef>
#include <string>

#include "tools/kith/ladder_model.h"

namespace kith::tool {

enum class Strokes { unicode, ascii };

/// For a terminal of so many columns; wider, where the participants need it.
std::string ladder_text(const Ladder& ladder, std::size_t width, Strokes strokes);

/// A picture that is readable on light and on dark ground.
std::string ladder_svg(const Ladder& ladder);

/// A line for each message or remark.
std::string ladder_json(const Ladder& ladder);

}  // namespace kith::tool
