#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/transport.h"
#include "kith/capture/capture.h"
#include "tools/kith/options.h"

namespace kith::tool {

/// One message of a file.
struct SourceItem {
  std::string file;
  std::string bytes;
  std::size_t line = 1;                      // of the file that it begins at; of a capture: 1
  std::size_t gutter = 0;                    // columns that stand before it in each line there
  std::optional<capture::Place> captured{};  // of a capture, or of a trace: that has no packets
  Transport transport = Transport::udp;      // that it was captured on
  std::optional<Error> framing{};            // why its stream cannot be cut there
};

/// What happens with what is in a file, in its order.
struct SourceSink {
  std::function<void(const SourceItem&)> message;
  std::function<void(const std::string& file, const capture::Remark&)> remark;
};

/// Reads a file, or standard input for "-": one message, many one after the other, a capture, or
/// what --trace wrote. A Failure if it cannot be read.
std::optional<Failure> read_source(const std::string& file, const SourceSink& sink);

/// Where the messages of a text begin and end. One ends as its Content-Length says if the next
/// begins there; without that, all that follows is its body.
std::vector<std::string_view> split_messages(std::string_view text);

}  // namespace kith::tool
