// Reads one SIP message from standard input, takes it one hop on as a proxy does, writes it out.
#include <cstdio>

#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"

int main() {
  std::string bytes(65'536, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), stdin));
  auto message = kith::sip::Message::parse(std::move(bytes));
  if (!message) return 1;  // message.error() says what, where, and at which byte
  auto hops = message->get<kith::sip::MaxForwards>();
  if (!hops || !*hops || !(*hops)->decrement()) return 1;
  message->set(**hops);
  kith::sip::Via via{.transport = "UDP", .host = "proxy.example.com"};
  via.params.set("branch", "z9hG4bK-1");
  message->prepend(via);
  std::fputs(message->write().c_str(), stdout);
}
