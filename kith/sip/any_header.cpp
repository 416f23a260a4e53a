#include "kith/sip/any_header.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"

namespace kith::sip {

namespace {

/// A header line is read in the shortest message that can be around it.
constexpr std::string_view start_line = "X x SIP/2.0\r\n";

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
class Value final : public AnyHeader {
 public:
  explicit Value(Scanner& in) : header_(H::parse(in)) {}
  bool is_there() const { return header_.has_value(); }
  void write(Writer& out) const override { header_->write(out); }
  bool equals(const AnyHeader& other) const override {
    return *header_ == *static_cast<const Value&>(other).header_;
  }

 private:
  std::optional<H> header_;
};

template <class H>
std::unique_ptr<const AnyHeader> parse_value(Scanner& in) {
  auto value = std::make_unique<const Value<H>>(in);
  if (!value->is_there()) return nullptr;
  return value;
}

template <class H>
bool parse_view(Scanner& in) {
  using View = typename H::View;
  if constexpr (requires(View& view) { read(in, view); }) {
    View view;
    return read(in, view);
  } else {
    return View::parse(in).has_value();
  }
}

template <class... H>
constexpr auto types_of(TypeList<H...>) {
  return std::array{HeaderType{H::name, parse_value<H>, parse_view<H>}...};
}
constexpr auto types = types_of(AllHeaders{});

/// A name, full or compact, as the number that stands for it; see name_hash.h.
struct Name {
  std::uint64_t hash = 0;
  std::string_view text;
  const HeaderType* type = nullptr;
};

constexpr auto names = [] {
  std::array<Name, 2 * types.size()> all{};
  std::size_t count = 0;
  for (const HeaderType& type : types) {
    all[count++] = {hash_of(type.name.full), type.name.full, &type};
    if (type.name.compact == '\0') continue;
    const std::string_view compact{&type.name.compact, 1};
    all[count++] = {hash_of(compact), compact, &type};
  }
  std::ranges::sort(all, {}, &Name::hash);
  return all;
}();

}  // namespace

std::span<const HeaderType> header_types() { return types; }

const HeaderType* header_type(std::string_view name) {
  for (const Name& each : std::ranges::equal_range(names, hash_of(name), {}, &Name::hash))
    if (each.type != nullptr && equal_ignoring_case(each.text, name)) return each.type;
  return nullptr;
}

const HeaderName* known_header(std::string_view name) {
  const HeaderType* const type = header_type(name);
  return type == nullptr ? nullptr : &type->name;
}

Result<AnyHeaders> HeaderType::all(const Message& message, Diagnostics* diagnostics) const {
  struct Taken {
    const HeaderType& type;
    AnyHeaders values;
  } taken{*this, {}};
  const auto take = [](Scanner& in, void* there) {
    auto& [type, values] = *static_cast<Taken*>(there);
    values.push_back(type.parse(in));
    return values.back() != nullptr;
  };
  const Result<std::size_t> count = message.take_each(name, diagnostics, take, &taken);
  if (!count) return std::unexpected(count.error());
  return std::move(taken.values);
}

Result<std::size_t> HeaderType::count(const Message& message) const {
  const auto take = [](Scanner& in, void* there) {
    return static_cast<const HeaderType*>(there)->parse_view(in);
  };
  HeaderType type = *this;
  return message.take_each(name, nullptr, take, &type);
}

bool same(const AnyHeaders& a, const AnyHeaders& b) {
  return std::ranges::equal(
      a, b, [](const auto& value, const auto& other) { return value->equals(*other); });
}

namespace {

void read_values(const HeaderType& type, const Message& message, ReadHeader& to) {
  const Result<AnyHeaders> values = type.all(message, &to.diagnostics);
  if (!values) {
    to.error = values.error();
    return;
  }
  for (const auto& value : *values) to.values.push_back(written(*value));
  const Result<Message> line = message_of(line_of(type.name.full, to.values), message.mode());
  if (!line) return;
  const Result<AnyHeaders> again = type.all(*line);
  to.stable = again && same(*values, *again);
}

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
  const HeaderType* const type = header_type(field.name);
  read.known = type != nullptr;
  read.name = read.known ? type->name.full : field.name;
  if (read.known) {
    read_values(*type, *message, read);
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
  const HeaderType* const type = header_type(name);
  if (type == nullptr) return false;
  const Result<AnyHeaders> values = type->all(a);
  const Result<AnyHeaders> others = type->all(b);
  return values && others && same(*values, *others);
}

}  // namespace kith::sip
