#include "bench/load/device.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

namespace kith::bench {

namespace {

constexpr std::string_view envelope_begin =
    "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">"
    "<SOAP-ENV:Body>";
constexpr std::string_view envelope_end = "</SOAP-ENV:Body></SOAP-ENV:Envelope>";
constexpr std::string_view winrtc = " xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">";

/// Of operations of the mixed kind, in a row: the last one deletes what the one before it put.
constexpr std::uint32_t steps_in_round = 5;
constexpr std::uint32_t contacts_in_mix = 40;

constexpr unsigned first_epid = 100'000;

std::uint32_t number_at(std::string_view text, std::string_view before) {
  std::uint32_t number = 0;
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return 0;
  const std::string_view digits = text.substr(at + before.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string local_address(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

}  // namespace

Device::Device(unsigned number, const Plan& plan, Tally& tally,
               std::unique_ptr<Credentials> credentials)
    : number_(number),
      plan_(plan),
      tally_(tally),
      credentials_(std::move(credentials)),
      user_("u" + std::to_string(number)),
      user_uri_("sip:" + user_ + "@" + plan.domain),
      domain_uri_("sip:" + plan.domain) {}

Device::~Device() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int Device::connect(const Address& server) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return -1;
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS)
    end("connect");
  return descriptor_;
}

void Device::end(std::string_view why) {
  if (state_ == State::ended) return;
  state_ = State::ended;
  if (!why.empty()) ++tally_.errors[std::string(why)];
}

void Device::writable() {
  if (state_ != State::connecting) return flush();
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return end("connect");
  local_ = local_address(descriptor_);
  const std::string port = local_.substr(local_.find(':') + 1);
  tag_ = "t" + user_ + "x" + port;
  call_id_ = "c" + user_ + "x" + port;
  state_ = State::signing_in;
  register_device();
}

void Device::send(const Request& request) {
  const std::string cseq = std::to_string(++cseq_);
  out_.append(request.method).append(" ").append(request.uri).append(" SIP/2.0\r\n");
  out_.append("Via: SIP/2.0/TCP ").append(local_).append(";branch=z9hG4bK").append(tag_);
  out_.append(cseq).append("\r\nMax-Forwards: 70\r\nFrom: <").append(user_uri_).append(">;tag=");
  out_.append(tag_);
  if (credentials_->names_device())
    out_.append(";epid=").append(std::to_string(first_epid + number_));
  out_.append("\r\nTo: <").append(user_uri_).append(">\r\nCall-ID: ").append(call_id_);
  out_.append("\r\nCSeq: ").append(cseq).append(" ").append(request.method);
  out_.append("\r\nContact: <sip:").append(user_).append("@").append(local_);
  out_.append(";transport=tcp>\r\n").append(request.headers);
  if (!request.expires.empty()) out_.append("Expires: ").append(request.expires).append("\r\n");
  credentials_->authorize(out_, {.method = request.method,
                                 .uri = request.uri,
                                 .user_uri = user_uri_,
                                 .from_tag = tag_,
                                 .call_id = call_id_,
                                 .cseq = cseq_,
                                 .expires = request.expires});
  if (!request.content_type.empty())
    out_.append("Content-Type: ").append(request.content_type).append("\r\n");
  out_.append("Content-Length: ").append(std::to_string(request.body.size()));
  out_.append("\r\n\r\n").append(request.body);
}

void Device::register_device() {
  send({.method = "REGISTER",
        .uri = domain_uri_,
        .expires = "7200",
        .headers = "",
        .content_type = "",
        .body = ""});
  flush();
}

/// A subscription that ends at once: its answer has the whole list.
void Device::read_list() {
  state_ = State::reading;
  send({.method = "SUBSCRIBE",
        .uri = user_uri_,
        .expires = "0",
        .headers =
            "Event: vnd-microsoft-roaming-contacts\r\n"
            "Accept: application/vnd-microsoft-roaming-contacts+xml\r\n"
            "Supported: ms-piggyback-first-notify, com.microsoft.autoextend, ms-benotify\r\n",
        .content_type = "",
        .body = ""});
  flush();
}

void Device::work() {
  if (state_ != State::ready || out_of_step_) return;
  while (tally_.running && pending_.size() < plan_.window) operate();
  flush();
}

void Device::operate() {
  const std::uint32_t step = steps_++;
  const bool deletes =
      plan_.operations == Operations::mixed && step % steps_in_round == steps_in_round - 1;
  const std::uint32_t delta = version_++;
  std::string uri = "sip:contact";
  if (plan_.operations == Operations::rename)
    uri += std::to_string(step % plan_.contacts);
  else
    uri += std::to_string((deletes ? step - 1 : step) * 7 % contacts_in_mix);
  uri += "@" + plan_.domain;
  const std::string name = "Name " + std::to_string(delta);
  const std::string number = std::to_string(delta);
  body_.assign(envelope_begin);
  if (deletes) {
    body_.append("<m:deleteContact").append(winrtc).append("<m:URI>").append(uri);
    body_.append("</m:URI><m:deltaNum>").append(number);
    body_.append("</m:deltaNum></m:deleteContact>");
  } else {
    body_.append("<m:setContact").append(winrtc).append("<m:displayName>").append(name);
    body_.append("</m:displayName><m:groups/><m:subscribed>true</m:subscribed><m:URI>");
    body_.append(uri).append("</m:URI><m:externalURI/><m:deltaNum>").append(number);
    body_.append("</m:deltaNum></m:setContact>");
  }
  body_.append(envelope_end);
  send({.method = "SERVICE",
        .uri = user_uri_,
        .expires = "",
        .headers = "",
        .content_type = "application/SOAP+xml",
        .body = body_});
  pending_.push_back({cseq_, delta, std::chrono::steady_clock::now()});
  if (plan_.keep_journal)
    note("sent", delta, (deletes ? "delete " : "set ") + uri + " " + (deletes ? "" : name));
}

void Device::flush() {
  while (!out_.empty()) {
    const ssize_t sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) return end("connection lost");
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

void Device::readable() {
  std::array<char, 32 * 1024> chunk;
  const ssize_t count = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (count <= 0) return end("connection lost");
  in_.append(chunk.data(), static_cast<std::size_t>(count));
  std::size_t done = 0;
  while (state_ != State::ended) {
    const std::string_view rest = std::string_view(in_).substr(done);
    const std::size_t blank = rest.find("\r\n\r\n");
    if (blank == std::string_view::npos) break;
    const std::string_view head = rest.substr(0, blank + 2);
    const std::size_t size = blank + 4 + number_at(head, "\r\nContent-Length: ");
    if (rest.size() < size) break;
    take(head, rest.substr(blank + 4, size - blank - 4));
    done += size;
  }
  in_.erase(0, done);
  work();
}

void Device::take(std::string_view head, std::string_view body) {
  const auto status = static_cast<int>(number_at(head.substr(0, 12), "SIP/2.0 "));
  if (status < 200) return;  // a request of the server, or that it is at work
  switch (state_) {
    case State::signing_in:
      return registered(status, head);
    case State::reading:
      return listed(status, body);
    case State::ready:
      return answered(status, number_at(head, "\r\nCSeq: "));
    case State::connecting:
    case State::ended:
      return;
  }
}

void Device::registered(int status, std::string_view head) {
  if (status == 401 && challenges_++ == 0 && credentials_->challenged(head))
    return register_device();
  if (status != 200) return end("REGISTER " + std::to_string(status));
  credentials_->accepted(head);
  read_list();
}

void Device::listed(int status, std::string_view body) {
  if (status == 503) return read_list();
  if (status != 200) return end("SUBSCRIBE " + std::to_string(status));
  version_ = number_at(body, "deltaNum=\"");
  if (version_ == 0) return end("no list in the answer");
  steps_ -= steps_ % steps_in_round;
  out_of_step_ = false;
  state_ = State::ready;
  note("version", version_, "");
}

void Device::answered(int status, std::uint32_t cseq) {
  while (!pending_.empty() && pending_.front().cseq != cseq) {  // an answer was left out
    ++tally_.errors["no answer"];
    pending_.pop_front();
  }
  if (pending_.empty()) return;
  const Pending done = pending_.front();
  pending_.pop_front();
  if (status == 200) {
    ++tally_.operations;
    note("stored", done.delta, "");
    if (tally_.measuring)
      tally_.latencies_us.push_back(
          static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                         std::chrono::steady_clock::now() - done.sent)
                                         .count()));
    return;
  }
  ++tally_.errors[std::to_string(status)];
  note("refused", done.delta, std::to_string(status));
  out_of_step_ = true;  // what is in flight behind it was made for a list that does not come
  if (pending_.empty()) read_list();
}

void Device::note(std::string_view what, std::uint32_t number, std::string_view more) {
  if (!plan_.keep_journal) return;
  tally_.journal.append(what).append(" ").append(user_).append(" ");
  tally_.journal.append(std::to_string(number));
  if (!more.empty()) tally_.journal.append(" ").append(more);
  tally_.journal.append("\n");
}

}  // namespace kith::bench
