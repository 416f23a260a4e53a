#pragma once

#include <string>
#include <string_view>

#include "kith/base/address.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"
#include "tools/kith/options.h"
#include "tools/kith/talk.h"

/// What the commands that talk to a peer are told, and what they say.
namespace kith::tool {

/// "sip:bob@example.com", where "sip:" may be left out; an error of usage that names the option.
Maybe<sip::Uri> uri_of(const std::string& text, std::string_view option);
/// "127.0.0.1:5070", "127.0.0.1" or "[::1]:0" of --local; port 0: one that is free.
Maybe<Address> local_address_of(const std::string& text);
/// The bytes of a file; of "-", standard input.
Maybe<std::string> content_of(const std::string& file);
/// Puts a body on the request, with its Content-Length.
void put_body(sip::Message& message, std::string_view type, const std::string& body);

/// What is said on standard output: a line for people, or an object for programs, without its
/// braces.
void say(const Options& options, const std::string& text, const std::string& members);
/// A JSON string of whatever bytes; what is no UTF-8 becomes U+FFFD.
std::string json_text(std::string_view bytes);

/// "200 OK"
std::string status_text(const sip::Message& response);
/// "127.0.0.1:5060 over UDP"
std::string place_text(const Flow& flow);
/// "\"status\":200,\"reason\":\"OK\",\"from\":\"127.0.0.1:5060\",\"transport\":\"UDP\""
std::string answer_json(const Answered& answered);
/// Says what came; done if that is 2xx, else refused.
Exit tell(const Options& options, const Answered& answered);
/// Says why there is nothing to tell.
Exit tell(const Options& options, const Failure& failure);
inline Exit tell(const Options& options, const Maybe<Exit>& ended) {
  return ended ? *ended : tell(options, ended.error());
}

}  // namespace kith::tool
