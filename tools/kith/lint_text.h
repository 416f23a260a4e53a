#pragma once

#include <string>
#include <string_view>

#include "tools/kith/lint_judge.h"
#include "tools/kith/message_source.h"

namespace kith::tool {

/// What there is to say about a message, for people: its headers, each finding under the text that
/// it is about, the verdict.
std::string explained(const SourceItem& item, const Judgement& judgement);
/// "trace.pcap[12]: a gap: …"
std::string explained(const std::string& file, const capture::Remark& remark);

}  // namespace kith::tool
