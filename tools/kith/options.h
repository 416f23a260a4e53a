#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kith/base/time.h"
#include "kith/base/transport.h"

namespace kith::tool {

/// What every command is told.
struct Options {
  std::string server;                  // "host:port"; empty: the user's domain
  std::optional<Transport> transport;  // nothing: TCP to sign in, else as the DNS and RFC 3263 say
  std::string authorities;             // PEM file of whom TLS believes; empty: the system's
  std::string user;                    // "alice@example.com"
  bool kerberos = false;
  std::string scheme;  // with a password: "ntlm" or "digest"; empty: as the server offers
  std::string login;   // of NTLM and Digest; empty: the user
  bool password_from_input = false;
  std::string password_file;  // empty: none
  std::string epid;           // hexadecimal; empty: made from device and user
  std::string device;         // empty: the host's name
  bool trace = false;
  bool json = false;
  Duration timeout = 30s;
};

/// What is to be done.
struct Command {
  enum class Verb {
    login,
    list_contacts,
    add_contact,
    remove_contact,
    move_contact,
    rename_contact,
    list_groups,
    add_group,
    rename_group,
    remove_group,
    watch_contacts,
  };
  Verb verb = Verb::login;
  std::string subject{};              // a contact's URI, or the name of a group
  std::optional<std::string> name{};  // the new one
  std::vector<std::string> groups{};  // by name, or "#2"
  int count = 0;                      // of changes to watch; 0: no end
};

/// How a program ends.
enum class Exit : int { done = 0, refused = 1, usage = 2, network = 3 };

/// Why, as a sentence that names the thing and the remedy.
struct Failure {
  Exit exit = Exit::refused;
  std::string sentence;
};

template <class T>
using Maybe = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(Exit exit, std::string sentence) {
  return std::unexpected(Failure{.exit = exit, .sentence = std::move(sentence)});
}

}  // namespace kith::tool
