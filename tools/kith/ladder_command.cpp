#include <CLI/CLI.hpp>

#include "tools/kith/ladder.h"

namespace kith::tool {

namespace {

constexpr const char* teaching =
    "A TRACE is what --trace of the other commands wrote (docs/trace.md), or a capture: pcap or\n"
    "pcapng, UDP datagrams and TCP streams. Without TRACE, or for -, standard input is read. Of\n"
    "several, as those of both ends of a call, one ladder is drawn; what two of them hold is one\n"
    "arrow.\n"
    "\n"
    "Each participant has a column, each message an arrow: a request with its CSeq number, a\n"
    "response with its CSeq, then what its body is. What was sent again is drawn with a broken\n"
    "line and marked \"(again)\". Where there are several calls, the number in brackets tells\n"
    "them apart.\n"
    "\n"
    "Examples:\n"
    "  kith --trace options sip:192.0.2.7 2>&1 >/dev/null | kith ladder\n"
    "  kith ladder --name 192.0.2.1:5060=alice --name 192.0.2.7:5060=bob call.pcap\n"
    "  kith ladder --svg call.svg alice.trace bob.trace\n"
    "\n"
    "Exit status: 0 drawn, 1 a file has no SIP message or there is too much to draw, 2 wrong\n"
    "usage, or a file that cannot be read or written.";

}  // namespace

CLI::App* add_ladder(CLI::App& app, LadderOptions& options) {
  constexpr int width_max = 10'000;
  CLI::App* const ladder =
      app.add_subcommand("ladder", "draws the call flow of a trace or capture as a ladder");
  ladder->footer(teaching);
  ladder->add_option("trace", options.files,
                     "what --trace wrote, or a capture; - is standard input");
  CLI::Option* const svg = ladder->add_option("--svg", options.svg,
                                              "write a picture to this file; - is standard output");
  ladder
      ->add_option("--width", options.width, "columns to draw in; those of the terminal without it")
      ->check(CLI::Range(1, width_max))
      ->excludes(svg);
  ladder->add_flag("--ascii", options.ascii, "draw with - and | only")->excludes(svg);
  ladder
      ->add_option("--name", options.names,
                   "ADDRESS=NAME: what a participant is called; may be repeated")
      ->allow_extra_args(false);
  ladder->add_flag("--hosts", options.by_host, "one column for all ports of a host");
  ladder->add_option("--call-id", options.call_id, "only calls whose Call-ID begins so");
  ladder->add_flag("--json", options.json, "one JSON object a message, each on a line");
  return ladder;
}

}  // namespace kith::tool
