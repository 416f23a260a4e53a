#include "kith/sip/header/contact.h"

namespace kith::sip {

bool read(Scanner& in, ContactView& contact) {
  if (in.next('*')) {
    contact.wildcard = true;
    return true;
  }
  return read_address(in, contact.display_name, contact.uri, Brackets::optional) &&
         read(in, contact.params);
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

/// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
template <class Text>
std::optional<std::uint16_t> BasicContact<Text>::q() const {
  const std::optional<std::string_view> text = params.find("q");
  if (!text) return std::nullopt;
  Scanner in(*text);
  if (in.peek() != '0' && in.peek() != '1') return std::nullopt;
  const bool one = in.peek() == '1';
  in.skip(1);
  std::string_view places;
  if (in.next('.')) places = in.run(digits);
  if (!in.at_end() || places.size() > 3) return std::nullopt;
  unsigned thousandths = 0;
  for (std::size_t i = 0; i < 3; ++i)
    thousandths =
        thousandths * 10 + (i < places.size() ? static_cast<unsigned>(places[i] - '0') : 0U);
  if (one && thousandths != 0) return std::nullopt;
  return static_cast<std::uint16_t>(one ? 1000U : thousandths);
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

template struct BasicContact<std::string>;
template struct BasicContact<std::string_view>;

}  // namespace kith::sip
