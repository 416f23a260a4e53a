#include "tools/kith/message_source.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/capture/recognise.h"
#include "tools/kith/lint_limits.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

/// What is left to read of a file; closes it, unless it is standard input.
class Input {
 public:
  explicit Input(const std::string& file)
      : file_(file == "-" ? stdin : std::fopen(file.c_str(), "rb"), close) {}

  /// As much as there is, so that a capture can be read while it is made. Empty at the end, and if
  /// it cannot be read.
  std::string_view next() {
    ssize_t size = -1;
    while (file_ != nullptr && size < 0) {
      size = ::read(::fileno(file_.get()), chunk_.data(), chunk_.size());
      if (size < 0 && errno != EINTR) break;
    }
    if (size < 0) error_ = errno;
    return {chunk_.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }
  /// Why it cannot be read; 0 if it can.
  int error() const { return error_; }

 private:
  static void close(std::FILE* open) {
    if (open != stdin) std::fclose(open);
  }

  std::unique_ptr<std::FILE, void (*)(std::FILE*)> file_;
  std::array<char, 64 * 1024> chunk_{};
  int error_ = 0;
};

Failure failure(const std::string& file, const std::string& why) {
  return {.exit = Exit::usage, .sentence = file + ": " + why};
}

/// The bytes that the header section has, its empty line too; all of them if it has no end.
std::size_t section_size(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return text.size();
}

struct Framing {
  std::optional<std::size_t> length;
  bool has_type = false;
};

/// What the header section says of the body.
Framing framing_of(std::string_view section) {
  Framing framing;
  while (!section.empty()) {
    const std::size_t end = std::min(section.find('\n'), section.size() - 1) + 1;
    const std::string_view line = section.substr(0, end);
    section.remove_prefix(end);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trim(line.substr(0, colon));
    if (equal_ignoring_case(name, "Content-Type") || equal_ignoring_case(name, "c"))
      framing.has_type = true;
    if (!equal_ignoring_case(name, "Content-Length") && !equal_ignoring_case(name, "l")) continue;
    Scanner in(line.substr(colon + 1));
    in.blanks();
    std::size_t bytes = 0;
    if (in.number(bytes)) framing.length = bytes;
  }
  return framing;
}

/// The bytes of the first message of a text that begins with one.
std::size_t first_message(std::string_view text) {
  const std::size_t section = section_size(text);
  const Framing framing = framing_of(text.substr(0, section));
  if (!framing.length && framing.has_type) return text.size();
  const std::size_t length = framing.length.value_or(0);
  if (length > text.size() - section) return text.size();
  const std::string_view rest = text.substr(section + length);
  const std::size_t next = rest.find_first_not_of("\r\n");
  if (next == std::string_view::npos) return section + length;
  const bool follows = capture::start_of(rest.substr(next)) == capture::Start::yes;
  return follows ? section + length : text.size();
}

void give_found(const std::string& file, capture::Found& found, const SourceSink& sink) {
  if (const auto* const remark = std::get_if<capture::Remark>(&found)) {
    sink.remark(file, *remark);
    return;
  }
  auto& captured = std::get<capture::Captured>(found);
  sink.message({.file = file,
                .bytes = std::move(captured.bytes),
                .captured = captured.place,
                .transport = captured.transport,
                .framing = captured.framing});
}

std::optional<Failure> read_capture(const std::string& file, std::string_view begin, Input& input,
                                    const SourceSink& sink) {
  capture::Capture capture;
  std::string_view chunk = begin;
  while (true) {
    if (chunk.empty())
      capture.end();
    else
      capture.push(chunk);
    while (std::optional<Result<capture::Found>> found = capture.next()) {
      if (!*found)
        return failure(file, std::string{found->error().where} + ": " +
                                 std::string{to_string(found->error().fault)} + ", at byte " +
                                 std::to_string(found->error().offset));
      give_found(file, **found, sink);
    }
    if (chunk.empty()) return std::nullopt;
    chunk = input.next();
  }
}

std::optional<Failure> give_trace(const std::string& file, std::string_view text,
                                  const SourceSink& sink) {
  std::expected<std::vector<TracedMessage>, TraceError> trace = read_trace(text);
  if (!trace) return failure(file + ":" + std::to_string(trace.error().line), trace.error().what);
  for (TracedMessage& each : *trace) {
    const TraceRecord& record = each.record;
    sink.message(
        {.file = file,
         .bytes = std::move(each.record.bytes),
         .line = each.line,
         .gutter = trace_gutter,
         .captured = capture::Place{.time = record.time, .from = record.from, .to = record.to},
         .transport = record.transport});
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> split_messages(std::string_view text) {
  std::vector<std::string_view> messages;
  while (true) {
    const std::size_t begin = text.find_first_not_of("\r\n");
    if (begin == std::string_view::npos) return messages;
    text.remove_prefix(begin);
    const std::size_t size = first_message(text);
    messages.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

std::optional<Failure> read_source(const std::string& file, const SourceSink& sink) {
  Input input(file);
  std::string text;
  bool is_capture = false;
  for (std::string_view chunk = input.next(); !chunk.empty() && !is_capture;) {
    text.append(chunk);
    if (text.size() > limits::text_bytes_max)
      return failure(file, "too long, and no capture; messages as text may have " +
                               std::to_string(limits::text_bytes_max) + " bytes");
    is_capture = capture::PacketReader::is_capture(text);
    if (!is_capture) chunk = input.next();
  }
  std::optional<Failure> failed;
  if (is_capture) failed = read_capture(file, text, input, sink);
  if (input.error() != 0) return failure(file, std::strerror(input.error()));
  if (is_capture) return failed;
  if (capture::start_of(text) != capture::Start::yes && is_trace(text))
    return give_trace(file, text, sink);
  for (const std::string_view message : split_messages(text)) {
    const auto offset = static_cast<std::size_t>(message.data() - text.data());
    sink.message({.file = file,
                  .bytes = std::string{message},
                  .line = 1 + static_cast<std::size_t>(std::ranges::count(
                                  std::string_view{text}.substr(0, offset), '\n'))});
  }
  return std::nullopt;
}

}  // namespace kith::tool
