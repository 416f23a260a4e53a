#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/credentials.h"
#include "kith/base/address.h"

namespace kith::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class Operations {
  rename,  // setContact on contacts that are there: the list keeps its size
  mixed,   // setContact and deleteContact
};

/// What all devices share: how they work, and what came of it.
struct Plan {
  std::string domain = "example.com";
  Operations operations = Operations::rename;
  unsigned contacts = 50;  // that each user has, for rename
  std::size_t window = 1;  // operations in flight at once, of one device
  bool keep_journal = false;
};

/// Results of all devices.
struct Tally {
  bool measuring = false;
  bool running = false;  // new operations are started
  std::vector<std::uint32_t> latencies_us;
  std::uint64_t operations = 0;  // acknowledged, measured or not
  std::map<std::string, std::uint64_t> errors;
  std::string journal;  // lines: see Device
};

/// One device of one user on one connection: REGISTER, then it reads the list's version, then one
/// operation after the other. Everything that it sends is made here by hand: it must cost less than
/// answering it.
///
/// The journal has a line for everything that a list depends on: "sent USER DELTA set|delete URI
/// NAME", "stored USER DELTA", "refused USER DELTA STATUS", "version USER VERSION".
class Device {
 public:
  enum class State { connecting, signing_in, reading, ready, ended };

  Device(unsigned number, const Plan& plan, Tally& tally, std::unique_ptr<Credentials> credentials);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  /// The descriptor, or -1.
  int connect(const Address& server);
  /// Ready to write: connected, or there is room again.
  void writable();
  void readable();
  /// Starts operations up to the window, if the tally says so.
  void work();

  State state() const { return state_; }
  bool is_idle() const { return pending_.empty(); }
  bool wants_to_write() const { return state_ == State::connecting || !out_.empty(); }
  int descriptor() const { return descriptor_; }

 private:
  struct Pending {
    std::uint32_t cseq;
    std::uint32_t delta;
    SteadyTime sent;
  };
  struct Request {
    std::string_view method;
    std::string_view uri;
    std::string_view expires;
    std::string_view headers;
    std::string_view content_type;
    std::string_view body;
  };

  void send(const Request& request);
  void register_device();
  void read_list();
  void operate();
  void flush();
  void take(std::string_view head, std::string_view body);
  void registered(int status, std::string_view head);
  void listed(int status, std::string_view body);
  void answered(int status, std::uint32_t cseq);
  void note(std::string_view what, std::uint32_t number, std::string_view more);
  void end(std::string_view why);

  const unsigned number_;
  const Plan& plan_;
  Tally& tally_;
  std::unique_ptr<Credentials> credentials_;
  std::string user_;      // "u7"
  std::string user_uri_;  // "sip:u7@example.com"
  std::string domain_uri_;
  std::string tag_;
  std::string call_id_;
  std::string local_;  // "127.0.0.1:40000"
  State state_ = State::connecting;
  int descriptor_ = -1;
  std::uint32_t cseq_ = 0;
  std::uint32_t version_ = 0;
  std::uint32_t steps_ = 0;
  int challenges_ = 0;
  bool out_of_step_ = false;  // a refusal came: the list is read again
  std::deque<Pending> pending_;
  std::string in_;
  std::string out_;
  std::string body_;
};

}  // namespace kith::bench
