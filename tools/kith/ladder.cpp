#include "tools/kith/ladder.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include "tools/kith/ladder_draw.h"
#include "tools/kith/ladder_model.h"

namespace kith::tool {

namespace {

constexpr std::size_t width_without_terminal = 80;

std::size_t width_of(const LadderOptions& options) {
  if (options.width > 0) return static_cast<std::size_t>(options.width);
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return width_without_terminal;
}

Maybe<LadderShape> shape_of(const LadderOptions& options) {
  LadderShape shape{.by_host = options.by_host, .call_id = options.call_id, .names = {}};
  for (const std::string& each : options.names) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == each.size())
      return fail(Exit::usage, "--name " + each + " is not like 192.0.2.1:5060=alice");
    shape.names[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return shape;
}

/// Whatever can be read is drawn; the Failure is of the first file that cannot.
Maybe<void> read_file(const std::string& file, LadderBuilder& builder) {
  builder.next_file();
  const std::optional<Failure> failure = read_source(
      file, {.message = [&builder](const SourceItem& item) { builder.add(item); },
             .remark = [&builder](const std::string&,
                                  const capture::Remark& remark) { builder.add(remark); }});
  if (failure) return std::unexpected(*failure);
  const std::string name = file == "-" ? "standard input" : file;
  if (builder.placeless())
    return fail(Exit::usage, name +
                                 ": messages without time and addresses; a ladder is drawn from "
                                 "what --trace writes, pcap and pcapng");
  if (builder.messages_of_file() == 0)
    return fail(Exit::refused, name + ": there is no SIP message in it");
  return {};
}

Maybe<void> write_file(const std::string& file, const std::string& text) {
  std::FILE* const out = file == "-" ? stdout : std::fopen(file.c_str(), "wb");
  bool written = out != nullptr && std::fwrite(text.data(), 1, text.size(), out) == text.size();
  if (out == stdout) written = std::fflush(out) == 0 && written;
  if (out != nullptr && out != stdout) written = std::fclose(out) == 0 && written;
  if (!written) return fail(Exit::usage, file + ": " + std::strerror(errno));
  return {};
}

Maybe<void> draw(const LadderOptions& options, const Ladder& ladder) {
  if (!options.svg.empty()) {
    const Maybe<void> written = write_file(options.svg, ladder_svg(ladder));
    if (!written || (options.svg == "-")) return written;
  }
  if (options.json) return write_file("-", ladder_json(ladder));
  if (!options.svg.empty()) return {};
  return write_file("-", ladder_text(ladder, width_of(options),
                                     options.ascii ? Strokes::ascii : Strokes::unicode));
}

Exit tell(const Failure& failure) {
  std::fprintf(stderr, "kith: %s\n", failure.sentence.c_str());
  return failure.exit;
}

}  // namespace

Exit ladder(const LadderOptions& options) {
  const Maybe<LadderShape> shape = shape_of(options);
  if (!shape) return tell(shape.error());
  LadderBuilder builder(*shape);
  Exit exit = Exit::done;
  for (const std::string& file :
       options.files.empty() ? std::vector<std::string>{"-"} : options.files) {
    const Maybe<void> read = read_file(file, builder);
    if (!read && exit != Exit::usage) exit = read.error().exit;
    if (!read) tell(read.error());
  }
  const Maybe<Ladder> ladder = builder.finish();
  if (!ladder) return tell(ladder.error());
  if (ladder->arrows.empty()) {
    if (exit != Exit::done) return exit;
    return tell({.exit = Exit::refused,
                 .sentence = "there is no message whose Call-ID begins with " + options.call_id});
  }
  if (const Maybe<void> drawn = draw(options, *ladder); !drawn) return tell(drawn.error());
  return exit;
}

}  // namespace kith::tool
