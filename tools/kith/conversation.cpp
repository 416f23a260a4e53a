#include "tools/kith/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "kith/sip/method.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_text.h"

namespace kith::tool {

namespace {

std::string session(const Address& here) {
  const std::string_view family = here.is_v4() ? "IP4" : "IP6";
  return fmt::format("v=0\r\no=kith 1 1 IN {0} {1}\r\ns=-\r\nc=IN {0} {1}\r\nt=0 0\r\n", family,
                     here.host());
}

}  // namespace

std::string Descriptions::answer_to(std::string_view peers_offer, const Address& here) const {
  if (!answer.empty()) return answer;
  std::string made = session(here);
  while (!peers_offer.empty()) {
    const std::size_t end = std::min(peers_offer.find('\n'), peers_offer.size());
    std::string_view line = peers_offer.substr(0, end);
    peers_offer.remove_prefix(std::min(end + 1, peers_offer.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t port = line.find(' ');
    if (!line.starts_with("m=") || port == std::string_view::npos) continue;
    const std::size_t behind = std::min(line.find(' ', port + 1), line.size());
    made.append(line.substr(0, port)).append(" 0").append(line.substr(behind)).append("\r\n");
  }
  return made;
}

std::string Descriptions::offer_from(const Address& here) const {
  return offer.empty() ? session(here) : offer;
}

Maybe<Descriptions> descriptions_of(const CallCommand& command) {
  Descriptions descriptions;
  for (const auto& [file, text] : {std::pair{&command.offer, &descriptions.offer},
                                   std::pair{&command.answer, &descriptions.answer}}) {
    if (file->empty()) continue;
    Maybe<std::string> content = content_of(*file);
    if (!content) return std::unexpected(content.error());
    *text = *std::move(content);
  }
  return descriptions;
}

Maybe<void> save(const CallCommand& command, std::string_view description) {
  if (command.save.empty() || description.empty()) return {};
  std::FILE* const out = std::fopen(command.save.c_str(), "wb");
  const bool written = out != nullptr && std::fwrite(description.data(), 1, description.size(),
                                                     out) == description.size();
  if (out == nullptr || std::fclose(out) != 0 || !written)
    return fail(Exit::usage, command.save + ": " + std::strerror(errno));
  return {};
}

ua::UserAgentConfig call_config() {
  ua::UserAgentConfig config;
  config.methods = {"INVITE", "ACK",  "CANCEL",  "BYE",  "OPTIONS",
                    "UPDATE", "INFO", "MESSAGE", "PRACK"};
  return config;
}

void answer_other(Talk& talk, const ua::Request& request) {
  const std::string_view method = request.message.method();
  // A PRACK that comes here is for a response of ours: all others had their 481.
  const bool known = method == sip::method::options || method == sip::method::message ||
                     method == sip::method::prack;
  auto response = sip::Message::response(request.message, method == sip::method::invite ? 486
                                                          : known                       ? 200
                                                                                        : 481);
  response.add("Allow", allowed);
  static_cast<void>(talk.agent().respond(request.transaction, std::move(response), talk.now()));
}

Maybe<Exit> Conversation::run() {
  const Time leave_at =
      command_.duration_seconds > 0 ? talk_.now() + seconds_of(command_.duration_seconds) : never;
  while (true) {
    std::optional<ua::Event> event = talk_.next(leave_at);
    if (event) {
      if (const std::optional<Exit> exit = take(*event)) return *exit;
    } else if (talk_.stopped() || talk_.now() >= leave_at) {
      return hang_up();
    }
  }
}

Exit Conversation::over(std::string_view why, Exit exit) {
  say(options_, fmt::format("ended: {}\n", why),
      fmt::format(R"("state":"ended","why":{})", json_text(why)));
  return exit;
}

std::optional<Exit> Conversation::take(ua::Event& event) {
  if (const auto* request = std::get_if<ua::Request>(&event)) return take(*request);
  if (const auto* response = std::get_if<ua::Response>(&event)) {
    // Another fork took the call as well: RFC 3261 §13.2.2.4
    const bool other = response->dialog && *response->dialog != dialog_;
    if (other && response->message.status() / 100 == 2 &&
        talk_.agent().ack(*response->dialog, talk_.now()))
      if (std::optional<sip::Message> bye = talk_.agent().draft(*response->dialog, "BYE"))
        static_cast<void>(talk_.agent().send(*response->dialog, *std::move(bye), talk_.now()));
    return std::nullopt;
  }
  const auto* ended = std::get_if<ua::DialogEnded>(&event);
  if (ended == nullptr || ended->id != dialog_) return std::nullopt;
  return over(to_string(ended->why), Exit::network);
}

std::optional<Exit> Conversation::take(const ua::Request& request) {
  if (request.dialog != dialog_) {
    answer_other(talk_, request);
    return std::nullopt;
  }
  const std::string_view method = request.message.method();
  sip::Message response = sip::Message::response(request.message, 200);
  if (method == sip::method::invite || method == sip::method::update)
    response.add("Contact", contact_);
  // What is asked for again is answered as the first time: nothing of it has changed.
  const bool offers = method == sip::method::invite || !request.message.body().empty();
  if (offers && (method == sip::method::invite || method == sip::method::update))
    put_body(response, sdp_type, description_);
  static_cast<void>(talk_.agent().respond(request.transaction, std::move(response), talk_.now()));
  if (method != sip::method::bye) {
    say(options_, fmt::format("{} answered\n", shown(method)),
        fmt::format(R"("state":"asked","method":{})", json_text(method)));
    return std::nullopt;
  }
  talk_.flush();
  return over("the peer hung up", Exit::done);
}

Maybe<Exit> Conversation::hang_up() {
  talk_.go_on();
  const Maybe<Answered> bye = talk_.ask_in(dialog_, sip::method::bye);
  if (!bye) return std::unexpected(bye.error());
  if (!bye->success()) {
    over("hung up: " + status_text(bye->message), Exit::refused);
    return Exit::refused;
  }
  return over("hung up", Exit::done);
}

}  // namespace kith::tool
