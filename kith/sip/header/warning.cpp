#include "kith/sip/header/warning.h"

namespace kith::sip {

namespace {

/// warn-agent = hostport / pseudonym: RFC 3261 §25.1
constexpr CharSet agent_chars = token_chars | CharSet{"[]:"};

}  // namespace

bool read(Scanner& in, WarningView& to) {
  if (!in.number(to.code) || to.code < 100 || to.code > 999) return false;
  if (!in.space() || !in.run(agent_chars, to.agent)) return false;
  return in.space() && in.quoted(to.text);
}

Warning own(const WarningView& view) {
  return {view.code, std::string{view.agent}, unquote(view.text)};
}

template <class Text>
void BasicWarning<Text>::write(Writer& out) const {
  out << code << ' ' << agent << ' ';
  if constexpr (Owning<Text>)
    out.quoted(text);
  else
    out << '"' << text << '"';
}

template void Warning::write(Writer&) const;
template void WarningView::write(Writer&) const;

}  // namespace kith::sip
