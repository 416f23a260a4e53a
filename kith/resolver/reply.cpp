#include "kith/resolver/reply.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace kith::resolver {

using location::Answer;
using location::AnswerCode;
using location::Record;
using location::RecordData;
using location::RecordType;

namespace {

/// Reads a message from left to right; once something is not there, nothing is any more.
class Reader {
 public:
  Reader(std::string_view message, std::size_t at, std::size_t end)
      : message_(message), at_(at), end_(std::min(end, message.size())) {}

  bool good() const { return good_; }
  std::size_t at() const { return at_; }

  std::string_view bytes(std::size_t size) {
    if (!good_ || size > end_ - at_) {
      good_ = false;
      at_ = end_;
      return {};
    }
    at_ += size;
    return message_.substr(at_ - size, size);
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t number = 0;
    for (const char byte : bytes(size)) number = number << 8U | static_cast<std::uint8_t>(byte);
    return number;
  }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  /// <character-string>: RFC 1035 §3.3
  std::string text() { return std::string(bytes(number(1))); }
  /// <domain-name>: RFC 1035 §4.1.4. Empty where it cannot be written as text or is too long.
  std::string name();

 private:
  std::string_view message_;
  std::size_t at_;
  std::size_t end_;
  bool good_ = true;
};

bool is_plain(std::string_view label) {
  return std::ranges::all_of(label, [](char c) { return c > ' ' && c < '\x7f' && c != '.'; });
}

std::string Reader::name() {
  std::string name;
  bool plain = true;
  std::optional<std::size_t> after;  // where to go on behind the first pointer
  for (std::size_t earliest = at_; good_;) {
    const std::uint32_t length = number(1);
    if (length == 0) break;
    if (length < 64) {
      const std::string_view label = bytes(length);
      plain = plain && is_plain(label) && name.size() <= location::name_size_bytes_max;
      if (plain) (name += label) += '.';
    } else {
      const std::size_t target = (length & 0x3fU) << 8U | number(1);
      // A pointer leads to an earlier name: each one further back, so that they come to an end.
      good_ = good_ && length >= 192 && target < earliest;
      if (!after) after = at_;
      at_ = earliest = target;
    }
  }
  if (after && good_) at_ = *after;
  if (!plain || name.size() > location::name_size_bytes_max + 1) return {};
  return location::canonical_name(name.empty() ? "." : name);
}

Address v4(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  return Address::v4(at(0), at(1), at(2), at(3), 0);
}

Address v6(std::string_view bytes) {
  Address address;
  std::ranges::copy(bytes, address.ip.begin());
  return address;
}

std::optional<RecordData> read_data(Reader& in, RecordType type) {
  switch (type) {
    case RecordType::a: {
      const std::string_view bytes = in.bytes(4);
      return in.good() ? std::optional<RecordData>(v4(bytes)) : std::nullopt;
    }
    case RecordType::aaaa: {
      const std::string_view bytes = in.bytes(16);
      return in.good() ? std::optional<RecordData>(v6(bytes)) : std::nullopt;
    }
    case RecordType::cname:
      return location::Cname{in.name()};
    case RecordType::srv: {
      location::Srv srv{.priority = in.u16(), .weight = in.u16(), .port = in.u16()};
      srv.target = in.name();
      return srv;
    }
    case RecordType::naptr: {
      location::Naptr naptr{.order = in.u16(), .preference = in.u16()};
      naptr.flags = in.text();
      naptr.services = in.text();
      naptr.regexp = in.text();
      naptr.replacement = in.name();
      return naptr;
    }
    case RecordType::soa:
      break;
  }
  return std::nullopt;
}

/// MINIMUM, the last of the five numbers behind two names.
std::uint32_t read_minimum(Reader& in) {
  in.name();
  in.name();
  in.bytes(16);
  return in.number(4);
}

/// One record of the answer or the authority section: RFC 1035 §4.1.3
bool read_record(std::string_view message, Reader& in, Answer& answer) {
  Record record{.owner = in.name(), .data = Address{}};
  const auto type = static_cast<RecordType>(in.u16());
  const std::uint16_t kind = in.u16();
  const std::uint32_t ttl = in.number(4);
  record.ttl = std::chrono::seconds(ttl < 0x8000'0000U ? ttl : 0);  // RFC 2181 §8
  const std::size_t size = in.u16();
  const std::size_t begin = in.at();
  in.bytes(size);
  if (!in.good()) return false;
  if (kind != class_internet) return true;
  Reader data(message, begin, begin + size);
  if (type == RecordType::soa) {
    const std::chrono::seconds minimum(read_minimum(data));
    if (data.good()) answer.negative_ttl = std::min(record.ttl, minimum);
  } else if (std::optional<RecordData> read = read_data(data, type)) {
    record.data = std::move(*read);
    if (data.good()) answer.records.push_back(std::move(record));
  }
  return data.good();
}

}  // namespace

Answer read_reply(std::string_view message) {
  const Answer unreadable{.code = AnswerCode::server_failure};
  Reader in(message, 0, message.size());
  in.u16();  // c-ares compared the id, and the question
  const std::uint32_t flags = in.u16();
  const std::uint32_t questions = in.u16();
  const std::uint32_t answers = in.u16();
  const std::uint32_t authorities = in.u16();
  in.u16();
  for (std::uint32_t i = 0; i < questions && in.good(); ++i) {
    in.name();
    in.bytes(4);
  }
  const std::uint32_t code = flags & 0xfU;
  if (!in.good() || (code != 0 && code != 3)) return unreadable;
  Answer answer{.code = code == 3 ? AnswerCode::no_such_name : AnswerCode::answered};
  for (std::uint32_t i = 0; i < answers; ++i)
    if (!read_record(message, in, answer)) return unreadable;
  Answer negative;
  for (std::uint32_t i = 0; i < authorities && read_record(message, in, negative); ++i)
    answer.negative_ttl = negative.negative_ttl;
  return answer;
}

}  // namespace kith::resolver
