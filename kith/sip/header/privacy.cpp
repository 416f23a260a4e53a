#include "kith/sip/header/privacy.h"

#include "kith/sip/limits.h"

namespace kith::sip {

namespace {

constexpr CharSet between{"; \t,"};

/// Takes the first value off the text; nothing if there is none left.
std::string_view take(std::string_view& text) {
  Scanner in(text);
  in.run(between);
  const std::string_view value = in.run(~between);
  text = in.rest();
  return value;
}

/// What stands before the next value, if there is one; false if it may not stand there.
bool read_separator(Scanner& in, bool& more) {
  more = in.separator(';');
  if (more || in.peek() != ',') return true;
  more = in.separator(',');
  return in.allow("comma between privacy values");
}

}  // namespace

bool read(Scanner& in, PrivacyView& to) {
  const char* const start = in.position();
  std::size_t count = 0;
  bool more = true;
  while (more) {
    std::string_view value;
    if (in.token(value)) {
      if (++count > params_max) return in.refuse(Fault::too_many);
      if (to.has(value) && !in.allow("privacy value given twice"))
        return in.refuse(Fault::duplicate);
      to.text = in.since(start);
    } else if (count == 0 || !in.allow("empty privacy value")) {
      return false;
    }
    if (!read_separator(in, more)) return false;
  }
  return count == 1 || !to.has("none") || in.allow("none beside other privacy values");
}

Privacy own(const PrivacyView& view) { return {written(view)}; }

template <class Text>
std::vector<std::string_view> BasicPrivacy<Text>::values() const {
  std::vector<std::string_view> all;
  std::string_view rest = text;
  for (std::string_view value = take(rest); !value.empty(); value = take(rest))
    all.push_back(value);
  return all;
}

template <class Text>
bool BasicPrivacy<Text>::has(std::string_view value) const {
  std::string_view rest = text;
  for (std::string_view one = take(rest); !one.empty(); one = take(rest))
    if (equal_ignoring_case(one, value)) return true;
  return false;
}

template <class Text>
void BasicPrivacy<Text>::add(std::string_view value)
  requires Owning<Text>
{
  if (has(value)) return;
  if (!text.empty()) text += ';';
  text += value;
}

template <class Text>
void BasicPrivacy<Text>::write(Writer& out) const {
  bool first = true;
  for (const std::string_view value : values()) {
    if (!first) out << ';';
    out << value;
    first = false;
  }
}

template struct BasicPrivacy<std::string>;
template struct BasicPrivacy<std::string_view>;

}  // namespace kith::sip
