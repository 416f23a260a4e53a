#include <CLI/CLI.hpp>

#include "tools/kith/lint.h"

namespace kith::tool {

namespace {

constexpr const char* teaching =
    "A FILE holds one SIP message as it is on the wire, many one after the other (each as long as\n"
    "its Content-Length says), or is what --trace wrote, or a capture: pcap or pcapng, UDP\n"
    "datagrams and TCP streams.\n"
    "Without FILE, or for -, standard input is read.\n"
    "\n"
    "Each message is read twice: strictly, by the grammar and nothing else, and leniently, as a\n"
    "server reads what real clients send. Its headers are printed as they were understood, then\n"
    "what is wrong, as FILE:LINE:COLUMN, with the text, the rule that it breaks and the SIP "
    "status\n"
    "that answers it. \"error\" refuses the message, \"error, if read strictly\" only there, and "
    "a\n"
    "\"note\" nowhere. In captures, FILE[PACKET] is the packet that completed the message.\n"
    "\n"
    "Examples:\n"
    "  kith lint invite.sip\n"
    "  tcpdump -i any -w - port 5060 | kith lint\n"
    "  kith lint --lenient --json trace.pcapng | jq 'select(.valid == false)'\n"
    "\n"
    "--jsonl answers each line of standard input with one line, for programs:\n"
    "  {\"id\":\"1\",\"kind\":\"message\",\"wire_b64\":\"SU5WSVRF...\"}\n"
    "  {\"id\":\"2\",\"kind\":\"header\",\"input\":\"Contact: <sip:a@b>;q=0.7\"}\n"
    "  {\"id\":\"3\",\"kind\":\"uri\",\"input\":\"sip:alice@example.com\"}\n"
    "  {\"id\":\"4\",\"kind\":\"address\",\"input\":\"\\\"A\\\" <sip:a@b>\"}\n"
    "  {\"id\":\"5\",\"kind\":\"uri_equal\",\"a\":\"sip:a@b\",\"b\":\"sip:A@b\"}\n"
    "with \"accepted\" (strictly), \"lenient\", \"encoded\" (what Kith writes for it; of a "
    "message,\n"
    "\"encoded_b64\"), \"reparsed_equal\" and \"errors\"; or \"equal\"; or, if the line is "
    "malformed,\n"
    "\"error\". It ends with 0 once all lines are answered.\n"
    "\n"
    "Exit status: 0 every message is valid, 1 one is not or a file has none, 2 wrong usage or a "
    "file\n"
    "that cannot be read. Without --lenient, valid means strictly.";

}  // namespace

CLI::App* add_lint(CLI::App& app, LintOptions& options) {
  CLI::App* const lint = app.add_subcommand(
      "lint", "explains SIP messages: their headers, and each error with its place and rule");
  lint->footer(teaching);
  CLI::Option* const files = lint->add_option(
      "file", options.files, "messages, a trace or a capture; - is standard input");
  const auto reads = [&options](Readings readings) {
    return [&options, readings] { options.readings = readings; };
  };
  CLI::Option* const strict =
      lint->add_flag_callback("--strict", reads(Readings::strict), "read strictly only");
  CLI::Option* const lenient =
      lint->add_flag_callback("--lenient", reads(Readings::lenient), "read leniently only");
  strict->excludes(lenient);
  CLI::Option* const json =
      lint->add_flag("--json", options.json, "one JSON object a message or remark, each on a line");
  lint->add_flag("--jsonl", options.jsonl, "answer lines of JSON, see below")
      ->excludes(files)
      ->excludes(json)
      ->excludes(strict)
      ->excludes(lenient);
  return lint;
}

}  // namespace kith::tool
