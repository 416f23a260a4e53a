#include "kith/resolver/resolver.h"

#include <ares.h>
#include <sys/time.h>

#include <chrono>
#include <iterator>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "kith/resolver/limits.h"
#include "kith/resolver/reply.h"

namespace kith::resolver {

using location::Answer;
using location::AnswerCode;
using location::Question;

namespace {

/// Once in a process, and not undone: another shard may be using it.
bool library_is_ready() {
  static const bool ready = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  return ready;
}

std::string list_of(const std::vector<Address>& servers) {
  std::string list;
  for (Address server : servers) {
    if (server.port == 0) server.port = 53;
    if (!list.empty()) list += ',';
    list += server.text();
  }
  return list;
}

Answer answer_of(int status, std::string_view message) {
  switch (status) {
    case ARES_SUCCESS:
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
      return read_reply(message);
    case ARES_ETIMEOUT:
      return {.code = AnswerCode::timed_out};
    default:
      return {.code = AnswerCode::server_failure};
  }
}

}  // namespace

/// c-ares opens the sockets and says what of them it waits for; the reactor watches them.
class Resolver::Channel {
 public:
  Channel(net::Reactor& reactor, const Config& config, Answered answered);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void ask(const Question& question);

 private:
  struct Waiting;
  using Questions = std::list<Waiting>;
  struct Waiting {
    Channel* channel;
    Question question;
    Answer answer{};
    Questions::iterator self{};
  };

  bool open(const Config& config);
  void wait_for(int fd, bool readable, bool writable);
  void process(int readable, int writable);
  void settle(Waiting* waiting, Answer answer);
  void deliver();

  net::Reactor& reactor_;
  Answered answered_;
  ares_channel ares_ = nullptr;  // null: it could not be opened, and nothing is found out
  std::map<int, net::Watch> watches_;
  net::Timer timer_;
  net::Task delivery_;
  Questions asked_;
  Questions settled_;  // c-ares may answer inside of a call; passed on at the end of the turn
};

Resolver::Channel::Channel(net::Reactor& reactor, const Config& config, Answered answered)
    : reactor_(reactor),
      answered_(std::move(answered)),
      timer_(reactor.timer([this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); })),
      delivery_(reactor.task([this] { deliver(); })) {
  if (library_is_ready() && !open(config)) {
    if (ares_ != nullptr) ares_destroy(ares_);
    ares_ = nullptr;
  }
}

Resolver::Channel::~Channel() {
  if (ares_ != nullptr) ares_destroy(ares_);  // settles all questions, and closes the sockets
}

bool Resolver::Channel::open(const Config& config) {
  using std::chrono::duration_cast;
  ares_options options{};
  options.timeout =
      static_cast<int>(duration_cast<std::chrono::milliseconds>(config.timeout).count());
  options.tries = config.tries;
  options.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<Channel*>(self)->wait_for(fd, readable != 0, writable != 0);
  };
  options.sock_state_cb_data = this;
  constexpr int set = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
  if (ares_init_options(&ares_, &options, set) != ARES_SUCCESS) return false;
  return config.servers.empty() ||
         ares_set_servers_ports_csv(ares_, list_of(config.servers).c_str()) == ARES_SUCCESS;
}

void Resolver::Channel::wait_for(int fd, bool readable, bool writable) {
  if (!readable && !writable) {  // it is about to be closed
    watches_.erase(fd);
    return;
  }
  auto watch = watches_.find(fd);
  if (watch == watches_.end()) {
    auto made = reactor_.watch(fd, {.readable = [this, fd] { process(fd, ARES_SOCKET_BAD); },
                                    .writable = [this, fd] { process(ARES_SOCKET_BAD, fd); }});
    if (!made) return;  // then the timer ends the question
    watch = watches_.emplace(fd, std::move(*made)).first;
  }
  watch->second.readable(readable ? net::Interest::on : net::Interest::off);
  watch->second.writable(writable ? net::Interest::on : net::Interest::off);
}

void Resolver::Channel::process(int readable, int writable) {
  ares_process_fd(ares_, readable, writable);
  timeval left{};
  const timeval* const next = ares_timeout(ares_, nullptr, &left);
  timer_.set(next == nullptr ? never
                             : reactor_.now() + std::chrono::seconds(left.tv_sec) +
                                   std::chrono::microseconds(left.tv_usec));
}

void Resolver::Channel::ask(const Question& question) {
  Waiting& waiting = asked_.emplace_back(Waiting{this, question});
  waiting.self = std::prev(asked_.end());
  if (ares_ == nullptr || asked_.size() > questions_max)
    return settle(&waiting, {.code = AnswerCode::server_failure});
  ares_query(
      ares_, question.name.c_str(), class_internet, static_cast<int>(question.type),
      [](void* context, int status, int, unsigned char* message, int size) {
        auto* const ended = static_cast<Waiting*>(context);
        const std::string_view bytes(reinterpret_cast<const char*>(message),
                                     message == nullptr ? 0 : static_cast<std::size_t>(size));
        ended->channel->settle(ended, answer_of(status, bytes));
      },
      &waiting);
  process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void Resolver::Channel::settle(Waiting* waiting, Answer answer) {
  waiting->answer = std::move(answer);
  settled_.splice(settled_.end(), asked_, waiting->self);
  delivery_.schedule();
}

void Resolver::Channel::deliver() {
  Questions settled = std::move(settled_);
  settled_.clear();
  for (const Waiting& each : settled) answered_(each.question, each.answer);
}

Resolver::Resolver(net::Reactor& reactor, const Config& config, Answered answered)
    : channel_(std::make_unique<Channel>(reactor, config, std::move(answered))) {}

Resolver::~Resolver() = default;

void Resolver::ask(const Question& question) { channel_->ask(question); }

}  // namespace kith::resolver
