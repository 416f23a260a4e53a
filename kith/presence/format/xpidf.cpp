#include "kith/presence/format/xpidf.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "kith/base/text.h"
#include "kith/presence/attributes.h"
#include "kith/presence/limits.h"
#include "kith/presence/uri.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::presence::xpidf {

namespace {

constexpr std::string_view prolog =
    "<?xml version=\"1.0\"?>\r\n"
    "<!DOCTYPE presence PUBLIC \"-//IETF//DTD RFCxxxx XPIDF 1.0//EN\" \"xpidf.dtd\">\r\n";

constexpr std::array<std::pair<std::string_view, Status>, 3> statuses{{
    {"open", Status::open},
    {"closed", Status::closed},
    {"inuse", Status::in_use},
}};

struct SubstatusRow {
  std::string_view word;
  Substatus substatus;
  State state;
};

/// Each word, and the numbers that a client publishes where it means the same.
constexpr std::array<SubstatusRow, 8> substatuses{{
    {"unknown", Substatus::unknown, {.availability = {0}, .activity = {0}}},
    {"away", Substatus::away, {.availability = {300}, .activity = {100}}},
    {"online", Substatus::online, {.availability = {300}, .activity = {400}}},
    {"idle", Substatus::idle, {.availability = {300}, .activity = {200}}},
    {"busy", Substatus::busy, {.availability = {300}, .activity = {600}}},
    {"berightback", Substatus::be_right_back, {.availability = {300}, .activity = {300}}},
    {"onthephone", Substatus::on_the_phone, {.availability = {300}, .activity = {500}}},
    {"outtolunch", Substatus::out_to_lunch, {.availability = {300}, .activity = {150}}},
}};

const SubstatusRow& row_of(Substatus substatus) {
  return *std::ranges::find(substatuses, substatus, &SubstatusRow::substatus);
}

Substatus substatus_of(Activity activity) {
  switch (doing_of(activity)) {
    case Doing::unknown:
      return Substatus::unknown;
    case Doing::away:
      return Substatus::away;
    case Doing::out_to_lunch:
      return Substatus::out_to_lunch;
    case Doing::idle:
      return Substatus::idle;
    case Doing::be_right_back:
      return Substatus::be_right_back;
    case Doing::active:
      return Substatus::online;
    case Doing::in_a_call:
      return Substatus::on_the_phone;
    case Doing::busy:
      return Substatus::busy;
  }
  std::unreachable();
}

State state_of(const Address& address) {
  if (address.status == Status::closed) return {};
  return row_of(address.substatus.value_or(Substatus::online)).state;
}

void write_address(xml::Writer& out, const Address& address) {
  out.start("address").attribute("uri", address.uri);
  if (address.priority) out.attribute("priority", written(*address.priority));
  const auto status =
      std::ranges::find(statuses, address.status, &std::pair<std::string_view, Status>::second);
  out.start("status").attribute("status", status->first).end();
  if (address.substatus)
    out.start("msnsubstatus").attribute("substatus", row_of(*address.substatus).word).end();
  if (!address.note.empty()) out.element("note", address.note);
  out.end();
}

/// "0.8" and "0.800000" alike; finer than thousandths is not kept.
std::optional<sip::QValue> priority_of(std::string_view text) {
  const auto number = number_of<double>(text);
  if (!number || !(*number >= 0 && *number <= 1)) return std::nullopt;
  return sip::QValue{static_cast<std::uint16_t>(*number * 1000 + 0.5)};
}

Result<Address> read_address(const xml::Element& element) {
  Address address;
  auto uri = text_of(element, "uri");
  if (!uri) return std::unexpected(uri.error());
  if (uri->empty()) return refuse(Fault::missing, "uri");
  address.uri = std::move(*uri);
  if (const auto priority = element.attribute("priority")) {
    address.priority = priority_of(trim(*priority));
    if (!address.priority) return refuse(Fault::malformed, "priority");
  }
  if (const xml::Element* status = element.child("status")) {
    const auto word = required(*status, "status");
    if (!word) return std::unexpected(word.error());
    const auto known = std::ranges::find_if(
        statuses, [&](const auto& row) { return equal_ignoring_case(row.first, *word); });
    if (known == statuses.end()) return refuse(Fault::malformed, "status");
    address.status = known->second;
  }
  for (const std::string_view name : {"msnsubstatus", "msnstatus"}) {
    const xml::Element* substatus = element.child(name);
    if (substatus == nullptr) continue;
    const auto word = required(*substatus, "substatus");
    if (!word) return std::unexpected(word.error());
    const auto known = std::ranges::find_if(
        substatuses, [&](const auto& row) { return equal_ignoring_case(row.word, *word); });
    // A word that came later is one that we do not know.
    address.substatus = known == substatuses.end() ? Substatus::unknown : known->substatus;
    break;
  }
  if (const xml::Element* note = element.child("note")) {
    if (note->text().size() > text_bytes_max) return refuse(Fault::too_long, "note");
    address.note = note->text();
  }
  return address;
}

Result<Atom> read_atom(const xml::Element& element) {
  Atom atom;
  const char* const name = element.attribute("id") ? "id" : "atomid";
  auto id = text_of(element, name);
  if (!id) return std::unexpected(id.error());
  if (id->empty()) return refuse(Fault::missing, "id");
  atom.id = std::move(*id);
  if (const auto expires = element.attribute("expires")) {
    const auto seconds = number_of<std::uint32_t>(trim(*expires));
    if (!seconds) return refuse(Fault::malformed, "expires");
    atom.expires = Time{std::chrono::seconds{*seconds}};
  }
  for (const xml::Element& child : element.children()) {
    if (child.local() != "address") continue;
    auto address = read_address(child);
    if (!address) return std::unexpected(address.error());
    atom.addresses.push_back(std::move(*address));
  }
  return atom;
}

/// Behind what may stand before the root element, a document type included.
Result<std::string_view> without_prolog(std::string_view document) {
  const auto skip = [&](std::string_view opening, std::string_view closing) {
    if (!document.starts_with(opening)) return false;
    const std::size_t end = document.find(closing, opening.size());
    if (end == std::string_view::npos) return false;
    document.remove_prefix(end + closing.size());
    return true;
  };
  while (skip("\xEF\xBB\xBF", "") || skip(" ", "") || skip("\t", "") || skip("\r", "") ||
         skip("\n", "") || skip("<?", "?>") || skip("<!--", "-->")) {
  }
  constexpr std::string_view opening = "<!DOCTYPE";
  if (!document.starts_with(opening)) return document;
  std::size_t at = opening.size();
  while (true) {
    at = document.find_first_of("\"'[>", at);
    if (at == std::string_view::npos) return refuse(Fault::malformed, "DOCTYPE");
    if (document[at] == '[') return refuse(Fault::forbidden, "DOCTYPE");
    if (document[at] == '>') return document.substr(at + 1);
    at = document.find(document[at], at + 1);
    if (at == std::string_view::npos) return refuse(Fault::malformed, "DOCTYPE");
    ++at;
  }
}

}  // namespace

Presence of(const Aggregate& aggregate) {
  const bool open = reach_of(aggregate.state.availability) != Reach::none;
  Address address{.uri = aggregate.uri,
                  .priority = sip::QValue{800},  // that of the specification's example
                  .status = open ? Status::open : Status::closed,
                  .substatus = open ? substatus_of(aggregate.state.activity) : Substatus::unknown,
                  .note = {}};
  const auto best = std::ranges::find(aggregate.devices, aggregate.epid, &DevicePresence::epid);
  if (best != aggregate.devices.end()) address.note = best->document.note;
  return {.uri = aggregate.uri,
          .name = aggregate.directory.display_name,
          .display_name = aggregate.directory.display_name,
          .atoms = {{.id = "1", .expires = {}, .addresses = {std::move(address)}}}};
}

State state_of(const Presence& presence) {
  State best;
  for (const Atom& atom : presence.atoms)
    for (const Address& address : atom.addresses) best = std::max(best, state_of(address));
  return best;
}

std::string write(const Presence& presence) {
  xml::Writer out;
  out.start("presence");
  out.start("presentity").attribute("uri", presence.uri).text(presence.name).end();
  for (const Atom& atom : presence.atoms) {
    out.start("atom").attribute("id", atom.id);
    if (atom.expires) {
      const auto since_1970 =
          std::chrono::floor<std::chrono::seconds>(atom.expires->time_since_epoch());
      out.attribute("expires", std::to_string(since_1970.count()));
    }
    for (const Address& address : atom.addresses) write_address(out, address);
    out.end();
  }
  if (!presence.display_name.empty())
    out.start("display").attribute("name", presence.display_name).end();
  out.end();
  return std::string(prolog) + out.take();
}

Result<Presence> parse(std::string_view document) {
  const auto body = without_prolog(document);
  if (!body) return std::unexpected(body.error());
  const auto root = xml::parse(*body);
  if (!root) return std::unexpected(root.error());
  if (root->local() != "presence") return refuse(Fault::unsupported, "document");
  const auto presentity = only_child(*root, "presentity");
  if (!presentity) return std::unexpected(presentity.error());
  auto uri = uri_of(**presentity, "uri");
  if (!uri) return std::unexpected(uri.error());
  if ((*presentity)->text().size() > text_bytes_max) return refuse(Fault::too_long, "presentity");
  Presence presence{.uri = std::move(*uri),
                    .name = std::string(trim((*presentity)->text())),
                    .display_name = {},
                    .atoms = {}};
  std::size_t addresses = 0;
  for (const xml::Element& child : root->children()) {
    if (child.local() != "atom") continue;
    auto atom = read_atom(child);
    if (!atom) return std::unexpected(atom.error());
    addresses += atom->addresses.size();
    if (addresses > xpidf_addresses_max) return refuse(Fault::too_many, "address");
    presence.atoms.push_back(std::move(*atom));
  }
  if (const xml::Element* display = root->child("display")) {
    auto name = text_of(*display, "name");
    if (!name) return std::unexpected(name.error());
    presence.display_name = std::move(*name);
  }
  return presence;
}

}  // namespace kith::presence::xpidf
