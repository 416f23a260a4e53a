// Reads one SIP message from standard input, takes it one hop on as a proxy does, writes it out.
// What it cannot take on it refuses with 1, and says why.
#include <cstdio>

#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"

/// "Max-Forwards malformed, at byte 104": which part, in which way, and where.
static int refuse(const kith::Error& error) {
  const std::string where{error.where};
  const std::string fault{to_string(error.fault)};
  std::fprintf(stderr, "%s %s, at byte %zu\n", where.c_str(), fault.c_str(), error.offset);
  return 1;
}

int main() {
  std::string bytes(65'536, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), stdin));
  auto message = kith::sip::Message::parse(std::move(bytes));
  if (!message) return refuse(message.error());
  auto hops = message->require<kith::sip::MaxForwards>();
  if (!hops) return refuse(hops.error());
  if (!hops->decrement()) return refuse({kith::Fault::forbidden, "a hop more than Max-Forwards"});
  message->set(*hops);
  kith::sip::Via via{.transport = "UDP", .host = "proxy.example.com"};
  via.params.set("branch", "z9hG4bK-1");
  message->prepend(via);
  std::fputs(message->write().c_str(), stdout);
}
