#include "kith/sip/any_header.h"

#include <algorithm>
#include <array>

#include "kith/base/text.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"

namespace kith::sip {

namespace {

/// A header line is read in the shortest message that can be around it.
constexpr std::string_view start_line = "X x SIP/2.0\r\n";

/// What can be done with a header when its type is found by name.
struct Entry {
  HeaderName name;
  void (*read)(const Message&, ReadHeader&);
  bool (*same)(const Message&, const Message&);
};

std::string line_of(std::string_view name, const std::vector<std::string>& values) {
  std::string line{name};
  line += ':';
  for (const std::string& value : values)
    line.append(&value == &values.front() ? " " : ", ") += value;
  return line;
}

Result<Message> message_of(std::string_view line, Mode mode) {
  return Message::parse(std::string{start_line}.append(line).append("\r\n\r\n"), mode);
}

template <class H>
void read_as(const Message& message, ReadHeader& to) {
  const Result<std::vector<H>> values = message.all<H>(to.diagnostics);
  if (!values) {
    to.error = values.error();
    return;
  }
  for (const H& value : *values) to.values.push_back(written(value));
  const Result<Message> again = message_of(line_of(H::name.full, to.values), message.mode());
  to.stable = again && again->all<H>() == values;
}

template <class H>
bool same_as(const Message& a, const Message& b) {
  const Result<std::vector<H>> values = a.all<H>();
  return values && values == b.all<H>();
}

template <class... H>
constexpr auto entries_of(TypeList<H...>) {
  return std::array{Entry{H::name, read_as<H>, same_as<H>}...};
}
constexpr auto entries = entries_of(AllHeaders{});

/// A name, full or compact, as the number that stands for it; see name_hash.h.
struct Name {
  std::uint64_t hash = 0;
  std::string_view text;
  const Entry* entry = nullptr;
};

constexpr auto names = [] {
  std::array<Name, 2 * entries.size()> all{};
  std::size_t count = 0;
  for (const Entry& entry : entries) {
    all[count++] = {hash_of(entry.name.full), entry.name.full, &entry};
    if (entry.name.compact == '\0') continue;
    const std::string_view compact{&entry.name.compact, 1};
    all[count++] = {hash_of(compact), compact, &entry};
  }
  std::ranges::sort(all, {}, &Name::hash);
  return all;
}();

const Entry* entry_of(std::string_view name) {
  for (const Name& each : std::ranges::equal_range(names, hash_of(name), {}, &Name::hash))
    if (each.entry != nullptr && equal_ignoring_case(each.text, name)) return each.entry;
  return nullptr;
}

}  // namespace

const HeaderName* known_header(std::string_view name) {
  const Entry* const entry = entry_of(name);
  return entry == nullptr ? nullptr : &entry->name;
}

namespace {

/// The line alone in a message; offsets in what is read count from `base` in that message.
ReadHeader read_alone(std::string_view line, Mode mode, std::size_t base) {
  const auto from_base = [base](std::size_t offset) { return offset - std::min(offset, base); };
  ReadHeader read;
  const Result<Message> message = message_of(line, mode);
  if (!message || message->field_count() != 1 || !message->body().empty()) {
    read.error = message ? Error{Fault::malformed, "header line"} : message.error();
    read.error->offset = from_base(read.error->offset);
    return read;
  }
  const Field field = message->field(0);
  Diagnostics tolerated = message->diagnostics();
  const Entry* const entry = entry_of(field.name);
  read.known = entry != nullptr;
  read.name = read.known ? entry->name.full : field.name;
  if (read.known) {
    entry->read(*message, read);
  } else {
    read.values.emplace_back(field.value);
    read.stable = true;
  }
  for (const Leniency& each : read.diagnostics) tolerated.add(each);
  read.diagnostics = {};
  for (const Leniency& each : tolerated)
    if (each.rule != "no Content-Length")
      read.diagnostics.add({each.rule, each.where, from_base(each.offset)});
  if (read.error) read.error->offset = from_base(read.error->offset);
  return read;
}

}  // namespace

ReadHeader read_header_line(std::string_view line, Mode mode) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return read_alone(line, mode, start_line.size());
}

ReadHeader read_header(std::string_view name, std::string_view value, Mode mode) {
  std::string line{name};
  line.append(": ");
  return read_alone(line.append(value), mode, start_line.size() + name.size() + 2);
}

bool same_values(const Message& a, const Message& b, std::string_view name) {
  if (a.texts(name) == b.texts(name)) return true;
  const Entry* const entry = entry_of(name);
  return entry != nullptr && entry->same(a, b);
}

}  // namespace kith::sip
