#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "bench/load/device.h"

namespace {

using namespace kith::bench;
using namespace std::chrono_literals;

/// Below what a server takes of unfinished sign-ins from one address.
constexpr std::size_t signing_in_max = 32;
constexpr auto patience = 30s;

struct Arguments {
  std::uint16_t port = 0;
  unsigned devices = 1;
  unsigned first = 0;
  std::string password = "secret";
  std::string tickets;  // a folder; empty: Digest
  double warm_up = 1;
  double seconds = 5;
  bool wait = false;
  bool mixed = false;
  std::string journal;
  Plan plan;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CLI::App app{"Devices that change their contact lists as fast as a server lets them.", "load"};
  app.add_option("--port", arguments.port, "TCP port of the server on 127.0.0.1")->required();
  app.add_option("--devices", arguments.devices, "how many at once, each another user");
  app.add_option("--first", arguments.first, "number of the first user");
  app.add_option("--domain", arguments.plan.domain, "domain of the users u0, u1, …");
  app.add_option("--password", arguments.password, "of every user");
  app.add_option("--tickets", arguments.tickets,
                 "folder with a credential cache u0.ccache, … of each user: Kerberos");
  app.add_option("--contacts", arguments.plan.contacts, "that each user has");
  app.add_option("--warm-up", arguments.warm_up, "seconds before the measurement");
  app.add_option("--seconds", arguments.seconds, "of the measurement");
  app.add_option("--window", arguments.plan.window, "operations in flight, of one device");
  app.add_flag("--mixed", arguments.mixed, "delete contacts, too");
  app.add_flag("--wait", arguments.wait,
               "say \"ready\" when all are signed in, and begin with a line of input");
  app.add_option("--journal", arguments.journal,
                 "write what was sent and answered; losing the connection is then no error");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  arguments.plan.operations = arguments.mixed ? Operations::mixed : Operations::rename;
  arguments.plan.keep_journal = !arguments.journal.empty();
  return std::nullopt;
}

/// The devices and the descriptors that tell when they have something to do.
class Load {
 public:
  explicit Load(const Arguments& arguments)
      : arguments_(arguments), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    tally_.latencies_us.reserve(4'000'000);
  }
  ~Load() { ::close(epoll_); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  bool sign_in();
  void run_for(double seconds);
  void measure(double seconds);
  void finish();
  std::size_t alive() const { return open_; }
  const Tally& tally() const { return tally_; }

 private:
  void start_some();
  bool turn(SteadyTime until);
  void look_after(Device& device);
  std::unique_ptr<Credentials> credentials(unsigned number) const;
  std::size_t count(Device::State state) const;

  const Arguments& arguments_;
  Tally tally_;
  int epoll_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<std::uint32_t> watched_;  // the events that each device is watched for
  std::size_t open_ = 0;
};

std::unique_ptr<Credentials> Load::credentials(unsigned number) const {
  const std::string user = "u" + std::to_string(number);
  if (arguments_.tickets.empty())
    return digest_credentials(user + "@" + arguments_.plan.domain, arguments_.password);
  return kerberos_credentials("FILE:" + arguments_.tickets + "/" + user + ".ccache");
}

std::size_t Load::count(Device::State state) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(devices_, [&](const auto& each) { return each->state() == state; }));
}

void Load::start_some() {
  const std::size_t ready = count(Device::State::ready) + count(Device::State::ended);
  while (devices_.size() < arguments_.devices && devices_.size() - ready < signing_in_max) {
    const unsigned number = arguments_.first + static_cast<unsigned>(devices_.size());
    devices_.push_back(
        std::make_unique<Device>(number, arguments_.plan, tally_, credentials(number)));
    watched_.push_back(EPOLLIN | EPOLLOUT);
    Device& device = *devices_.back();
    epoll_event event{.events = watched_.back(), .data = {.u64 = devices_.size() - 1}};
    if (device.connect({.port = arguments_.port}) >= 0) {
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, device.descriptor(), &event);
      ++open_;
    }
  }
}

bool Load::turn(SteadyTime until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  if (left <= 0ms || open_ == 0) return false;
  std::array<epoll_event, 256> events;
  const int ready = ::epoll_wait(epoll_, events.data(), events.size(),
                                 static_cast<int>(std::min(left, 100ms).count()));
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const std::size_t index = event.data.u64;
    Device& device = *devices_[index];
    if (event.events & (EPOLLOUT | EPOLLERR)) device.writable();
    if (event.events & (EPOLLIN | EPOLLHUP)) device.readable();
    if (device.state() == Device::State::ended) {
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, device.descriptor(), nullptr);
      --open_;
      continue;
    }
    const std::uint32_t wanted = device.wants_to_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    if (wanted == watched_[index]) continue;
    watched_[index] = wanted;
    epoll_event changed{.events = wanted, .data = {.u64 = index}};
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, device.descriptor(), &changed);
  }
  return true;
}

bool Load::sign_in() {
  const SteadyTime until = std::chrono::steady_clock::now() + patience;
  do start_some();
  while (count(Device::State::ready) < arguments_.devices && turn(until));
  return count(Device::State::ready) == arguments_.devices;
}

void Load::run_for(double seconds) {
  tally_.running = true;
  for (const auto& device : devices_) device->work();
  const SteadyTime until = std::chrono::steady_clock::now() +
                           std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
  while (turn(until)) {
  }
}

void Load::measure(double seconds) {
  tally_.measuring = true;
  run_for(seconds);
  tally_.measuring = false;
}

/// Waits for the answers to what is in flight.
void Load::finish() {
  tally_.running = false;
  const SteadyTime until = std::chrono::steady_clock::now() + patience;
  const auto idle = [](const auto& device) {
    return device->state() == Device::State::ended || device->is_idle();
  };
  while (!std::ranges::all_of(devices_, idle) && turn(until)) {
  }
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double percentile_ms(std::vector<std::uint32_t>& latencies, double part) {
  if (latencies.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(latencies.size() - 1));
  std::ranges::nth_element(latencies, latencies.begin() + place);
  return latencies[static_cast<std::size_t>(place)] / 1000.0;
}

void report(const Arguments& arguments, const Tally& tally, double cpu) {
  std::vector<std::uint32_t> latencies = tally.latencies_us;
  const double median = percentile_ms(latencies, 0.5);
  const double slow = percentile_ms(latencies, 0.99);
  std::printf("{\"devices\": %u, \"measured\": %zu, \"seconds\": %.3f, \"rate\": %.1f, ",
              arguments.devices, latencies.size(), arguments.seconds,
              static_cast<double>(latencies.size()) / arguments.seconds);
  std::printf("\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"operations\": %llu, \"cpu_seconds\": %.3f, ",
              median, slow, static_cast<unsigned long long>(tally.operations), cpu);
  std::printf("\"errors\": {");
  const char* comma = "";
  for (const auto& [what, times] : tally.errors) {
    std::printf("%s\"%s\": %llu", comma, what.c_str(), static_cast<unsigned long long>(times));
    comma = ", ";
  }
  std::printf("}}\n");
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const std::optional<int> code = parse(argc, argv, arguments)) return *code;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  Load load(arguments);
  const bool signed_in = load.sign_in();
  if (!signed_in && arguments.journal.empty()) {
    std::fprintf(stderr, "load: not all devices could sign in\n");
    report(arguments, load.tally(), cpu_seconds());
    return 1;
  }
  if (arguments.wait) {
    std::puts("ready");
    std::fflush(stdout);
    std::string line;
    if (!std::getline(std::cin, line)) return 1;
  }
  const double cpu = cpu_seconds();
  load.run_for(arguments.warm_up);
  load.measure(arguments.seconds);
  load.finish();
  report(arguments, load.tally(), cpu_seconds() - cpu);
  if (arguments.journal.empty()) return load.tally().errors.empty() ? 0 : 1;
  std::ofstream journal(arguments.journal, std::ios::trunc);
  journal << load.tally().journal;
  return journal.flush() ? 0 : 1;
}
