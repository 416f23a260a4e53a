#include "tools/kith/lint_value.h"

#include <algorithm>

#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/any_header.h"
#include "kith/sip/message.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/tel_uri.h"
#include "kith/sip/uri.h"
#include "tools/kith/lint_judge.h"

namespace kith::tool {

namespace {

/// A value that is read by a function of text and mode, and written by another.
template <class Read, class Write>
Reading reading_of(std::string_view text, Read&& read, Write&& write) {
  Reading reading;
  const auto strict = read(text, Mode::strict);
  const auto lenient = read(text, Mode::lenient);
  reading.accepted = strict.has_value();
  reading.lenient = lenient.has_value();
  if (!strict) reading.errors.push_back(strict.error());
  if (!strict && !lenient) return reading;
  const auto& value = strict ? *strict : *lenient;
  reading.encoded = write(value);
  const auto again = read(*reading.encoded, strict ? Mode::strict : Mode::lenient);
  reading.reparsed_equal = again && *again == value;
  return reading;
}

/// A telephone number has a grammar of its own within the URI's.
Result<sip::Uri> uri_of(std::string_view text, Mode mode) {
  Result<sip::Uri> uri = sip::Uri::parse(text, mode);
  if (uri && uri->scheme == "tel")
    if (const auto number = sip::TelUri::parse(text, mode); !number)
      return std::unexpected(number.error());
  return uri;
}

struct AddressValue {
  std::string display_name;
  sip::Uri uri;

  bool operator==(const AddressValue&) const = default;
};

Result<AddressValue> address_of(std::string_view text, Mode mode) {
  Scanner in(text, mode, "address");
  std::string_view display_name;
  sip::UriView uri;
  if (!sip::read_address(in, display_name, uri, sip::Brackets::optional) || !in.at_end())
    return std::unexpected(in.error());
  return AddressValue{sip::unquote(display_name), own(uri)};
}

std::string joined(const sip::ReadHeader& header) {
  std::string line = header.name + ":";
  for (const std::string& value : header.values)
    line.append(&value == &header.values.front() ? " " : ", ") += value;
  return line;
}

}  // namespace

Reading read_message(std::string_view wire) {
  Reading reading;
  for (const sip::Problem& each : problems_of(wire, Mode::strict))
    if (each.weight == sip::Weight::fault) reading.errors.push_back(each.error);
  reading.accepted = reading.errors.empty();
  const std::vector<sip::Problem> lenient = problems_of(wire, Mode::lenient);
  reading.lenient = sip::first_fault(lenient) == nullptr;
  const Mode mode = reading.accepted ? Mode::strict : Mode::lenient;
  const Result<sip::Message> message = sip::Message::parse(std::string{wire}, mode);
  if (!message) return reading;
  reading.encoded = message->write();
  const Result<sip::Message> again = sip::Message::parse(*reading.encoded, mode);
  reading.reparsed_equal = again && *again == *message;
  return reading;
}

Reading read_header(std::string_view line) {
  Reading reading;
  const sip::ReadHeader strict = sip::read_header_line(line, Mode::strict);
  const sip::ReadHeader lenient = sip::read_header_line(line, Mode::lenient);
  reading.accepted = !strict.error;
  reading.lenient = !lenient.error;
  if (strict.error) reading.errors.push_back(*strict.error);
  if (strict.error && lenient.error) return reading;
  const sip::ReadHeader& read = strict.error ? lenient : strict;
  reading.encoded = joined(read);
  reading.reparsed_equal = read.stable;
  return reading;
}

Reading read_uri(std::string_view text) {
  return reading_of(text, uri_of, [](const sip::Uri& uri) { return uri.to_string(); });
}

Reading read_address(std::string_view text) {
  return reading_of(text, address_of, [](const AddressValue& address) {
    std::string written;
    Writer out(written);
    sip::write_address(out, address.display_name, address.uri);
    return written;
  });
}

Equality compare_uris(std::string_view a, std::string_view b) {
  Equality equality;
  const auto first = uri_of(a, Mode::lenient);
  const auto second = uri_of(b, Mode::lenient);
  for (const auto* uri : {&first, &second})
    if (!*uri) equality.errors.push_back(uri->error());
  if (!equality.errors.empty()) return equality;
  if (first->scheme == "tel" && second->scheme == "tel")
    equality.equal = equivalent(*sip::TelUri::parse(a), *sip::TelUri::parse(b));
  else
    equality.equal = equivalent(sip::UriView(*first), sip::UriView(*second));
  return equality;
}

}  // namespace kith::tool
