// A whole message: read, judged, every header asked for by its type, written back as it came,
// changed and read again.

#include "kith/sip/message.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "kith/sip/any_header.h"
#include "kith/sip/check.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/via.h"

using namespace kith;

namespace {

void read_as(const sip::HeaderType& type, const sip::Message& message) {
  Diagnostics diagnostics;
  const Result<sip::AnyHeaders> all = type.all(message, &diagnostics);
  const Result<std::size_t> views = type.count(message);
  ensure(views.has_value() == all.has_value());
  if (all) ensure(*views == all->size());
}

/// What is asked for by a type that is known when this is compiled is what is found by its name.
template <sip::Header H>
void read_typed(const sip::Message& message) {
  const Result<sip::AnyHeaders> all = sip::header_type(H::name.full)->all(message);
  const Result<std::optional<H>> first = message.get<H>();
  std::size_t seen = 0;
  const auto each = message.each<H>([&seen](const typename H::View&) { ++seen; });
  const Result<std::vector<H>> values = message.all<H>();
  ensure(each.has_value() == all.has_value() && values.has_value() == all.has_value());
  if (!all) return;
  ensure(*each == all->size() && seen == all->size() && values->size() == all->size());
  if (all->empty()) return;
  ensure(first.has_value() && *first == values->front());
  for (std::size_t i = 0; i < all->size(); ++i)
    ensure(written((*values)[i]) == written(*(*all)[i]));
}

void read_all(const sip::Message& message) {
  for (const sip::HeaderType& type : sip::header_types()) read_as(type, message);
  // Each kind of header: a list, one that may be empty, what repeats line by line, what may not;
  // with text and without.
  read_typed<sip::Via>(message);
  read_typed<sip::Contact>(message);
  read_typed<sip::Supported>(message);
  read_typed<sip::Authorization>(message);
  read_typed<sip::From>(message);
  read_typed<sip::ContentLength>(message);
}

bool same_text(const sip::Message& a, const sip::Message& b, std::size_t fields) {
  for (std::size_t i = 0; i < fields; ++i)
    if (a.field(i).name != b.field(i).name || a.field(i).value != b.field(i).value) return false;
  return a.method() == b.method() && a.request_uri() == b.request_uri() &&
         a.status() == b.status() && a.reason() == b.reason() && a.body() == b.body();
}

/// Only what makes it longer than is legal may make a message unreadable.
bool too_much(const Error& error) {
  return error.fault == Fault::too_long || error.fault == Fault::too_many;
}

void change(const sip::Message& message) {
  sip::Message changed = message;
  changed.add("X-Changed", "1");
  const std::string bytes = changed.write();
  const Result<sip::Message> again = sip::Message::parse(bytes, message.mode());
  if (!again) {
    ensure(too_much(again.error()));
    return;
  }
  ensure(again->write() == bytes);
  ensure(again->text("X-Changed") == "1");
  ensure(same_text(message, *again, message.field_count()));
}

void answer(const sip::Message& request) {
  if (!request.is_request() || first_fault(request)) return;
  sip::Message response = sip::Message::response(request, 200);
  response.set_to_tag("a");
  const Result<sip::Message> again = sip::Message::parse(response.write(), request.mode());
  ensure(again.has_value() || too_much(again.error()));
  if (again) ensure(!first_fault(*again) || too_much(*first_fault(*again)));
}

void read(std::string_view bytes, Mode mode) {
  const Result<sip::Message> message = sip::Message::parse(std::string{bytes}, mode);
  const std::vector<sip::Problem> problems = sip::check(bytes, mode);
  if (!message) {
    ensure(sip::first_fault(problems) != nullptr);
    return;
  }
  ensure(bytes.starts_with(message->write()));
  ensure(problems == sip::check(*message));
  if (sip::first_fault(*message)) ensure(sip::first_fault(problems) != nullptr);
  read_all(*message);
  change(*message);
  answer(*message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  read(bytes, Mode::strict);
  read(bytes, Mode::lenient);
  return 0;
}
