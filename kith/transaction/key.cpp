#include "kith/transaction/key.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "kith/base/text.h"
#include "kith/base/writer.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"

namespace kith::transaction {
namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";  // RFC 3261 §8.1.1.7

// The first byte of a key: by branch, or as in RFC 2543.
constexpr char by_branch = 'b';
constexpr char by_headers = 'h';

// Fields end with a line feed, which nothing in a header has.
class Fields {
 public:
  explicit Fields(char kind) {
    text_.reserve(160);
    text_.push_back(kind);
  }
  Fields& add(std::string_view field) {
    text_.append(field);
    text_.push_back('\n');
    return *this;
  }
  Fields& add_lower(std::string_view field) {
    for (const char c : field) text_.push_back(to_lower(c));
    text_.push_back('\n');
    return *this;
  }
  Fields& add(std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return add(std::string_view{digits, end});
  }
  Fields& add(const Flow& flow) {
    if (is_stream(flow.transport)) return add(flow.id);
    text_.append(reinterpret_cast<const char*>(flow.remote.ip.data()), flow.remote.ip.size());
    return add(flow.remote.port);
  }
  Key take() { return {std::move(text_)}; }

 private:
  std::string text_;
};

template <sip::Header H>
Result<typename H::View> require(const sip::Message& message) {
  Result<std::optional<typename H::View>> header = message.view<H>();
  if (!header) return std::unexpected(header.error());
  if (!*header) return refuse(Fault::missing, H::name.full);
  return std::move(**header);
}

Result<Key> key_of(const sip::Message& request, const Flow& flow, std::string_view method) {
  const Result<sip::ViaView> via = require<sip::Via>(request);
  if (!via) return std::unexpected(via.error());
  const Result<sip::FromView> from = require<sip::From>(request);
  if (!from) return std::unexpected(from.error());
  const std::string_view epid = from->epid().value_or("");
  const std::string_view branch = via->branch().value_or("");
  if (has_magic_cookie(branch)) {
    return Fields{by_branch}
        .add(method == "ACK" ? "INVITE" : method)
        .add(flow)
        .add_lower(branch)  // a token: RFC 3261 §7.3.1
        .add_lower(via->host)
        .add(via->port.value_or(0))
        .add(epid)
        .take();
  }
  const Result<sip::ToView> to = require<sip::To>(request);
  if (!to) return std::unexpected(to.error());
  const Result<sip::CallIdView> call_id = require<sip::CallId>(request);
  if (!call_id) return std::unexpected(call_id.error());
  const Result<sip::CSeqView> cseq = require<sip::CSeq>(request);
  if (!cseq) return std::unexpected(cseq.error());
  return Fields{by_headers}
      .add(method)
      .add(flow)
      .add(request.request_uri())
      .add(from->tag().value_or(""))
      .add(call_id->value)
      .add(cseq->sequence)
      .add(written(*via))
      .add(epid)
      .add(to->tag().value_or(""))
      .take();
}

}  // namespace

bool has_magic_cookie(std::string_view branch) {
  // RFC 3261 §8.1.1.7 makes it seven characters and something after them.
  return branch.size() > magic_cookie.size() &&
         equal_ignoring_case(branch.substr(0, magic_cookie.size()), magic_cookie);
}

Result<Key> server_key(const sip::Message& request, const Flow& flow) {
  return key_of(request, flow, request.method());
}

Result<Key> cancelled_key(const sip::Message& cancel, const Flow& flow) {
  return key_of(cancel, flow, "INVITE");
}

Key acknowledged_key(const Key& invite, std::string_view to_tag) {
  if (invite.value.front() == by_branch) return invite;
  const std::size_t method_end = invite.value.find('\n');
  const std::size_t last = invite.value.rfind('\n', invite.value.size() - 2) + 1;
  Key key{by_headers + std::string{"ACK"}};
  key.value.append(invite.value, method_end, last - method_end);
  key.value.append(to_tag);
  key.value.push_back('\n');
  return key;
}

Key client_key(std::string_view branch, std::string_view method) {
  return Fields{'c'}.add(branch).add(method).take();
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
