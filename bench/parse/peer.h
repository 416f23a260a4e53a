#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::bench {

/// What the routing view of a message says, as text that is the same whoever read it. A URI is
/// written as scheme:user@host:port here; what is absent is left out.
struct Fields {
  std::string start_line;  // method and Request-URI, or status and reason
  std::string via;         // transport host:port branch, of the top one
  std::string from;        // display name, URI, tag
  std::string to;          // likewise
  std::string call_id;
  std::string cseq;     // number and method
  std::string contact;  // URI of the first one

  bool operator==(const Fields&) const = default;
};

/// How a message came to be that is written.
enum class Origin { read, built };

/// A parser under the same three questions. Each call takes the bytes as they came from a socket,
/// so it makes the copy that the library needs, and lets go of everything that it made.
class Peer {
 public:
  virtual ~Peer() = default;

  virtual std::string_view name() const = 0;
  virtual bool reads(std::string_view bytes) = 0;
  virtual Fields fields(std::string_view bytes) = 0;

  /// Start line, top Via, From, To, Call-ID, CSeq and first Contact, typed. Returns a number that
  /// depends on all of them, so that none can be left out.
  virtual std::size_t routing(std::string_view bytes) = 0;
  /// Also every value of each header that repeats, and those that a user agent acts on.
  virtual std::size_t typed(std::string_view bytes) = 0;

  /// Whether it can write a message that is not the bytes that it read.
  virtual bool builds() const = 0;
  /// Keeps a message for write().
  virtual void keep(std::string_view bytes, Origin origin) = 0;
  /// What was kept, valid until the next call.
  virtual std::string_view write() = 0;
};

std::unique_ptr<Peer> make_kith();
std::unique_ptr<Peer> make_sofia();
std::unique_ptr<Peer> make_osip2();
std::unique_ptr<Peer> make_libre();

/// For adapters: a peer that fails on a message which it reads makes all counts worthless.
inline void must(bool true_here, const char* what) {
  if (true_here) return;
  std::fprintf(stderr, "parse_peers: %s\n", what);
  std::abort();
}

/// C strings of peers may be null.
inline std::string_view view(const char* text) {
  return text != nullptr ? std::string_view{text} : std::string_view{};
}

inline std::string with_port(std::string_view host, std::string_view port) {
  return std::string{host} + (port.empty() ? "" : ":" + std::string{port});
}

inline std::string uri_text(std::string_view scheme, std::string_view user, std::string_view host,
                            std::string_view port) {
  const std::string before = user.empty() ? "" : std::string{user} + "@";
  return std::string{scheme} + ":" + before + with_port(host, port);
}

inline std::string via_text(std::string_view transport, const std::string& sent_by,
                            std::string_view branch) {
  return std::string{transport} + " " + sent_by + " " + std::string{branch};
}

/// Some peers keep the quotes around a display name.
inline std::string address_text(std::string_view display_name, const std::string& uri,
                                std::string_view tag) {
  if (display_name.size() > 1 && display_name.front() == '"' && display_name.back() == '"')
    display_name = display_name.substr(1, display_name.size() - 2);
  return std::string{display_name} + " <" + uri + "> " + std::string{tag};
}

}  // namespace kith::bench
