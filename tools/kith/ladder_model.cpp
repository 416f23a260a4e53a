#include "tools/kith/ladder_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/message.h"
#include "tools/kith/ladder_limits.h"
#include "tools/kith/shown.h"

namespace kith::tool {

namespace {

std::string first_line_of(std::string_view bytes) {
  std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return shown(line);
}

/// "sdp" of application/sdp, "pidf+xml" of application/pidf+xml; nothing without a body.
std::string body_of(const sip::Message& message) {
  if (message.body().empty()) return {};
  std::string_view type = trim(message.text("Content-Type"));
  type = trim(type.substr(0, type.find(';')));
  const std::size_t slash = type.find('/');
  if (slash != std::string_view::npos) type.remove_prefix(slash + 1);
  return type.empty() ? ", body" : ", " + to_lower(shown(type));
}

/// What the arrow says of itself, as far as the message can be read.
void describe(Arrow& arrow, std::string_view bytes) {
  arrow.first_line = first_line_of(bytes);
  const Result<sip::Message> message = sip::Message::parse(std::string{bytes});
  if (!message) {
    arrow.label = "no message: " + arrow.first_line;
    return;
  }
  const auto cseq = message->get<sip::CSeq>();
  const std::string number = cseq && *cseq ? std::to_string((*cseq)->sequence) : "";
  if (cseq && *cseq) arrow.cseq = number + " " + shown((*cseq)->method);
  if (message->is_request()) {
    arrow.method = shown(message->method());
    arrow.label = arrow.method + (number.empty() ? "" : " " + number);
  } else {
    arrow.status = message->status();
    arrow.reason = shown(message->reason());
    arrow.label = fmt::format("{} {}", arrow.status, arrow.reason);
    if (!arrow.cseq.empty()) arrow.label += ", " + arrow.cseq;
  }
  arrow.label += body_of(*message);
}

std::string call_id_of(std::string_view bytes) {
  const Result<sip::Message> message = sip::Message::parse(std::string{bytes});
  return message ? std::string{message->text("Call-ID")} : std::string{};
}

}  // namespace

void LadderBuilder::next_file() {
  ++files_;
  messages_ = 0;
  placeless_ = false;
  sent_in_file_.clear();
}

std::string LadderBuilder::name_of(const Address& address) const {
  const std::string text = shape_.by_host ? address.host() : address.text();
  const auto named = shape_.names.find(text);
  return named == shape_.names.end() ? text : named->second;
}

std::size_t LadderBuilder::participant(const Address& address) {
  const std::string name = name_of(address);
  const auto [found, is_new] = participants_.try_emplace(name, participants_.size());
  if (is_new) ladder_.participants.push_back(name);
  return found->second;
}

std::size_t LadderBuilder::call_of(const std::string& call_id) {
  const auto [found, is_new] = calls_.try_emplace(call_id, calls_.size());
  if (is_new) ladder_.calls.push_back(call_id.empty() ? "(none)" : shown(call_id));
  return found->second;
}

void LadderBuilder::add(const SourceItem& item) {
  ++messages_;
  placeless_ = placeless_ || !item.captured;
  if (!item.captured || too_many_) return;
  const std::string call_id = call_id_of(item.bytes);
  if (!call_id.starts_with(shape_.call_id)) return;
  const capture::Place& place = *item.captured;
  const Key key{place.from, place.to, item.transport, item.bytes};
  std::vector<std::size_t>& same = sent_[key];
  const std::size_t before = sent_in_file_[key]++;
  if (before < same.size()) {  // another file has it, too: what was sent first was sent
    Arrow& known = ladder_.arrows[same[before]];
    known.time = std::min(known.time, place.time);
    return;
  }
  too_many_ = too_many_ || ladder_.arrows.size() >= limits::arrows_max;
  if (too_many_) return;
  same.push_back(ladder_.arrows.size());
  keys_.push_back(&sent_.find(key)->first);
  Arrow arrow{.time = place.time, .transport = item.transport};
  describe(arrow, item.bytes);
  arrow.from = participant(place.from);
  arrow.to = participant(place.to);
  arrow.call = call_of(call_id);
  ladder_.arrows.push_back(std::move(arrow));
}

void LadderBuilder::add(const capture::Remark& remark) {
  if (!shape_.call_id.empty()) return;
  too_many_ = too_many_ || ladder_.arrows.size() >= limits::arrows_max;
  if (too_many_) return;
  Arrow arrow{.time = remark.place.time, .remark = std::string{remark.what}};
  if (remark.bytes > 0) arrow.remark += fmt::format(", {} bytes", remark.bytes);
  if (remark.place.from != Address{})
    arrow.remark += fmt::format(", {} -> {}", name_of(remark.place.from), name_of(remark.place.to));
  ladder_.arrows.push_back(std::move(arrow));
  keys_.push_back(nullptr);
}

Maybe<Ladder> LadderBuilder::finish() {
  if (too_many_)
    return fail(Exit::refused,
                fmt::format("more than {} messages; --call-id draws one call", limits::arrows_max));
  if (ladder_.participants.size() > limits::participants_max)
    return fail(Exit::refused,
                fmt::format("more than {} participants; --hosts draws one column for all ports of "
                            "a host, --call-id one call",
                            limits::participants_max));
  std::vector<std::size_t> order(ladder_.arrows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (files_ > 1)
    std::ranges::sort(order, {},
                      [this](std::size_t i) { return std::pair{ladder_.arrows[i].time, i}; });
  std::vector<Arrow> arrows;
  std::set<const Key*> seen;
  for (const std::size_t i : order) {
    arrows.push_back(std::move(ladder_.arrows[i]));
    arrows.back().again = keys_[i] != nullptr && !seen.insert(keys_[i]).second;
  }
  ladder_.arrows = std::move(arrows);
  return std::move(ladder_);
}

}  // namespace kith::tool
