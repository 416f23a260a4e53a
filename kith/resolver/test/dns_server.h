#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kith/base/overloaded.h"
#include "kith/location/test/play.h"
#include "kith/net/reactor.h"
#include "kith/net/socket.h"

namespace kith::resolver {

/// For tests: a message of the DNS, put together byte by byte.
struct Wire {
  std::string bytes;

  Wire& u8(unsigned value) {
    bytes += static_cast<char>(value & 0xffU);
    return *this;
  }
  Wire& u16(unsigned value) { return u8(value >> 8U).u8(value); }
  Wire& u32(unsigned value) { return u16(value >> 16U).u16(value); }
  Wire& text(std::string_view text) {
    u8(static_cast<unsigned>(text.size())).bytes += text;
    return *this;
  }
  Wire& name(std::string_view name) {
    while (!name.empty() && name != ".") {
      const std::size_t dot = std::min(name.find('.'), name.size());
      text(name.substr(0, dot));
      name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return u8(0);
  }
  Wire& header(unsigned id, unsigned flags, unsigned answers, unsigned authorities = 0) {
    return u16(id).u16(0x8180U | flags).u16(1).u16(answers).u16(authorities).u16(0);
  }
  Wire& question(const location::Question& question) {
    return name(question.name).u16(static_cast<unsigned>(question.type)).u16(1);
  }
  Wire& record(std::string_view owner, unsigned type, unsigned ttl, const Wire& data,
               unsigned kind = 1) {
    name(owner).u16(type).u16(kind).u32(ttl);
    u16(static_cast<unsigned>(data.bytes.size())).bytes += data.bytes;
    return *this;
  }
  Wire& record(const location::Record& record) {
    using location::RecordType;
    Wire data;
    const RecordType type = std::visit(
        Overloaded{
            [&](const Address& address) {
              const std::string raw(address.ip.begin(), address.ip.end());
              data.bytes = raw.substr(address.is_v4() ? 12 : 0);
              return address.is_v4() ? RecordType::a : RecordType::aaaa;
            },
            [&](const location::Srv& srv) {
              data.u16(srv.priority).u16(srv.weight).u16(srv.port).name(srv.target);
              return RecordType::srv;
            },
            [&](const location::Naptr& naptr) {
              data.u16(naptr.order).u16(naptr.preference).text(naptr.flags).text(naptr.services);
              data.text(naptr.regexp).name(naptr.replacement);
              return RecordType::naptr;
            },
            [&](const location::Cname& cname) {
              data.name(cname.target);
              return RecordType::cname;
            },
        },
        record.data);
    return this->record(record.owner, static_cast<unsigned>(type),
                        static_cast<unsigned>(record.ttl.count()), data);
  }
  Wire& soa(std::string_view owner, unsigned ttl, unsigned minimum) {
    Wire data;
    data.name("ns.example").name("admin.example").u32(1).u32(2).u32(3).u32(4).u32(minimum);
    return record(owner, 6, ttl, data);
  }
};

/// The reply to a question, whose id is 0 to begin with.
inline std::string reply_to(const location::Question& question, const location::Answer& answer,
                            unsigned flags = 0) {
  using location::AnswerCode;
  const unsigned code = answer.code == AnswerCode::no_such_name     ? 3
                        : answer.code == AnswerCode::server_failure ? 2
                                                                    : 0;
  Wire wire;
  wire.header(0, flags | code, static_cast<unsigned>(answer.records.size()),
              answer.negative_ttl ? 1 : 0);
  wire.question(question);
  for (const location::Record& record : answer.records) wire.record(record);
  if (answer.negative_ttl)
    wire.soa("example", 3600, static_cast<unsigned>(answer.negative_ttl->count()));
  return wire.bytes;
}

/// For tests: a server of the DNS on loopback, at a port of its own by UDP and by TCP, in the loop
/// of the test. What it says comes from a Zone, unless `answer` says otherwise.
class DnsServer {
 public:
  enum class Over : std::uint8_t { udp, tcp };
  struct Asked {
    location::Question question;
    Over over = Over::udp;
    int times = 0;  // it was asked this, now included
  };
  /// The reply without its id; nothing: it is lost.
  using Reply = std::function<std::optional<std::string>(const Asked&)>;

  DnsServer(net::Reactor& reactor, location::Zone zone)
      : reactor_(reactor), zone_(std::move(zone)) {
    // A port that is free for UDP may be taken for TCP.
    for (int tries = 0; tries < 20 && !(udp_ && tcp_); ++tries) {
      udp_ = bound(SOCK_DGRAM, 0);
      tcp_ = bound(SOCK_STREAM, net::local_address(udp_.number()).port);
    }
    REQUIRE(tcp_);
    REQUIRE(::listen(tcp_.number(), 8) == 0);
    watch_udp_ = watch(udp_.number(), [this] { datagram(); });
    watch_tcp_ = watch(tcp_.number(), [this] { accept(); });
  }

  Address address() const { return net::local_address(udp_.number()); }
  std::string zone_reply(const location::Question& question, unsigned flags = 0) const {
    return reply_to(question, zone_.answer(question), flags);
  }

  Reply answer = [this](const Asked& it) -> std::optional<std::string> {
    return zone_reply(it.question);
  };
  std::string asked{};  // "example.com NAPTR udp, …"

 private:
  struct Connection {
    net::Fd fd;
    net::Watch watch;
    std::string bytes;
  };

  static net::Fd bound(int type, std::uint16_t port) {
    const net::SocketAddress at(Address::v4(127, 0, 0, 1, port));
    auto fd = net::open_socket(Address::v4(127, 0, 0, 1, port), type);
    REQUIRE(fd);
    return ::bind(fd->number(), at.data(), at.size) == 0 ? std::move(*fd) : net::Fd();
  }
  net::Watch watch(int fd, std::function<void()> readable) {
    net::Watch watch =
        reactor_.watch(fd, {.readable = std::move(readable), .writable = {}}).value();
    watch.readable(net::Interest::on);
    return watch;
  }

  std::optional<std::string> reply(std::string_view query, Over over) {
    std::string name;
    std::size_t at = 12;
    for (std::size_t size = 0; (size = static_cast<std::uint8_t>(query.at(at))) != 0;) {
      if (!name.empty()) name += '.';
      name += query.substr(at + 1, size);
      at += 1 + size;
    }
    const location::Question question{
        location::canonical_name(name),
        static_cast<location::RecordType>(static_cast<std::uint8_t>(query.at(at + 2)))};
    location::Play::append(asked, question.name + ' ' + to_string(question.type) +
                                      (over == Over::udp ? " udp" : " tcp"));
    std::optional<std::string> reply = answer({question, over, ++times_[question]});
    if (reply) reply->replace(0, 2, query.substr(0, 2));
    return reply;
  }

  void datagram() {
    std::string query(512, '\0');
    net::SocketAddress from;
    const ssize_t size = ::recvfrom(udp_.number(), query.data(), query.size(), MSG_DONTWAIT,
                                    from.data(), &from.size);
    if (size < 12) return;
    query.resize(static_cast<std::size_t>(size));
    if (const auto bytes = reply(query, Over::udp))
      ::sendto(udp_.number(), bytes->data(), bytes->size(), 0, from.data(), from.size);
  }
  void accept() {
    const int fd = ::accept4(tcp_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    connection_ = std::make_unique<Connection>();
    connection_->fd = net::Fd(fd);
    connection_->watch = watch(fd, [this] { stream(); });
  }
  void stream() {
    std::string chunk(1024, '\0');
    const ssize_t size = ::recv(connection_->fd.number(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size <= 0) {
      connection_->watch = net::Watch();
      return;
    }
    connection_->bytes.append(chunk, 0, static_cast<std::size_t>(size));
    const std::string& bytes = connection_->bytes;
    const auto byte = [&](std::size_t i) -> std::size_t {
      return static_cast<std::uint8_t>(bytes[i]);
    };
    if (bytes.size() < 2 || bytes.size() < 2U + (byte(0) << 8U | byte(1))) return;
    if (const auto answered = reply(std::string_view(bytes).substr(2), Over::tcp)) {
      Wire wire;
      wire.u16(static_cast<unsigned>(answered->size())).bytes += *answered;
      ::send(connection_->fd.number(), wire.bytes.data(), wire.bytes.size(), MSG_NOSIGNAL);
    }
    connection_->bytes.clear();
  }

  net::Reactor& reactor_;
  location::Zone zone_;
  net::Fd udp_;
  net::Fd tcp_;
  net::Watch watch_udp_;
  net::Watch watch_tcp_;
  std::unique_ptr<Connection> connection_;
  std::map<location::Question, int> times_;
};

}  // namespace kith::resolver
