#include "kith/sip/shape/param_list.h"

#include <algorithm>
#include <array>
#include <span>

#include "kith/sip/limits.h"

namespace kith::sip {

namespace {

/// gen-value = token / host / quoted-string: with what an IPv6 reference needs; RFC 3261 §25.1
constexpr CharSet value_chars = token_chars | CharSet{"[]:"};
/// What charging identifiers and addresses have unquoted: base64, and URIs.
constexpr CharSet tolerated_chars = value_chars | CharSet{"/?@=&$#"};

bool read_gen_value(Scanner& in) {
  std::string_view value;
  if (in.peek() == '"') return in.quoted(value);
  if (!in.run(value_chars, value) && !tolerated_chars[in.peek()])
    return in.allow("parameter without value after the equals sign");
  if (!tolerated_chars[in.peek()]) return true;
  if (!in.allow("unquoted character in a parameter value")) return false;
  in.run(tolerated_chars);
  return true;
}

/// Names seen so far, to find one given twice.
class Names {
 public:
  bool add(std::string_view name, Scanner& in) {
    const auto same = [name](std::string_view known) { return equal_ignoring_case(known, name); };
    if (std::ranges::any_of(std::span{names_}.first(count_), same) &&
        !in.allow("parameter given twice"))
      return in.refuse(Fault::duplicate);
    if (count_ == names_.size()) return in.refuse(Fault::too_many);
    names_[count_++] = name;
    return true;
  }

 private:
  std::array<std::string_view, params_max> names_;
  std::size_t count_ = 0;
};

}  // namespace

bool read_param_list(Scanner& in, ParamsView& params) {
  const char* const start = in.position();
  const char* end = start;
  Names names;
  do {
    std::string_view name;
    if (!in.token(name)) {
      const bool nothing = end != start && (in.at_end() || in.peek() == ';');
      if (nothing && in.allow("empty parameter")) continue;
      return false;
    }
    if (!names.add(name, in)) return false;
    if (in.separator('=') && !read_gen_value(in)) return false;
    end = in.position();
  } while (in.separator(';'));
  params = ParamsView::of({start, static_cast<std::size_t>(end - start)});
  return true;
}

void write_param_list(Writer& out, const ParamsView& params) {
  const std::string text = written(params);
  if (!text.empty()) out << std::string_view{text}.substr(1);
}

}  // namespace kith::sip
