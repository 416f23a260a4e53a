#include "tests/catalog/abnf.h"

#include <stdexcept>
#include <utility>

#include "kith/base/text.h"
#include "tests/catalog/sentence.h"

namespace kith::grammar {

namespace {

bool is_letter(char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }

/// RFC 5234 §4: a rule, once its comments are blanks.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::pair<std::string, Part> rule() {
    std::string name{this->name()};
    if (name.empty() || !take('=')) fail("a rule is a name, \"=\" and what it stands for");
    Part part = choice();
    if (at_ < text_.size()) fail("more than a rule");
    return {std::move(name), std::move(part)};
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw std::invalid_argument(std::string{why} + ": " + std::string{text_.substr(0, at_)} +
                                " <here> " + std::string{text_.substr(at_)});
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_name(char c) { return is_digit(c) || c == '-' || is_letter(c); }

  char next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }
  std::string_view name() {
    next();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view up_to(char end) {
    const std::size_t begin = at_;
    const std::size_t found = text_.find(end, begin);
    if (found == std::string_view::npos) fail("no end");
    at_ = found + 1;
    return text_.substr(begin, found - begin);
  }

  /// a / b
  Part choice(Part::Kind kind = Part::Kind::choice) {
    Part part{.kind = kind};
    do {
      part.parts.push_back(sequence());
    } while (take('/'));
    return part.parts.size() == 1 && kind == Part::Kind::choice ? std::move(part.parts.front())
                                                                : part;
  }

  Part sequence() {
    Part part{.kind = Part::Kind::sequence};
    for (char c = next(); c != '\0' && std::string_view{"/)]}"}.find(c) == std::string_view::npos;
         c = next())
      part.parts.push_back(repetition());
    if (part.parts.empty()) fail("nothing here");
    return part.parts.size() == 1 ? std::move(part.parts.front()) : part;
  }

  /// 3a, *a, 1*a, *2a, 1*2a
  Part repetition() {
    const bool counted = is_digit(next()) || next() == '*';
    if (!counted) return element();
    Part part{.kind = Part::Kind::repeat, .most = unbounded};
    const bool has_least = is_digit(next());
    if (has_least) part.least = number(10);
    if (!take('*'))
      part.most = part.least;
    else if (at_ < text_.size() && is_digit(text_[at_]))
      part.most = number(10);
    part.parts.push_back(element());
    return part;
  }

  Part element() {
    switch (next()) {
      case '"':
        ++at_;
        return {.kind = Part::Kind::text, .text = std::string{up_to('"')}, .in_any_case = true};
      case '%':
        ++at_;
        return value();
      case '<':
        ++at_;
        return special(up_to('>'));
      case '(':
        return group('(', ')', Part::Kind::choice);
      case '{':
        return group('{', '}', Part::Kind::any_of);
      case '[': {
        Part part{.kind = Part::Kind::repeat, .most = 1};
        part.parts.push_back(group('[', ']', Part::Kind::choice));
        return part;
      }
      default:
        break;
    }
    const std::string_view rule = name();
    if (rule.empty()) fail("no element");
    return {.kind = Part::Kind::rule, .text = std::string{rule}};
  }

  Part group(char open, char close, Part::Kind kind) {
    if (!take(open)) fail("no group");
    Part part = choice(kind);
    if (!take(close)) fail("no end of a group");
    return part;
  }

  /// %s"text", %x41, %x41-5A
  Part value() {
    if (take('s') && take('"')) return {.kind = Part::Kind::text, .text = std::string{up_to('"')}};
    if (!take('x')) fail("a value that is not known");
    Part part{.kind = Part::Kind::bytes};
    part.least = part.most = number(16);
    if (at_ < text_.size() && text_[at_] == '-') {
      ++at_;
      part.most = number(16);
    }
    return part;
  }

  Part special(std::string_view text) {
    if (text == "fresh") return {.kind = Part::Kind::fresh};
    if (text == "date") return {.kind = Part::Kind::date};
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) fail("a special that is not known");
    return {.kind = Part::Kind::number,
            .least = std::stoull(std::string{text.substr(0, dots)}),
            .most = std::stoull(std::string{text.substr(dots + 2)})};
  }

  std::uint64_t number(int base) {
    std::size_t read = 0;
    const std::uint64_t value = std::stoull(std::string{text_.substr(at_, 16)}, &read, base);
    at_ += read;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The line without its comment.
std::string_view without_comment(std::string_view line) {
  char closing = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (closing != '\0') {
      if (line[i] == closing) closing = '\0';
    } else if (line[i] == ';') {
      return line.substr(0, i);
    } else if (line[i] == '"') {
      closing = '"';
    } else if (line[i] == '<') {
      closing = '>';
    }
  }
  return line;
}

/// The characters that a linked part is one of, where that is all it is; "" of any other. What
/// stands alone is there more often than what stands in a range, so that it is not rare.
std::string characters_of(const Part& part, int depth = 0) {
  if (depth > 20) return {};  // a rule that names itself
  std::string set;
  switch (part.kind) {
    case Part::Kind::text:
      return part.text.size() == 1 && !is_letter(part.text.front()) ? std::string(4, part.text[0])
                                                                    : "";
    case Part::Kind::bytes:
      for (std::uint64_t c = part.least; c <= part.most; ++c) set += static_cast<char>(c);
      return set;
    case Part::Kind::rule:
      return characters_of(*part.meant, depth + 1);
    case Part::Kind::choice:
      for (const Part& each : part.parts) {
        const std::string some = characters_of(each, depth + 1);
        if (some.empty()) return {};
        set += some;
      }
      return set;
    case Part::Kind::set:
      return part.text;
    default:
      return {};
  }
}

/// The same with sets where they can be: a tenth of the time.
void flatten(Part& part) {
  std::string set = characters_of(part);
  if (!set.empty()) part = {.kind = Part::Kind::set, .text = std::move(set)};
  for (Part& each : part.parts) flatten(each);
}

}  // namespace

void Grammar::add(std::string_view abnf) {
  std::vector<std::string> rules;
  while (!abnf.empty()) {
    const std::size_t end = abnf.find('\n');
    const std::string_view line = without_comment(abnf.substr(0, end));
    abnf.remove_prefix(end == std::string_view::npos ? abnf.size() : end + 1);
    if (line.find_first_not_of(' ') == std::string_view::npos) continue;
    if (rules.empty() || line.front() != ' ') rules.emplace_back();
    rules.back().append(line).append("\n");
  }
  for (const std::string& rule : rules)
    if (!rules_.insert(RuleReader(rule).rule()).second)
      throw std::invalid_argument("twice: " + rule);
}

void Grammar::link() {
  const auto link_part = [this](const auto& self, const std::string& rule, Part& part) -> void {
    if (part.kind == Part::Kind::rule) {
      const auto found = rules_.find(part.text);
      if (found == rules_.end())
        throw std::invalid_argument(rule + " needs " + part.text + ", which is no rule");
      part.meant = &found->second;
    }
    for (Part& each : part.parts) self(self, rule, each);
  };
  for (auto& [name, part] : rules_) link_part(link_part, name, part);
  for (auto& [name, part] : rules_) flatten(part);
}

std::string Grammar::sentence(std::string_view rule, SeededRandom& random) const {
  const auto found = rules_.find(rule);
  if (found == rules_.end()) throw std::invalid_argument("no rule " + std::string{rule});
  return made_of(found->second, random);
}

}  // namespace kith::grammar
