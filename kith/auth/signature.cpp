#include "kith/auth/signature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "kith/base/text.h"

namespace kith::auth {

namespace {

/// A header value that is an address with parameters, in its two parts. A display name may hold any
/// of the characters that separate, inside its quotes.
struct Address {
  std::string_view uri;
  std::string_view params;
};

std::size_t after_quotes(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return text.size();
}

Address address_in(std::string_view value) {
  std::size_t at = 0;
  while (at < value.size() && value[at] != '<' && value[at] != ';')
    at = value[at] == '"' ? after_quotes(value, at) : at + 1;
  if (at >= value.size()) return {.uri = trim(value), .params = {}};
  if (value[at] == ';') return {.uri = trim(value.substr(0, at)), .params = value.substr(at)};
  const std::size_t close = value.find('>', at);
  if (close == std::string_view::npos) return {.uri = value.substr(at + 1), .params = {}};
  return {.uri = value.substr(at + 1, close - at - 1), .params = value.substr(close + 1)};
}

std::string_view tag_in(std::string_view params) {
  std::size_t begin = 0;
  while (begin < params.size()) {
    std::size_t end = begin;
    while (end < params.size() && params[end] != ';')
      end = params[end] == '"' ? after_quotes(params, end) : end + 1;
    const std::string_view param = trim(params.substr(begin, end - begin));
    const std::size_t equal = param.find('=');
    if (equal != std::string_view::npos && equal_ignoring_case(trim(param.substr(0, equal)), "tag"))
      return trim(param.substr(equal + 1));
    begin = end + 1;
  }
  return {};
}

/// The first URI of each kind, over all values of a header that holds a list.
struct Identity {
  std::string_view sip;
  std::string_view tel;

  void read(std::string_view list) {
    while (!list.empty()) {
      std::size_t end = 0;
      while (end < list.size() && list[end] != ',')
        end = list[end] == '"' ? after_quotes(list, end) : end + 1;
      take(address_in(list.substr(0, end)).uri);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }

  void take(std::string_view uri) {
    if (sip.empty() && equal_ignoring_case(uri.substr(0, 4), "sip:")) sip = uri;
    if (tel.empty() && equal_ignoring_case(uri.substr(0, 4), "tel:")) tel = uri;
  }
};

/// What the buffer needs of a message, gathered in one walk over its header lines.
struct Values {
  std::string_view from;
  std::string_view to;
  std::string_view call_id;
  std::string_view cseq;
  std::string_view expires;
  Identity asserted;
  Identity preferred;
  bool has_asserted = false;

  void take(const sip::Field& field) {
    const auto is = [&](std::string_view name, char compact) {
      return equal_ignoring_case(field.name, name) ||
             (field.name.size() == 1 && to_lower(field.name[0]) == compact);
    };
    const auto first = [&](std::string_view& value) {
      if (value.empty()) value = field.value;
    };
    if (is("From", 'f')) return first(from);
    if (is("To", 't')) return first(to);
    if (is("Call-ID", 'i')) return first(call_id);
    if (equal_ignoring_case(field.name, "CSeq")) return first(cseq);
    if (equal_ignoring_case(field.name, "Expires")) return first(expires);
    if (equal_ignoring_case(field.name, "P-Asserted-Identity")) {
      has_asserted = true;
      asserted.read(field.value);
    } else if (equal_ignoring_case(field.name, "P-Preferred-Identity")) {
      preferred.read(field.value);
    }
  }
};

}  // namespace

void append_signature_buffer(std::string& out, SignatureVersion version,
                             const SignatureFields& fields, const sip::Message& message) {
  Values values;
  for (std::size_t i = 0; i < message.field_count(); ++i) values.take(message.field(i));
  const Address from = address_in(values.from);
  const Address to = address_in(values.to);
  const std::size_t blank = values.cseq.find_first_of(" \t");
  const std::string_view cseq_number = values.cseq.substr(0, blank);
  const std::string_view cseq_method =
      blank == std::string_view::npos ? std::string_view{} : trim(values.cseq.substr(blank));

  const auto put = [&out](std::string_view value) {
    out += '<';
    out += value;
    out += '>';
  };
  for (const std::string_view value :
       {fields.scheme, fields.rand, fields.num, fields.realm, fields.targetname, values.call_id,
        cseq_number, cseq_method, from.uri, tag_in(from.params)})
    put(value);
  const bool with_identities = version != SignatureVersion::v2;
  if (with_identities) put(to.uri);
  put(tag_in(to.params));
  if (with_identities) {
    const Identity& identity = values.has_asserted ? values.asserted : values.preferred;
    put(identity.sip);
    put(identity.tel);
  }
  put(values.expires);
  if (!message.is_request()) {
    std::array<char, 3> status{};
    std::to_chars(status.data(), status.data() + status.size(), message.status());
    put({status.data(), status.size()});
  }
}

std::string signature_buffer(SignatureVersion version, const SignatureFields& fields,
                             const sip::Message& message) {
  std::string buffer;
  buffer.reserve(256);
  append_signature_buffer(buffer, version, fields, message);
  return buffer;
}

}  // namespace kith::auth
