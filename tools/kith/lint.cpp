#include "tools/kith/lint.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "tools/kith/lint_json.h"
#include "tools/kith/lint_judge.h"
#include "tools/kith/lint_limits.h"
#include "tools/kith/lint_text.h"
#include "tools/kith/message_source.h"

namespace kith::tool {

namespace {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// Lines in, lines out, one at a time. Nothing is kept of a line that was answered, and of one that
/// is too long nothing but that.
class Lines {
 public:
  void push(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      keep(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      answer_line();
      bytes.remove_prefix(end + 1);
    }
  }

  /// The last line may lack its end.
  void end() {
    if (too_long_ || !line_.empty()) answer_line();
  }

 private:
  void keep(std::string_view part) {
    too_long_ = too_long_ || line_.size() + part.size() > limits::line_bytes_max;
    if (too_long_)
      line_.clear();
    else
      line_.append(part);
  }

  void answer_line() {
    print(too_long_ ? unanswered("a line of more than " + std::to_string(limits::line_bytes_max) +
                                 " bytes")
                    : answer(line_));
    print("\n");
    line_.clear();
    too_long_ = false;
  }

  std::string line_;
  bool too_long_ = false;
};

/// Answers are sent before more is waited for, so that a program may ask line by line.
Exit answer_lines() {
  Lines lines;
  std::array<char, 64 * 1024> chunk;
  while (true) {
    std::fflush(stdout);
    const ssize_t size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      std::perror("kith: standard input");
      return Exit::usage;
    }
    if (size == 0) break;
    lines.push({chunk.data(), static_cast<std::size_t>(size)});
  }
  lines.end();
  return Exit::done;
}

}  // namespace

Exit lint(const LintOptions& options) {
  if (options.jsonl) return answer_lines();
  std::size_t messages = 0;  // of one file
  bool valid = true;
  const SourceSink sink{
      .message =
          [&](const SourceItem& item) {
            const Judgement judgement = judge(item.bytes, options.readings);
            print(options.json ? json(item, judgement) + "\n" : explained(item, judgement));
            ++messages;
            valid = valid && judgement.valid() && !item.framing;
          },
      .remark =
          [&](const std::string& file, const capture::Remark& remark) {
            print(options.json ? json(file, remark) + "\n" : explained(file, remark));
          },
  };
  bool unreadable = false;
  for (const std::string& file :
       options.files.empty() ? std::vector<std::string>{"-"} : options.files) {
    messages = 0;
    const std::optional<Failure> failure = read_source(file, sink);
    unreadable = unreadable || failure;
    valid = valid && messages > 0;
    std::fflush(stdout);
    if (failure)
      std::fprintf(stderr, "kith: %s\n", failure->sentence.c_str());
    else if (messages == 0)
      std::fprintf(stderr, "kith: %s: there is no SIP message in it\n",
                   file == "-" ? "standard input" : file.c_str());
  }
  if (unreadable) return Exit::usage;
  return valid ? Exit::done : Exit::refused;
}

}  // namespace kith::tool
