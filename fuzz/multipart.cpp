// A body of several parts, within each other too: every part lies within the body, and parts that
// are put together again are read as the same. The first line is the Content-Type.

#include "kith/sip/multipart.h"

#include <functional>
#include <optional>
#include <string>

#include "fuzz/target.h"
#include "kith/sip/header/content_disposition.h"
#include "kith/sip/header/content_encoding.h"

using namespace kith;

namespace {

/// Compared as std::less does, since the two may be of different strings.
bool within(std::string_view inner, std::string_view outer) {
  constexpr std::less_equal<const char*> before;
  return inner.empty() || (before(outer.data(), inner.data()) &&
                           before(inner.data() + inner.size(), outer.data() + outer.size()));
}

std::optional<sip::ContentTypeView> read_type(std::string_view text, Mode mode) {
  Scanner in(text, mode);
  std::optional<sip::ContentTypeView> type = sip::ContentTypeView::parse(in);
  return in.at_end() ? type : std::nullopt;
}

void read_part(const sip::Multipart& all, const sip::BodyPart& part, std::string_view body) {
  ensure(within(part.content, body));
  (void)part.content_type();
  (void)part.get<sip::ContentDisposition>();
  (void)part.view<sip::ContentEncoding>();
  if (!part.content_id.empty()) ensure(all.find(part.content_id) != nullptr);
  const Result<sip::Multipart> inner = all.nested(part);
  if (!inner) return;
  for (const sip::BodyPart& each : *inner) read_part(*inner, each, part.content);
}

/// What a writer makes of the contents is read as those contents.
void write_again(const sip::Multipart& all) {
  sip::MultipartWriter writer;
  for (const sip::BodyPart& part : all) writer.add(part.content);
  const sip::MultipartWriter::Written written = writer.write("mixed", "b");
  const std::string type = kith::written(written.type);
  const Result<sip::Multipart> again =
      sip::Multipart::parse(written.body, *read_type(type, Mode::strict), Mode::strict);
  ensure(again.has_value());
  ensure(again->size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) ensure((*again)[i].content == all[i].content);
}

void read(std::string_view type_text, std::string_view body, Mode mode) {
  const auto type = read_type(type_text, mode);
  if (!type) return;
  const Result<sip::Multipart> all = sip::Multipart::parse(body, *type, mode);
  if (!all) return;
  for (const sip::BodyPart& part : *all) read_part(*all, part, body);
  ensure(all->size() == 0 || all->root() == nullptr || within(all->root()->content, body));
  if (all->size() > 0) write_again(*all);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return -1;
  read(text.substr(0, end), text.substr(end + 1), Mode::strict);
  read(text.substr(0, end), text.substr(end + 1), Mode::lenient);
  return 0;
}
