#include "kith/presence/format/pidf.h"

#include <chrono>

#include "kith/presence/state.h"
#include "kith/xml/writer.h"

namespace kith::presence::pidf {

namespace {

std::string two_digits(unsigned number) {
  std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

/// "2026-11-21T00:16:31Z": the form of RFC 3339 that RFC 3863 wants, with capital letters.
std::string timestamp_of(Time time) {
  using namespace std::chrono;
  const sys_seconds at{floor<seconds>(time.time_since_epoch())};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  const auto part = [](auto count) { return two_digits(static_cast<unsigned>(count)); };
  return std::to_string(static_cast<int>(date.year())) + '-' + two_digits(unsigned{date.month()}) +
         '-' + two_digits(unsigned{date.day()}) + 'T' + part(clock.hours().count()) + ':' +
         part(clock.minutes().count()) + ':' + part(clock.seconds().count()) + 'Z';
}

void begin_tuple(xml::Writer& out, std::string_view id, const State& state,
                 std::string_view contact) {
  const bool open = reach_of(state.availability) != Reach::none;
  out.start("tuple").attribute("id", id);
  out.start("status").element("basic", open ? "open" : "closed").end();
  out.element("contact", contact);
}

/// The id is an ID of XML, which no digit may begin: RFC 3863 §4.1.2
void write_device(xml::Writer& out, const DevicePresence& device, std::string_view contact) {
  begin_tuple(out, "d" + device.epid, device.document.state, contact);
  if (!device.document.note.empty()) out.element("note", device.document.note);
  out.element("timestamp", timestamp_of(device.published)).end();
}

}  // namespace

std::string write(const Aggregate& aggregate) {
  xml::Writer out;
  // Not RFC 3863 §4.1.1: the URI that was subscribed to and not one of "pres", for that is what
  // clients look for in their lists.
  out.start("presence").attribute("xmlns", ns).attribute("entity", aggregate.uri);
  bool best_is_there = false;
  for (const DevicePresence& device : aggregate.devices) {
    if (device.epid != aggregate.epid) continue;
    best_is_there = true;
    write_device(out, device, aggregate.uri);
  }
  if (!best_is_there) {  // nobody is there, or a device that has not published
    begin_tuple(out, "user", aggregate.state, aggregate.uri);
    out.end();
  }
  for (const DevicePresence& device : aggregate.devices)
    if (device.epid != aggregate.epid) write_device(out, device, aggregate.uri);
  out.end();
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" + out.take();
}

}  // namespace kith::presence::pidf
