// A URI of any scheme, in both modes: written back, compared, normalised, fitted to its place; and
// the telephone number that may be in it.

#include "kith/sip/uri.h"

#include <array>

#include "fuzz/target.h"
#include "kith/sip/tel_uri.h"

using namespace kith;

namespace {

constexpr std::array contexts{sip::UriContext::request_uri, sip::UriContext::from_or_to,
                              sip::UriContext::binding, sip::UriContext::dialog,
                              sip::UriContext::external};

void check_telephone(const sip::Uri& uri, Mode mode) {
  const Result<sip::TelUri> tel = sip::TelUri::from(uri, mode);
  if (!tel) return;
  const std::string once = tel->to_string();
  const Result<sip::TelUri> again = sip::TelUri::parse(once, mode);
  ensure(again.has_value());
  ensure(equivalent(*again, *tel));
  ensure(again->to_string() == once);
}

void check(std::string_view text, Mode mode) {
  const Result<sip::Uri> uri = sip::Uri::parse(text, mode);
  ensure(sip::UriView::parse(text, mode).has_value() == uri.has_value());
  if (!uri) return;
  const std::string once = uri->to_string();
  const Result<sip::Uri> again = sip::Uri::parse(once, mode);
  ensure(again.has_value());
  ensure(mode == Mode::lenient || *again == *uri);
  ensure(again->to_string() == once);
  ensure(equivalent(*uri, *uri));
  if (mode == Mode::strict) {
    const std::string normal = uri->normalized();
    const Result<sip::Uri> same = sip::Uri::parse(normal, mode);
    ensure(same.has_value());
    ensure(equivalent(*same, *uri));
    ensure(equivalent(*uri, *same));
    ensure(same->normalized() == normal);
  }
  for (const sip::UriContext context : contexts)
    ensure(!component_out_of_place(fit(*uri, context), context));
  check_telephone(*uri, mode);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  check(text, Mode::strict);
  check(text, Mode::lenient);
  if (sip::Uri::parse(text, Mode::strict)) ensure(sip::Uri::parse(text, Mode::lenient).has_value());
  ensure(sip::unescape(sip::escape_user(text)) == text);
  return 0;
}
