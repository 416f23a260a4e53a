#include "tools/kith/lint_json.h"

#include <boost/json/src.hpp>

#include <optional>

#include "kith/base/utf8.h"
#include "kith/crypto/base64.h"
#include "tools/kith/lint_text.h"
#include "tools/kith/lint_value.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

namespace bj = boost::json;

/// As JSON may have it: what is no UTF-8 becomes U+FFFD.
bj::string text_of(std::string_view text) {
  bj::string out;
  while (!text.empty()) {
    const std::size_t size = utf8_front(text);
    const std::string_view next =
        size == 0 ? std::string_view{"\xef\xbf\xbd"} : text.substr(0, size);
    out.append(bj::string_view(next.data(), next.size()));
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

bj::object error_of(const Error& error) {
  return {{"code", text_of(to_string(error.fault))},
          {"where", text_of(error.where)},
          {"offset", error.offset}};
}

bj::array errors_of(const std::vector<Error>& errors) {
  bj::array all;
  for (const Error& each : errors) all.push_back(error_of(each));
  return all;
}

bj::value weight_of(const std::optional<sip::Weight>& weight) {
  if (!weight) return nullptr;
  return *weight == sip::Weight::fault ? "fault" : "note";
}

bj::array findings_of(const SourceItem& item, const Judgement& judgement) {
  bj::array all;
  for (const Finding& each : judgement.findings) {
    bj::object finding = error_of(each.error);
    if (each.has_place()) {
      const LineColumn place = line_column(item.bytes, each.error.offset);
      finding["line"] = place.line + item.line - 1;
      finding["column"] = place.column + item.gutter;
    }
    finding["rule"] = text_of(each.rule);
    finding["what"] = text_of(each.what);
    finding["strict"] = weight_of(each.strict);
    finding["lenient"] = weight_of(each.lenient);
    if (each.status != 0) finding["status"] = each.status;
    all.push_back(std::move(finding));
  }
  return all;
}

bj::array headers_of(const Judgement& judgement) {
  bj::array all;
  for (const TypedHeader& each : judgement.headers) {
    bj::array values;
    for (const std::string& value : each.values) values.push_back(text_of(value));
    all.push_back(
        {{"name", text_of(each.name)}, {"known", each.known}, {"values", std::move(values)}});
  }
  return all;
}

void put_place(bj::object& object, const capture::Place& place) {
  if (place.packet > 0) object["packet"] = place.packet;
  object["time"] = text_of(time_text(place.time));
  if (place.from == Address{}) return;
  object["from"] = text_of(place.from.text());
  object["to"] = text_of(place.to.text());
}

void put_start_line(bj::object& object, const sip::Message& message) {
  if (message.is_request()) {
    object["method"] = text_of(message.method());
    object["request_uri"] = text_of(message.request_uri());
  } else {
    object["status"] = message.status();
    object["reason"] = text_of(message.reason());
  }
  object["body_bytes"] = message.body().size();
}

void put_reading(bj::object& object, std::string_view encoded, const Reading& reading) {
  object["accepted"] = reading.accepted;
  object["lenient"] = reading.lenient;
  bj::value text = nullptr;
  if (reading.encoded) text = text_of(*reading.encoded);
  object[bj::string_view(encoded.data(), encoded.size())] = std::move(text);
  object["reparsed_equal"] = reading.reparsed_equal;
  object["errors"] = errors_of(reading.errors);
}

/// The text of a member; nothing if there is none or it is no text.
std::optional<std::string_view> member(const bj::object& object, bj::string_view name) {
  const bj::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view{value->get_string().data(), value->get_string().size()};
}

/// What is wrong with a line, if anything; else the verdict is put into the answer.
std::optional<std::string_view> judge_line(const bj::object& line, bj::object& to) {
  const bj::value* const id = line.if_contains("id");
  if (id == nullptr || !id->is_string()) return "the member \"id\" is no text";
  to["id"] = *id;
  const std::optional<std::string_view> kind = member(line, "kind");
  if (!kind) return "the member \"kind\" is no text";
  if (*kind == "message") {
    const auto text = member(line, "wire_b64");
    if (!text) return "a message needs a text \"wire_b64\"";
    const std::optional<std::string> wire = crypto::base64_decode(*text);
    if (!wire) return "\"wire_b64\" is no base64";
    Reading reading = read_message(*wire);
    if (reading.encoded) reading.encoded = crypto::base64_encode(*reading.encoded);
    put_reading(to, "encoded_b64", reading);
    return std::nullopt;
  }
  if (*kind == "uri_equal") {
    const auto a = member(line, "a");
    const auto b = member(line, "b");
    if (!a || !b) return "uri_equal needs two texts, \"a\" and \"b\"";
    const Equality equality = compare_uris(*a, *b);
    to["equal"] = equality.equal;
    if (!equality.errors.empty()) to["errors"] = errors_of(equality.errors);
    return std::nullopt;
  }
  Reading (*const read)(std::string_view) = *kind == "header"    ? read_header
                                            : *kind == "uri"     ? read_uri
                                            : *kind == "address" ? read_address
                                                                 : nullptr;
  if (read == nullptr) return "\"kind\" is none of message, header, uri, address, uri_equal";
  const auto input = member(line, "input");
  if (!input) return "a header, uri or address needs a text \"input\"";
  put_reading(to, "encoded", read(*input));
  return std::nullopt;
}

std::string written(const bj::value& value) { return bj::serialize(value); }

}  // namespace

std::string json(const SourceItem& item, const Judgement& judgement) {
  bj::object object{{"file", text_of(item.file)}, {"line", item.line}};
  if (item.captured) {
    put_place(object, *item.captured);
    object["transport"] = text_of(to_string(item.transport));
  }
  object["valid"] = judgement.valid() && !item.framing;
  if (judgement.strict) object["accepted"] = judgement.strict->accepted;
  if (judgement.lenient) object["lenient"] = judgement.lenient->accepted;
  if (judgement.message) put_start_line(object, *judgement.message);
  object["headers"] = headers_of(judgement);
  object["problems"] = findings_of(item, judgement);
  if (item.framing) object["framing"] = error_of(*item.framing);
  return written(object);
}

std::string json(const std::string& file, const capture::Remark& remark) {
  bj::object object{{"file", text_of(file)}, {"remark", text_of(remark.what)}};
  put_place(object, remark.place);
  if (remark.bytes > 0) object["bytes"] = remark.bytes;
  return written(object);
}

std::string unanswered(std::string_view why) { return written({{"error", text_of(why)}}); }

std::string answer(std::string_view line) {
  bj::error_code error;
  const bj::value value = bj::parse(bj::string_view(line.data(), line.size()), error);
  if (error) return unanswered("no JSON: " + error.message());
  if (!value.is_object()) return unanswered("no JSON object");
  bj::object to;
  if (const auto wrong = judge_line(value.get_object(), to)) to["error"] = text_of(*wrong);
  return written(to);
}

}  // namespace kith::tool
