#pragma once

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "kith/net/reactor.h"
#include "kith/net/socket.h"

namespace kith::admin {

/// The administration socket: lines in, one line out for each. Whoever may open the file may do
/// everything; it is for its owner alone. On the reactor's thread, which waits while a command
/// runs.
class Socket {
 public:
  /// Takes a line without its newline; the answer has none either.
  using Answer = std::function<std::string(std::string_view line)>;

  /// The reactor outlives it.
  Socket(net::Reactor& reactor, Answer answer);
  /// Removes the file, ends the connections.
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// A file that nobody answers on is of a server that was killed, and is replaced. Otherwise a
  /// sentence.
  std::expected<void, std::string> open(const std::string& path);

  /// A line for whoever waits for the end of the server; what no longer goes out is lost.
  void farewell(std::string_view line);

 private:
  struct Peer;

  void accept();
  void read(Peer& peer);
  void answer(Peer& peer);
  void write(Peer& peer);
  void drop(int fd);

  net::Reactor& reactor_;
  Answer answer_;
  std::string path_;
  net::Fd listener_;
  net::Watch watch_;
  std::map<int, std::unique_ptr<Peer>> peers_;
};

/// Why a server could not be asked.
struct CallError {
  enum class Kind { not_running, forbidden, broken };
  Kind kind = Kind::broken;
  std::string sentence;
};

/// A connection to a server's administration socket. Blocks.
class Call {
 public:
  static std::expected<Call, CallError> open(const std::string& path);

  std::expected<std::string, CallError> ask(std::string_view line);
  /// What the server says before it ends the connection: one line more, without being asked.
  std::expected<std::string, CallError> last_words(Duration patience);
  /// Returns when the server's process is gone, with its locks and ports; false: it is still there.
  bool wait_for_end(Duration patience);

 private:
  explicit Call(net::Fd fd);
  std::expected<std::string, CallError> line(Duration patience);
  net::Fd fd_;
  net::Fd process_;   // the server's; none where the system does not tell
  std::string rest_;  // came behind the last line
};

}  // namespace kith::admin
