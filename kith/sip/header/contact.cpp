#include "kith/sip/header/contact.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::uint32_t reg_id_limit = 1U << 31;

bool is_reg_id(const Param& param) {
  const std::uint32_t id = number(param.value).value_or(0);
  return !param.quoted && id > 0 && id < reg_id_limit;
}

constexpr std::array contact_rules{
    NamedRule{"q", is_qvalue},
    NamedRule{"expires", is_number<>},
    NamedRule{"+sip.instance", is_quoted},
    NamedRule{"reg-id", is_reg_id},
    NamedRule{"pub-gruu", is_quoted},
    NamedRule{"temp-gruu", is_quoted},
    NamedRule{"rc", is_index},
    NamedRule{"mp", is_index},
    NamedRule{"np", is_index},
};

/// "*", unless it begins a display name.
bool read_wildcard(Scanner& in) {
  const char* const start = in.position();
  if (!in.next('*')) return false;
  in.blanks();
  if (in.at_end() || in.peek() == ',' || in.peek() == ';') return true;
  in.move_to(start);
  return false;
}

/// Whether nothing is left but commas, which a list may have too many of.
bool no_value_follows(const Scanner& in) {
  return in.rest().find_first_not_of(", \t") == std::string_view::npos;
}

/// Whether the next value is "*"; then this is where it stands.
bool wildcard_follows(Scanner& in) {
  Scanner next = in;
  do next.blanks();
  while (next.next(','));
  Scanner after = next;
  if (!read_wildcard(after)) return false;
  in = next;
  return true;
}

}  // namespace

bool read(Scanner& in, ContactView& contact) {
  if (read_wildcard(in)) {
    contact.wildcard = true;
    return no_value_follows(in);
  }
  if (!read_name_addr(in, contact.display_name, contact.uri, contact.params, Brackets::optional,
                      contact_rules))
    return false;
  return in.at_end() || !wildcard_follows(in);
}

Contact own(const ContactView& view) {
  return {view.wildcard, unquote(view.display_name), own(view.uri), own(view.params)};
}

bool equivalent(const Contact& a, const Contact& b) {
  return a.wildcard == b.wildcard && equivalent(a.uri, b.uri);
}

template <class Text>
void BasicContact<Text>::write(Writer& out) const {
  if (wildcard) {
    out << '*';
    return;
  }
  write_address(out, display_name, uri);
  params.write(out);
}

template <class Text>
std::optional<QValue> BasicContact<Text>::q() const {
  return QValue::parse(params.find("q"));
}

template <class Text>
std::optional<std::uint32_t> BasicContact<Text>::expires() const {
  const std::optional<std::string_view> text = params.find("expires");
  if (!text) return std::nullopt;
  return seconds(text).value_or(3600);
}

template <class Text>
std::optional<std::string_view> BasicContact<Text>::instance() const {
  std::optional<std::string_view> text = params.find("+sip.instance");
  if (text && text->size() >= 2 && text->front() == '<' && text->back() == '>')
    text = text->substr(1, text->size() - 2);
  return text;
}

template <class Text>
std::optional<std::uint32_t> BasicContact<Text>::reg_id() const {
  const std::optional<std::uint32_t> id = seconds(params.find("reg-id"));
  return id && *id > 0 && *id < reg_id_limit ? id : std::nullopt;
}

template struct BasicContact<std::string>;
template struct BasicContact<std::string_view>;

}  // namespace kith::sip
