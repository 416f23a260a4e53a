#include "server/config/config.h"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <sstream>
#include <system_error>
#include <variant>

#include "kith/base/scanner.h"

namespace kith::config {

namespace {

using Place =
    std::variant<std::string*, std::vector<std::string>*, std::int64_t*, bool*, Duration*>;

/// One key of the file: where its value lives, and what it means. Adding an option is adding its
/// member and a line here.
struct Key {
  std::string_view section;
  std::string_view name;
  std::string_view meaning;
  std::function<Place(Config&)> place;
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

constexpr std::int64_t year_seconds = 31'536'000;

std::vector<Key> server_keys() {
  return {
      {"server", "host",
       "Name of this server, as clients reach it: in Contact, and in the Kerberos service name. "
       "Empty: the machine's name.",
       [](Config& c) -> Place { return &c.server.host; }},
      {"server", "domains", "Domains whose addresses of record are served here.",
       [](Config& c) -> Place { return &c.server.domains; }},
      {"server", "listen",
       "Where to listen: transport:address:port, transport one of udp, tcp, tls; IPv6 addresses in "
       "brackets; port 0 takes a free one.",
       [](Config& c) -> Place { return &c.server.listen; }},
      {"server", "shards", "Threads that serve. 0: one a core.",
       [](Config& c) -> Place { return &c.server.shards; }, 0, 64},
      {"tls", "certificate", "PEM file: the certificate, then those between it and a root.",
       [](Config& c) -> Place { return &c.tls.certificate; }},
      {"tls", "key", "PEM file: the private key.", [](Config& c) -> Place { return &c.tls.key; }},
      {"tls", "client_certificates",
       "Whether clients show a certificate: off, asked (they may have none) or required. One that "
       "is shown and not believed ends the connection.",
       [](Config& c) -> Place { return &c.tls.client_certificates; }},
      {"tls", "client_authorities",
       "PEM file: the authorities that are believed about clients. Empty: those of the machine.",
       [](Config& c) -> Place { return &c.tls.client_authorities; }},
      {"storage", "database", "The database file. Its folder must be writable.",
       [](Config& c) -> Place { return &c.storage.database; }},
      {"admin", "socket", "Unix socket that kithctl speaks to.",
       [](Config& c) -> Place { return &c.admin.socket; }},
  };
}

std::vector<Key> auth_keys() {
  return {
      {"auth", "realm",
       "Realm of the Kerberos and NTLM challenges; clients compare it case-sensitively.",
       [](Config& c) -> Place { return &c.auth.realm; }},
      {"auth", "signature_version", "Version of the signatures offered: 2 (2003/2005), 3 or 4.",
       [](Config& c) -> Place { return &c.auth.signature_version; }, 2, 4},
      {"auth", "kerberos", "Offer Kerberos.", [](Config& c) -> Place { return &c.auth.kerberos; }},
      {"auth", "keytab", "Keytab with the key of the service.",
       [](Config& c) -> Place { return &c.auth.keytab; }},
      {"auth", "principal", "Kerberos service name. Empty: sip/ and server.host.",
       [](Config& c) -> Place { return &c.auth.principal; }},
      {"auth", "ntlm",
       "Offer NTLM (NTLMv2). Passwords set from then on are kept as NT hashes, too: whoever reads "
       "one out of the database can sign in with it.",
       [](Config& c) -> Place { return &c.auth.ntlm; }},
      {"auth", "ntlm_domain",
       "Short name of the domain, as users write it in EXAMPLE\\alice. Empty: the first label of "
       "the first domain, in upper case.",
       [](Config& c) -> Place { return &c.auth.ntlm_domain; }},
      {"auth", "ntlm_plain",
       "Take clients that sign without NTLM's extended session security (RTC 1.3 and older): "
       "whoever reads one of their messages can forge the next.",
       [](Config& c) -> Place { return &c.auth.ntlm_plain; }},
      {"auth", "digest", "Offer Digest (SHA-256, then MD5).",
       [](Config& c) -> Place { return &c.auth.digest; }},
      {"auth", "digest_realm",
       "Realm of Digest: part of every stored verifier, so changing it makes all Digest passwords "
       "useless. Empty: the first domain.",
       [](Config& c) -> Place { return &c.auth.digest_realm; }},
      {"auth", "digest_any_uri",
       "Accept Digest credentials whose uri is not the Request-URI, for clients behind something "
       "that rewrites it.",
       [](Config& c) -> Place { return &c.auth.digest_any_uri; }},
      {"auth", "nonce_lifetime", "How long a Digest nonce is good, in seconds.",
       [](Config& c) -> Place { return &c.auth.nonce_lifetime; }, 10, year_seconds},
  };
}

std::vector<Key> service_keys() {
  return {
      {"contacts", "contacts_max", "Contacts that one user may keep.",
       [](Config& c) -> Place { return &c.contacts.contacts_max; }, 1, 10'000},
      {"contacts", "accept_own_older_delta",
       "Take a change that names an older version as current when only the same device changed the "
       "list since; the real client needs it.",
       [](Config& c) -> Place { return &c.contacts.accept_own_older_delta; }},
      {"registration", "lifetime", "Granted to a client that names no time, in seconds.",
       [](Config& c) -> Place { return &c.registration.lifetime; }, 60, year_seconds},
      {"registration", "lifetime_min", "A shorter one is answered 423, in seconds.",
       [](Config& c) -> Place { return &c.registration.lifetime_min; }, 1, year_seconds},
      {"registration", "lifetime_max", "A longer one is cut to this, in seconds.",
       [](Config& c) -> Place { return &c.registration.lifetime_max; }, 60, year_seconds},
      {"registration", "keep_alive",
       "How often clients send a keep-alive on a silent connection, in seconds.",
       [](Config& c) -> Place { return &c.registration.keep_alive; }, 10, 3'600},
      {"subscription", "lifetime_default_min",
       "A client that names no time gets one between this …, in seconds.",
       [](Config& c) -> Place { return &c.subscription.lifetime_default_min; }, 60, year_seconds},
      {"subscription", "lifetime_default_max", "… and this, so that refreshes spread, in seconds.",
       [](Config& c) -> Place { return &c.subscription.lifetime_default_max; }, 60, year_seconds},
      {"subscription", "lifetime_min", "A shorter one is answered 423, in seconds.",
       [](Config& c) -> Place { return &c.subscription.lifetime_min; }, 1, year_seconds},
      {"subscription", "lifetime_max", "A longer one is cut to this, in seconds.",
       [](Config& c) -> Place { return &c.subscription.lifetime_max; }, 60, year_seconds},
      {"network", "authentication_timer",
       "A connection on which nobody has authenticated is closed after this, in seconds.",
       [](Config& c) -> Place { return &c.network.authentication_timer; }, 1, 3'600},
      {"network", "idle_timer",
       "A silent connection is closed after this, in seconds; at least 1.5 times "
       "registration.keep_alive and 30 more.",
       [](Config& c) -> Place { return &c.network.idle_timer; }, 30, 86'400},
      {"network", "message_timer",
       "How long one message may take from its first byte to its last, in seconds.",
       [](Config& c) -> Place { return &c.network.message_timer; }, 1, 3'600},
      {"network", "connections_max", "Connections of one shard.",
       [](Config& c) -> Place { return &c.network.connections_max; }, 1, 1'000'000},
      {"log", "format", "logfmt or json.", [](Config& c) -> Place { return &c.log.format; }},
      {"log", "level", "debug, info, warning or error.",
       [](Config& c) -> Place { return &c.log.level; }},
  };
}

const std::vector<Key>& keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> every = server_keys();
    std::ranges::copy(auth_keys(), std::back_inserter(every));
    std::ranges::copy(service_keys(), std::back_inserter(every));
    return every;
  }();
  return all;
}

std::string full_name(const Key& key) {
  return std::string(key.section) + "." + std::string(key.name);
}

// ---- Suggestions --------------------------------------------------------------------------------

std::size_t distance(std::string_view a, std::string_view b) {  // Levenshtein's
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, changed});
    }
  }
  return row[b.size()];
}

std::string unknown_section(std::string_view name) {
  const auto nearest = std::ranges::min_element(
      keys(), {}, [&](const Key& key) { return distance(name, key.section); });
  return "unknown section [" + std::string(name) + "]; did you mean [" +
         std::string(nearest->section) + "]?";
}

std::string unknown_key(std::string_view name) {
  std::string nearest;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const Key& key : keys()) {
    const std::string each = full_name(key);
    const std::size_t d = distance(name, each);
    if (d < least) {
      least = d;
      nearest = each;
    }
  }
  return "unknown key " + std::string(name) + "; did you mean " + nearest + "?";
}

// ---- Reading ------------------------------------------------------------------------------------

class Reading {
 public:
  Reading(Config& config, std::string_view name, std::vector<Problem>& problems)
      : config_(config), name_(name), problems_(problems) {}

  /// Where a key stands, or its section; 0 where neither is there.
  std::uint32_t line_of(std::string_view name) const {
    const auto found = lines_.find(name);
    if (found != lines_.end()) return found->second;
    const auto section = lines_.find(name.substr(0, name.find('.')));
    return section == lines_.end() ? 0 : section->second;
  }

  void table(const toml::table& root) {
    for (const auto& [section, node] : root) {
      const toml::table* const values = node.as_table();
      if (!values) {
        problem(node, unknown_key(section.str()));
        continue;
      }
      if (std::ranges::find(keys(), section.str(), &Key::section) == keys().end()) {
        problem(node, unknown_section(section.str()));
        continue;
      }
      lines_[std::string(section.str())] = node.source().begin.line;
      for (const auto& [key, value] : *values) entry(section.str(), key.str(), value);
    }
  }

 private:
  void problem(const toml::node& node, std::string sentence) {
    const std::uint32_t line = node.source().begin.line;
    problems_.push_back(
        {std::string(name_) + ":" + std::to_string(line), std::move(sentence), line});
  }

  void entry(std::string_view section, std::string_view name, const toml::node& value) {
    const auto key = std::ranges::find_if(
        keys(), [&](const Key& each) { return each.section == section && each.name == name; });
    if (key == keys().end()) {
      problem(value, unknown_key(std::string(section) + "." + std::string(name)));
      return;
    }
    lines_[full_name(*key)] = value.source().begin.line;
    std::visit([&](auto* place) { take(*key, value, *place); }, key->place(config_));
  }

  void wrong_type(const Key& key, const toml::node& value, std::string_view wanted) {
    problem(value, full_name(key) + " must be " + std::string(wanted));
  }

  void take(const Key& key, const toml::node& value, std::string& place) {
    if (const auto text = value.value_exact<std::string>())
      place = *text;
    else
      wrong_type(key, value, "a text in quotes");
  }

  void take(const Key& key, const toml::node& value, bool& place) {
    if (const auto flag = value.value_exact<bool>())
      place = *flag;
    else
      wrong_type(key, value, "true or false");
  }

  void take(const Key& key, const toml::node& value, std::int64_t& place) {
    const auto number = value.value_exact<std::int64_t>();
    if (number && *number >= key.least && *number <= key.most)
      place = *number;
    else
      wrong_type(
          key, value,
          "a whole number from " + std::to_string(key.least) + " to " + std::to_string(key.most));
  }

  void take(const Key& key, const toml::node& value, Duration& place) {
    std::int64_t seconds = 0;
    const std::size_t before = problems_.size();
    take(key, value, seconds);
    if (problems_.size() == before) place = std::chrono::seconds(seconds);
  }

  void take(const Key& key, const toml::node& value, std::vector<std::string>& place) {
    const toml::array* const array = value.as_array();
    if (!array || !(array->empty() || array->is_homogeneous<std::string>())) {
      wrong_type(key, value, "a list of texts in quotes");
      return;
    }
    place.clear();
    for (const toml::node& each : *array) place.push_back(*each.value_exact<std::string>());
  }

  Config& config_;
  std::string_view name_;
  std::vector<Problem>& problems_;
  std::map<std::string, std::uint32_t, std::less<>> lines_;
};

constexpr CharSet name_letters = digits | letters | CharSet("-_");

/// "lcs.example.com", "192.0.2.1": labels of letters, digits, '-' and '_' with points between them.
bool is_name(std::string_view text) {
  constexpr std::size_t name_max = 253;
  constexpr std::size_t label_max = 63;
  if (text.empty() || text.size() > name_max) return false;
  for (const auto label : std::views::split(text, '.')) {
    const std::string_view letters(label.begin(), label.end());
    if (letters.empty() || letters.size() > label_max) return false;
    if (!std::ranges::all_of(letters, [](char c) { return name_letters[c]; })) return false;
  }
  return true;
}

/// Of the names that are older than DNS.
constexpr std::size_t netbios_bytes_max = 15;

/// What no single key can tell.
void check(const Config& config, std::string_view name, const Reading& reading,
           std::vector<Problem>& problems) {
  const auto say = [&](std::string_view key, std::string sentence) {
    const std::uint32_t line = reading.line_of(key);
    problems.push_back({std::string(name) + (line == 0 ? "" : ":" + std::to_string(line)),
                        std::string(key) + ": " + std::move(sentence), line});
  };
  if (config.server.domains.empty())
    say("server.domains", "name at least one domain, as in domains = [\"example.com\"]");
  for (const std::string& domain : config.server.domains)
    if (!is_name(domain) ||
        std::ranges::any_of(domain, [](char c) { return c >= 'A' && c <= 'Z'; }))
      say("server.domains", "\"" + domain + "\" must be a domain in lower case, as in example.com");
  if (!config.server.host.empty() && !is_name(config.server.host))
    say("server.host", "\"" + config.server.host + "\" must be a name, as in lcs.example.com");
  if (!config.auth.kerberos && !config.auth.ntlm && !config.auth.digest)
    say("auth", "nobody can sign in: switch kerberos, ntlm or digest on");
  if (config.auth.ntlm_domain.size() > netbios_bytes_max ||
      config.auth.ntlm_domain.find_first_of("@\\.") != std::string::npos)
    say("auth.ntlm_domain",
        "\"" + config.auth.ntlm_domain + "\" must be a short name, as in EXAMPLE");
  if (config.tls.certificate.empty() != config.tls.key.empty())
    say("tls", "certificate and key belong together: name both or neither");
  constexpr std::array asking{"off", "asked", "required"};
  if (std::ranges::find(asking, config.tls.client_certificates) == asking.end())
    say("tls.client_certificates", "must be off, asked or required");
  else if (config.tls.client_certificates != "off" && config.tls.certificate.empty())
    say("tls.client_certificates", "clients are asked over TLS only: name certificate and key");
  else if (config.tls.client_certificates == "off" && !config.tls.client_authorities.empty())
    say("tls.client_authorities", "nobody is asked: set client_certificates to asked or required");
  if (config.registration.lifetime_min > config.registration.lifetime_max)
    say("registration.lifetime_min", "must not be above lifetime_max");
  if (config.subscription.lifetime_default_min > config.subscription.lifetime_default_max)
    say("subscription.lifetime_default_min", "must not be above lifetime_default_max");
  if (config.network.idle_timer < config.registration.keep_alive * 3 / 2 + 30s)
    say("network.idle_timer",
        "must be at least 1.5 times registration.keep_alive and 30 s more, or clients that keep "
        "quiet as they were told lose their connection");
  if (config.log.format != "logfmt" && config.log.format != "json")
    say("log.format", "must be logfmt or json");
  const std::set<std::string_view> levels{"debug", "info", "warning", "error"};
  if (!levels.contains(config.log.level)) say("log.level", "must be debug, info, warning or error");
}

// ---- Writing ------------------------------------------------------------------------------------

std::string toml_text(std::string_view text) {
  std::ostringstream out;
  out << toml::value<std::string>(std::string(text));
  return out.str();
}

std::string value_text(const Place& place) {
  struct Writer {
    std::string operator()(const std::string* text) const { return toml_text(*text); }
    std::string operator()(const bool* flag) const { return *flag ? "true" : "false"; }
    std::string operator()(const std::int64_t* number) const { return std::to_string(*number); }
    std::string operator()(const Duration* duration) const {
      return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*duration).count());
    }
    std::string operator()(const std::vector<std::string>* list) const {
      std::string text = "[";
      for (const std::string& each : *list)
        text.append(text.size() == 1 ? "" : ", ").append(toml_text(each));
      return text + "]";
    }
  };
  return std::visit(Writer{}, place);
}

/// Those of one line stay in the order in which they were found.
void sort_by_line(std::vector<Problem>& problems) {
  const auto begin = problems.begin();
  for (auto next = begin; next != problems.end(); ++next)
    std::rotate(std::ranges::upper_bound(begin, next, next->line, {}, &Problem::line), next,
                next + 1);
}

}  // namespace

std::expected<Config, std::vector<Problem>> parse(std::string_view text, std::string_view name) {
  Config config;
  std::vector<Problem> problems;
  Reading reading(config, name, problems);
  try {
    reading.table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    problems.push_back({std::string(name) + ":" + std::to_string(error.source().begin.line),
                        std::string(error.description())});
    return std::unexpected(std::move(problems));
  }
  check(config, name, reading, problems);
  sort_by_line(problems);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return config;
}

std::expected<Config, std::vector<Problem>> read(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    const int error = errno;
    std::string sentence = "cannot be read (" + std::generic_category().message(error) + "); ";
    if (error == ENOENT)
      sentence += "make one with: kithctl --config " + file.string() + " init --domain YOUR.DOMAIN";
    else
      sentence += "let this user read it, or run this as root";
    return std::unexpected(std::vector<Problem>{{file.string(), std::move(sentence)}});
  }
  std::ostringstream text;
  text << in.rdbuf();
  return parse(text.str(), file.filename().string());
}

std::string write(const Config& config) {
  std::string out;
  std::string_view section;
  Config copy = config;
  for (const Key& key : keys()) {
    if (key.section != section) {
      section = key.section;
      out.append(out.empty() ? "" : "\n").append("[").append(section).append("]\n");
    }
    out.append("# ").append(key.meaning).append("\n");
    out.append(key.name).append(" = ").append(value_text(key.place(copy))).append("\n");
  }
  return out;
}

std::vector<KeyDescription> describe() {
  std::vector<KeyDescription> all;
  Config defaults;
  for (const Key& key : keys())
    all.push_back({full_name(key), value_text(key.place(defaults)), key.meaning});
  return all;
}

}  // namespace kith::config
