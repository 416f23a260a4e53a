#pragma once

#include <string>
#include <string_view>

#include "tools/kith/lint_judge.h"
#include "tools/kith/lint_source.h"

namespace kith::tool {

/// "2026-11-21T12:00:00.250000Z"
std::string time_text(Time time);

/// What there is to say about a message, for people: its headers, each finding under the text that
/// it is about, the verdict.
std::string explained(const LintItem& item, const Judgement& judgement);
/// "trace.pcap[12]: a gap: …"
std::string explained(const std::string& file, const capture::Remark& remark);

}  // namespace kith::tool
