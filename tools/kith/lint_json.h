#pragma once

#include <string>
#include <string_view>

#include "tools/kith/lint_judge.h"
#include "tools/kith/message_source.h"

namespace kith::tool {

// Each gives one JSON object, without a line end.

std::string json(const SourceItem& item, const Judgement& judgement);
std::string json(const std::string& file, const capture::Remark& remark);

/// The verdict on a line of --jsonl, or {"error": …}.
std::string answer(std::string_view line);
/// What is said of a line that is not looked at.
std::string unanswered(std::string_view why);

}  // namespace kith::tool
