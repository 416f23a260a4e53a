#include "tools/kithctl/init.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <expected>
#include <fstream>
#include <set>
#include <system_error>

#include "kith/base/text.h"
#include "kith/net/tls_context.h"
#include "server/admin/kerberos.h"
#include "server/admin/setup.h"
#include "server/store/open.h"
#include "tools/kithctl/owner.h"

namespace kith::ctl {

namespace {

namespace fs = std::filesystem;
using admin::Answer;
using admin::Code;
using admin::say;

std::string absolute(const std::string& path) {
  if (path.empty()) return path;
  std::error_code error;
  return fs::absolute(path, error).lexically_normal().string();
}

std::expected<std::vector<std::string>, std::string> listeners(const InitOptions& options) {
  std::vector<std::string> all;
  for (const std::string& each : options.listen) {
    if (each.starts_with("tls:") && options.certificate.empty())
      return std::unexpected("--listen " + each + " needs --certificate and --key");
    if (each.starts_with("udp:") || each.starts_with("tcp:") || each.starts_with("tls:")) {
      all.push_back(each);
      continue;
    }
    const auto address = admin::parse_address(each);
    if (!address)
      return std::unexpected("--listen: " + address.error() +
                             "; write it as 192.0.2.1:5060 or tls:[2001:db8::1]:5061");
    all.push_back("udp:" + address->text());
    all.push_back("tcp:" + address->text());
  }
  if (!all.empty()) return all;
  all = config::Config{}.server.listen;
  if (!options.certificate.empty()) all.emplace_back("tls:0.0.0.0:5061");
  return all;
}

/// The one service of a keytab that is for SIP: then nobody has to name it.
std::expected<std::string, std::string> only_service(const std::string& keytab) {
  std::set<std::string> hosts;
  for (const std::string& each : admin::principals_in(keytab))
    if (std::string host = admin::host_of(each); !host.empty()) hosts.insert(std::move(host));
  if (hosts.size() == 1) return *hosts.begin();
  return std::unexpected(hosts.empty()
                             ? "the keytab " + keytab +
                                   " cannot be read or has no key for sip/…; export one with: " +
                                   "kadmin ktadd -k " + keytab + " sip/HOST"
                             : fmt::format("the keytab {} has keys for {}; choose one with --host",
                                           keytab, fmt::join(hosts, ", ")));
}

std::expected<config::Config, Answer> configuration(const InitOptions& options) {
  const auto no = [](const std::string& why) { return std::unexpected(say(Code::no, why)); };
  config::Config config;
  for (const std::string& each : options.domains) config.server.domains.push_back(to_lower(each));
  const auto listen = listeners(options);
  if (!listen) return std::unexpected(say(Code::usage, listen.error()));
  config.server.listen = *listen;
  config.server.host = to_lower(options.host);
  config.auth.kerberos = !options.keytab.empty();
  config.auth.ntlm = options.ntlm;
  config.auth.digest = options.keytab.empty() || options.digest;
  if (config.auth.kerberos) {
    config.auth.keytab = absolute(options.keytab);
    config.auth.principal = options.principal;
    if (config.server.host.empty()) config.server.host = admin::host_of(options.principal);
    if (config.server.host.empty()) {
      const auto host = only_service(config.auth.keytab);
      if (!host) return no(host.error());
      config.server.host = *host;
    }
    const auto found = admin::check_keytab(config.auth.keytab,
                                           admin::service_principal(config, config.server.host));
    if (!found) return no(found.error());
  }
  if (config.server.host.empty()) config.server.host = admin::machine_name();
  config.auth.digest_realm = config.server.domains.front();
  config.tls.certificate = absolute(options.certificate);
  config.tls.key = absolute(options.key);
  config.storage.database = absolute(options.data) + "/kith.db";
  if (!options.control.empty()) config.admin.socket = absolute(options.control);
  return config;
}

std::uint16_t port_of(const config::Config& config, Transport transport) {
  for (const std::string& each : config.server.listen)
    if (const auto listen = admin::parse_listen(each); listen && listen->transport == transport)
      return listen->address.port;
  return 0;
}

/// In the order in which clients ask: TLS before TCP, inside before outside.
std::vector<std::string> dns_records(const config::Config& config) {
  struct Name {
    std::string_view service;
    Transport transport;
  };
  static constexpr Name names[]{{"_sipinternaltls._tcp", Transport::tls},
                                {"_sipinternal._tcp", Transport::tcp},
                                {"_sip._tls", Transport::tls},
                                {"_sip._tcp", Transport::tcp},
                                {"_sip._udp", Transport::udp}};
  std::vector<std::string> records;
  for (const std::string& domain : config.server.domains)
    for (const Name& name : names)
      if (const std::uint16_t port = port_of(config, name.transport); port != 0)
        records.push_back(fmt::format("{}.{}. 3600 IN SRV 0 0 {} {}.", name.service, domain, port,
                                      config.server.host));
  return records;
}

/// Run by root, the server's own user gets what the server writes and reads.
void hand_over(const config::Config& config, const fs::path& file, bool is_new_folder) {
  if (::geteuid() != 0) return;
  const fs::path folder = fs::path(config.storage.database).parent_path();
  // Where it fails the start of the server says which file it cannot use.
  [[maybe_unused]] int ignored = 0;
  const passwd* const user = is_new_folder ? ::getpwnam("kith") : nullptr;
  if (user != nullptr) ignored = ::chown(folder.c_str(), user->pw_uid, user->pw_gid);
  give_to_owner_of_folder(config.storage.database);
  struct stat owner{};
  if (::stat(folder.c_str(), &owner) == 0) ignored = ::chown(file.c_str(), 0, owner.st_gid);
}

std::expected<void, std::string> write_file(const fs::path& file, const std::string& text) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  const fs::path draft = file.string() + ".new";
  std::ofstream out(draft, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return std::unexpected("cannot write " + draft.string() + "; run this as root");
  fs::permissions(draft, fs::perms(0640), error);
  if (!error) fs::rename(draft, file, error);
  if (error) return std::unexpected("cannot write " + file.string() + ": " + error.message());
  return {};
}

/// The Kerberos realm of the service's key.
std::string realm_of(const config::Config& config) {
  for (const std::string& each : admin::principals_in(config.auth.keytab))
    if (admin::host_of(each) == config.server.host) return each.substr(each.rfind('@') + 1);
  return "REALM";
}

Answer next_steps(const config::Config& config, const fs::path& file, std::string_view did) {
  const std::vector<std::string> records = dns_records(config);
  const std::string domain = config.server.domains.front();
  const bool is_default = file == "/etc/kith/kith.toml";
  const std::string given = is_default ? "" : " --config " + file.string();
  std::string text = fmt::format("wrote {}\n{} {}\n", file.string(), did, config.storage.database);
  if (records.empty())
    text += "\nThe server takes ports that are free: there is nothing to publish in DNS.\n";
  else
    text += fmt::format("\nPublish in DNS, with an address record for {}:\n  {}\n",
                        config.server.host, fmt::join(records, "\n  "));
  if (!config.server.host.contains('.'))
    text += fmt::format(
        "\n{} is no full name, and clients elsewhere may not find it; say it with "
        "--force --host {}.{}\n",
        config.server.host, config.server.host, domain);
  text += fmt::format(
      "\nNext:\n"
      "  kithctl{0} user add alice@{1}{2}\n"
      "  kithctl{0} doctor\n"
      "  {3}",
      given, domain,
      config.auth.kerberos ? " --principal alice@" + realm_of(config) : std::string(),
      is_default ? "systemctl enable --now kithd" : "kithd" + given);
  return {.code = Code::done,
          .text = std::move(text),
          .result = admin::json::Object{{"config", file.string()},
                                        {"database", config.storage.database},
                                        {"host", config.server.host},
                                        {"dns", admin::json::texts(records)}}};
}

}  // namespace

Answer init(const InitOptions& options, const fs::path& given) {
  std::error_code error;
  const fs::path file = fs::absolute(given, error).lexically_normal();
  if (fs::exists(file, error) && !options.force)
    return say(Code::no, file.string() + " exists; --force writes over it");
  const auto config = configuration(options);
  if (!config) return config.error();
  const std::string text = config::write(*config);
  if (const auto parsed = config::parse(text, file.filename().string()); !parsed)
    return say(Code::usage, parsed.error().front().sentence);
  for (const std::string& each : config->server.listen)
    if (const auto listen = admin::parse_listen(each); !listen)
      return say(Code::usage, "--listen: " + listen.error());
  if (const config::TlsSection& tls = config->tls; !tls.certificate.empty())
    if (const auto context =
            net::TlsContext::server({.certificate = tls.certificate, .key = tls.key});
        !context)
      return say(Code::no, context.error().text());

  const fs::path folder = fs::path(config->storage.database).parent_path();
  const bool had_database = fs::exists(config->storage.database, error);
  const bool is_new_folder = fs::create_directories(folder, error);
  if (error) return say(Code::failed, "cannot make " + folder.string() + ": " + error.message());
  if (is_new_folder) fs::permissions(folder, fs::perms(0700), error);
  {
    const auto store = store::open({.database = config->storage.database, .vfs = {}});
    if (!store) return say(Code::failed, store.error().sentence);
  }
  if (const auto written = write_file(file, text); !written)
    return say(Code::failed, written.error());
  hand_over(*config, file, is_new_folder);
  return next_steps(*config, file, had_database ? "kept" : "made");
}

}  // namespace kith::ctl
