// Reads one message again and again, for exact counts of instructions and allocations:
//   valgrind --tool=callgrind --toggle-collect=measured parse_count FILE routing 1
// Measures: none (only the copy of the bytes), routing, typed, write, and built: only the writing
// of the same message put together from typed values. With KITH_SCAN=portable in the environment
// the portable scan is taken.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <string_view>

#include "bench/views.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"
#include "kith/sip/scan.h"

namespace {

using namespace kith;

std::size_t allocations = 0;

sip::Message read(const std::string& bytes) {
  auto message = sip::Message::parse(std::string{bytes});
  if (!message) std::abort();
  return *std::move(message);
}

/// A line of its own for each value.
template <sip::Header H>
void add_each(sip::Message& to, const sip::Message& from) {
  const auto values = from.all<H>();
  if (!values) std::abort();
  for (const H& value : *values) to.add(value);
}

/// The same message from typed values; what is a list on one line goes there as text.
sip::Message build(const sip::Message& from) {
  using namespace sip;
  Message built = from.is_request() ? Message::request(from.method(), from.request_uri())
                                    : Message::response({}, from.status(), from.reason());
  const auto add_all = [&]<Header... Each>() { (add_each<Each>(built, from), ...); };
  add_all.template operator()<Via, MaxForwards, RecordRoute, Route, From, To, CallId, CSeq, Contact,
                              UserAgent, Server, Authorization, ProxyAuthorization, Event,
                              SubscriptionState, Expires, ContentType, ContentLength>();
  for (const auto& name : {Allow::name, Supported::name, Accept::name, AllowEvents::name})
    for (const std::string_view line : from.texts(name.full)) built.add(name.full, line);
  if (!from.body().empty()) built.set_body(from.text(ContentType::name.full), from.body());
  if (!(built == from)) std::abort();
  return built;
}

std::size_t run(const std::string& bytes, std::string_view measure) {
  if (measure == "none") return std::string{bytes}.size();
  const auto message = sip::Message::parse(std::string{bytes});
  if (!message) std::abort();
  if (measure == "write") return message->write().size();
  return measure == "routing" ? bench::routing_view(*message) : bench::everything_typed(*message);
}

/// What is counted; the first run is not, for it also binds the symbols of shared libraries.
[[gnu::noinline]] std::size_t measured(const std::string& bytes, std::string_view measure) {
  return run(bytes, measure);
}
[[gnu::noinline]] std::size_t measured(const sip::Message& built) { return built.write().size(); }

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: parse_count FILE none|routing|typed|write|built REPEATS\n", stderr);
    return 2;
  }
  const char* const scan = std::getenv("KITH_SCAN");
  if (scan != nullptr && std::string_view{scan} == "portable")
    sip::use_scan(sip::scan_lines_portable);
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  const std::string_view measure{argv[2]};
  const int repeats = std::atoi(argv[3]);
  const sip::Message built = build(read(bytes));
  const bool writes_built = measure == "built";
  std::size_t sum = writes_built ? built.write().size() : run(bytes, measure);
  allocations = 0;
  for (int i = 0; i < repeats; ++i)
    sum += writes_built ? measured(built) : measured(bytes, measure);
  std::printf("%s %s: %zu allocations, checksum %zu\n", argv[1], argv[2],
              allocations / static_cast<std::size_t>(repeats), sum);
}
