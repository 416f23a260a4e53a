#include "kith/transaction/key.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>

#include "kith/base/siphash.h"
#include "kith/base/text.h"
#include "kith/base/writer.h"

namespace kith::transaction {
namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";  // RFC 3261 §8.1.1.7

// The first byte of a key: of a peer's request by branch, or as in RFC 2543; of one of ours.
constexpr char by_branch = 'b';
constexpr char by_headers = 'h';
constexpr char of_client = 'c';

// Puts a key together; each text ends with a line feed, which nothing in a header has.
class Fields {
 public:
  explicit Fields(char* at) : at_(at) {}

  Fields& add(std::string_view text) {
    at_ += text.copy(at_, text.size());
    *at_++ = '\n';
    return *this;
  }
  Fields& add_lower(std::string_view text) {
    const char* const end = at_ + text.copy(at_, text.size());
    // In whole pieces, for which the compiler needs no loop.
    for (; end - at_ >= piece_size; at_ += piece_size)
      for (std::ptrdiff_t i = 0; i < piece_size; ++i) at_[i] = to_lower(at_[i]);
    for (; at_ != end; ++at_) *at_ = to_lower(*at_);
    *at_++ = '\n';
    return *this;
  }
  /// Always as many bytes.
  template <std::unsigned_integral Number>
  Fields& add(Number number) {
    std::memcpy(at_, &number, sizeof number);
    at_ += sizeof number;
    return *this;
  }
  Fields& add(const Flow& flow) {
    *at_++ = is_stream(flow.transport) ? 's' : 'd';
    if (is_stream(flow.transport)) return add(flow.id);
    std::memcpy(at_, flow.remote.ip.data(), flow.remote.ip.size());
    at_ += flow.remote.ip.size();
    return add(flow.remote.port);
  }
  char* end() const { return at_; }

 private:
  static constexpr std::ptrdiff_t piece_size = 16;

  char* at_;
};

/// `put` writes at most `size` bytes after the first and returns their end.
template <class Put>
std::string make_text(char kind, std::size_t size, Put put) {
  std::string text;
  text.resize_and_overwrite(1 + size, [&](char* begin, std::size_t) {
    *begin = kind;
    return static_cast<std::size_t>(put(Fields{begin + 1}).end() - begin);
  });
  return text;
}

template <class Put>
Key make_key(char kind, std::size_t size, const HashKey& secret, Put put) {
  Key key{.text = make_text(kind, size, put)};
  key.hash = siphash(as_bytes(key.text), secret);
  return key;
}

// What the numbers, the flow and the line feeds of a key need.
constexpr std::size_t fixed_size = 64;

Key key_of(const sip::Message& request, const sip::MandatoryHeaders& headers, const Flow& flow,
           std::string_view method, const HashKey& secret) {
  const std::string_view epid = headers.from.epid().value_or("");
  const std::string_view branch = headers.via.branch().value_or("");
  if (has_magic_cookie(branch)) {
    if (method == "ACK") method = "INVITE";
    const std::size_t size = method.size() + branch.size() + headers.via.host.size() + epid.size();
    return make_key(by_branch, size + fixed_size, secret, [&](Fields fields) {
      return fields.add(method)
          .add(flow)
          .add_lower(branch)  // a token: RFC 3261 §7.3.1
          .add_lower(headers.via.host)
          .add(headers.via.port.value_or(0))
          .add(epid);
    });
  }
  const std::string via = written(headers.via);
  const std::string_view from_tag = headers.from.tag().value_or("");
  const std::string_view to_tag = headers.to.tag().value_or("");
  const std::size_t size = method.size() + request.request_uri().size() + from_tag.size() +
                           headers.call_id.value.size() + via.size() + epid.size() + to_tag.size();
  return make_key(by_headers, size + fixed_size, secret, [&](Fields fields) {
    return fields.add(method)
        .add(flow)
        .add(request.request_uri())
        .add(from_tag)
        .add(headers.call_id.value)
        .add(headers.cseq.sequence)
        .add(via)
        .add(epid)
        .add(to_tag);
  });
}

}  // namespace

HashKey make_secret(Random& random) {
  HashKey key{};
  random.fill(std::as_writable_bytes(std::span{key}));
  return key;
}

bool has_magic_cookie(std::string_view branch) {
  // RFC 3261 §8.1.1.7 makes it seven characters and something after them.
  return branch.size() > magic_cookie.size() &&
         equal_ignoring_case(branch.substr(0, magic_cookie.size()), magic_cookie);
}

Key server_key(const sip::Message& request, const sip::MandatoryHeaders& headers, const Flow& flow,
               const HashKey& secret) {
  return key_of(request, headers, flow, request.method(), secret);
}

Key cancelled_key(const sip::Message& cancel, const sip::MandatoryHeaders& headers,
                  const Flow& flow, const HashKey& secret) {
  return key_of(cancel, headers, flow, "INVITE", secret);
}

bool is_by_headers(const Key& key) { return key.text.front() == by_headers; }

Key acknowledged_key(const Key& invite, std::string_view to_tag, const HashKey& secret) {
  if (!is_by_headers(invite)) return invite;
  const std::string_view text{invite.text};
  const std::size_t method_end = text.find('\n') + 1;
  const std::size_t last = text.rfind('\n', text.size() - 2);
  const std::size_t size = text.size() + to_tag.size() + fixed_size;
  return make_key(by_headers, size, secret, [&](Fields fields) {
    return fields.add("ACK").add(text.substr(method_end, last - method_end)).add(to_tag);
  });
}

Key client_key(std::string_view branch, std::string_view method) {
  const std::size_t size = branch.size() + method.size() + 2;
  Key key{.text = make_text(of_client, size,
                            [&](Fields fields) { return fields.add(branch).add(method); })};
  key.hash = std::hash<std::string>{}(key.text);
  return key;
}

Flow identity(const Flow& flow) {
  Flow reduced;
  if (is_stream(flow.transport)) {
    reduced.id = flow.id;
    reduced.transport = Transport::tcp;
  } else {
    reduced.remote = flow.remote;
  }
  return reduced;
}

}  // namespace kith::transaction
