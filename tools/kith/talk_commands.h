#pragma once

#include <string>

#include "kith/base/time.h"
#include "tools/kith/options.h"
#include "tools/kith/talk.h"

namespace CLI {
class App;
}

/// The laboratory's commands that talk to a peer. Results go to standard output, the trace and
/// sentences to standard error; each ends as docs and --help say.
namespace kith::tool {

struct OptionsCommand {
  int count = 1;
  double interval_seconds = 1;
};

struct SendCommand {
  std::string file;
};

struct MessageCommand {
  std::string text;
  std::string body;  // a file
  std::string type = "text/plain";
};

struct RegisterCommand {
  std::string registrar;  // a URI; empty: the domain of the address of record
  std::string contact;    // a URI; empty: where we listen
  std::string instance;   // a URN; empty: outbound is not asked for
  int expires_seconds = 3600;
  double duration_seconds = 0;  // 0: until a signal comes
  bool once = false;
  bool fetch = false;
  bool remove_all = false;
};

struct SubscribeCommand {
  std::string event = "presence";
  std::string accept;
  int expires_seconds = 3600;
  int count = 0;                // of NOTIFYs; 0: no end
  double duration_seconds = 0;  // 0: until a signal comes
};

struct CallCommand {
  bool listen = false;
  std::string offer;  // files
  std::string answer;
  std::string save;  // where the peer's description goes
  int status = 200;  // how a callee answers
  double ring_seconds = 0;
  double duration_seconds = 0;  // 0: until the peer hangs up or a signal comes
  int count = 0;                // of calls that a callee takes; 0: no end
};

/// What was told, and which command was chosen.
struct TalkCommands {
  TalkOptions talk;
  OptionsCommand options;
  SendCommand send;
  MessageCommand message;
  RegisterCommand register_;
  SubscribeCommand subscribe;
  CallCommand call;
  Exit (*chosen)(const Options&, const TalkCommands&) = nullptr;
};

void add_talk_commands(CLI::App& app, TalkCommands& commands);

Exit run_options(const Options& options, const TalkCommands& commands);
Exit run_send(const Options& options, const TalkCommands& commands);
Exit run_message(const Options& options, const TalkCommands& commands);
Exit run_register(const Options& options, const TalkCommands& commands);
Exit run_subscribe(const Options& options, const TalkCommands& commands);
Exit run_call(const Options& options, const TalkCommands& commands);

/// Of --interval, --duration and --ring.
inline Duration seconds_of(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace kith::tool
