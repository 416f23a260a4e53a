#include "kith/sip/test/header_check.h"

#include <memory>
#include <utility>

#include "kith/sip/any_header.h"

namespace kith::sip::test {

namespace {

using Value = std::unique_ptr<const AnyHeader>;

Value read(const HeaderName& name, std::string_view text, Mode mode,
           Diagnostics* diagnostics = nullptr) {
  Scanner in(text, mode, name.full, diagnostics);
  Value header = header_type(name.full)->parse(in);
  in.blanks();
  return in.at_end() ? std::move(header) : nullptr;
}

std::string line(const HeaderName& name, std::string_view text, std::string_view what) {
  std::string line{name.full};
  return line.append(": ").append(text).append(" is ").append(what).append("\n");
}

std::string wrong_in(const HeaderName& name, const Accepted& each, Mode mode) {
  const Value header = read(name, each.text, mode);
  if (!header) return line(name, each.text, "refused");
  const std::string once = written(*header);
  if (once != (each.written.empty() ? each.text : each.written))
    return line(name, each.text, "written " + once);
  const Value again = read(name, once, Mode::strict);
  return again && again->equals(*header) ? ""
                                         : line(name, each.text, "read again as another value");
}

std::string wrong_in(const HeaderName& name, const Tolerated& each) {
  if (read(name, each.text, Mode::strict)) return line(name, each.text, "accepted strictly");
  Diagnostics diagnostics;
  const Value header = read(name, each.text, Mode::lenient, &diagnostics);
  if (!header) return line(name, each.text, "refused leniently");
  if (!diagnostics.contains(each.rule)) return line(name, each.text, "tolerated by another rule");
  const std::string once = written(*header);
  return once == each.written ? "" : line(name, each.text, "written " + once);
}

}  // namespace

std::string not_accepted(const HeaderName& name, std::initializer_list<Accepted> cases) {
  std::string wrong;
  for (const Accepted& each : cases)
    for (const Mode mode : {Mode::strict, Mode::lenient}) wrong += wrong_in(name, each, mode);
  return wrong;
}

std::string not_refused(const HeaderName& name, std::initializer_list<std::string_view> texts) {
  std::string wrong;
  for (const std::string_view text : texts)
    for (const Mode mode : {Mode::strict, Mode::lenient})
      if (read(name, text, mode)) wrong += line(name, text, "accepted");
  return wrong;
}

std::string not_tolerated(const HeaderName& name, std::initializer_list<Tolerated> cases) {
  std::string wrong;
  for (const Tolerated& each : cases) wrong += wrong_in(name, each);
  return wrong;
}

}  // namespace kith::sip::test
