#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "kith/base/text.h"
#include "kith/gssapi/acceptor.h"
#include "kith/gssapi/initiator.h"
#include "kith/gssapi/keytab.h"

using namespace kith;
using namespace kith::gssapi;
using Kind = auth::AcceptFailure::Kind;

namespace {

namespace fs = std::filesystem;

Time now() { return Time{std::chrono::system_clock::now().time_since_epoch()}; }

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("no free port on loopback");
  ::close(socket);
  return ntohs(address.sin_port);
}

/// A realm of its own: a folder, a database, a key distribution centre on loopback, a ticket of
/// alice.
class PrivateRealm {
 public:
  PrivateRealm() {
    std::string pattern = (fs::temp_directory_path() / "kith-gssapi-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    try {
      configure(free_port());
      run("kdb5_util create -s -r EXAMPLE.COM -P master");
      admin("addprinc -pw secret alice");
      for (const char* service : {"sip/lcs.example.com", "sip/other.example.com"})
        admin(std::string("addprinc -randkey ") + service);
      admin("addprinc -randkey -e arcfour-hmac:normal sip/old.example.com");
      admin("setstr sip/old.example.com session_enctypes arcfour-hmac");
      export_keys("sip/lcs.example.com", "lcs");
      export_keys("sip/other.example.com", "other");
      export_keys("sip/old.example.com", "old");
      start();
      run("printf 'secret\\n' | kinit alice");
    } catch (...) {
      stop();
      throw;
    }
  }
  PrivateRealm(const PrivateRealm&) = delete;
  PrivateRealm& operator=(const PrivateRealm&) = delete;
  ~PrivateRealm() { stop(); }

  std::string path(const std::string& file) const { return (folder_ / file).string(); }
  std::string keytab(const std::string& name) const { return path(name + ".keytab"); }
  std::string cache() const { return "FILE:" + path("cache"); }
  void admin(const std::string& query) const {
    run("kadmin.local -r EXAMPLE.COM -q '" + query + "'");
  }
  void export_keys(const std::string& service, const std::string& name) const {
    admin("ktadd -k " + keytab(name) + " " + service);
  }
  void run(const std::string& command) const {
    const std::string line = "( " + command + " ) >>" + path("log") + " 2>&1";
    if (std::system(line.c_str()) != 0)
      throw std::runtime_error("'" + command + "' failed (packages krb5-kdc, krb5-admin-server, " +
                               "krb5-user?): " + read("log"));
  }

 private:
  std::string read(const std::string& file) const {
    std::ifstream in(path(file));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void configure(std::uint16_t port) const {
    const std::string address = "127.0.0.1:" + std::to_string(port);
    std::ofstream(path("krb5.conf"))
        << "[libdefaults]\n default_realm = EXAMPLE.COM\n dns_lookup_kdc = false\n"
           " dns_lookup_realm = false\n dns_canonicalize_hostname = false\n rdns = false\n"
           " allow_weak_crypto = true\n allow_rc4 = true\n udp_preference_limit = 1\n"
           " permitted_enctypes = aes256-cts aes128-cts arcfour-hmac\n"
           "[realms]\n EXAMPLE.COM = {\n  kdc = "
        << address << "\n }\n";
    std::ofstream(path("kdc.conf"))
        << "[realms]\n EXAMPLE.COM = {\n  database_name = " << path("principal")
        << "\n  key_stash_file = " << path("stash") << "\n  kdc_listen = " << address
        << "\n  kdc_tcp_listen = " << address
        << "\n  supported_enctypes = aes256-cts:normal arcfour-hmac:normal\n }\n"
           "[logging]\n kdc = FILE:"
        << path("kdc.log") << "\n admin_server = FILE:" << path("admin.log") << "\n";
    ::setenv("KRB5_CONFIG", path("krb5.conf").c_str(), 1);
    ::setenv("KRB5_KDC_PROFILE", path("kdc.conf").c_str(), 1);
    ::setenv("KRB5CCNAME", cache().c_str(), 1);
  }

  /// Returns when the centre listens: it says so on its output.
  void start() {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
    centre_ = ::fork();
    if (centre_ == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      ::dup2(pipe[1], STDERR_FILENO);
      ::close(pipe[1]);
      ::close(pipe[0]);
      ::execlp("krb5kdc", "krb5kdc", "-n", "-r", "EXAMPLE.COM", nullptr);
      ::execl("/usr/sbin/krb5kdc", "krb5kdc", "-n", "-r", "EXAMPLE.COM", nullptr);
      ::_exit(127);
    }
    ::close(pipe[1]);
    output_ = pipe[0];
    std::string said;
    std::array<char, 256> chunk{};
    while (!said.contains("starting")) {
      const ssize_t n = ::read(pipe[0], chunk.data(), chunk.size());
      if (n <= 0) throw std::runtime_error("krb5kdc does not start (package krb5-kdc?): " + said);
      said.append(chunk.data(), static_cast<std::size_t>(n));
    }
  }

  void stop() {
    if (centre_ > 0) {
      ::kill(centre_, SIGTERM);
      ::waitpid(centre_, nullptr, 0);
    }
    if (output_ >= 0) ::close(output_);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path folder_;
  pid_t centre_ = -1;
  int output_ = -1;
};

PrivateRealm& realm() {
  static PrivateRealm realm;
  return realm;
}

Acceptor acceptor(const std::string& keytab = "lcs",
                  const std::string& principal = "sip/lcs.example.com") {
  return Acceptor({.keytab = realm().keytab(keytab),
                   .principal = principal,
                   .replay_cache = "file2:" + realm().path("replay")});
}

auth::Initiated initiated(std::string_view targetname = "sip/lcs.example.com",
                          const std::string& cache = {}) {
  Initiator initiator(now, cache.empty() ? realm().cache() : cache);
  auto result = initiator.initiate(targetname);
  REQUIRE_MESSAGE(result.has_value(), result.error().detail);
  return std::move(*result);
}

void check_contexts(auth::Context& client, auth::Context& server, std::size_t mic_size) {
  const std::string text = "<Kerberos><d48aaa37><6><SIP Communications Service>";
  const std::string from_client = client.mic(text);
  const std::string from_server = server.mic(text);
  CHECK(from_client.size() == mic_size);
  CHECK(from_server.size() == mic_size);
  CHECK(server.verify(text, from_client));
  CHECK(client.verify(text, from_server));
  CHECK_FALSE(server.verify(text + "x", from_client));
  CHECK_FALSE(server.verify(text, from_server));
  CHECK_FALSE(server.verify(text, ""));
  std::string changed = from_client;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  CHECK_FALSE(server.verify(text, changed));
  // Messages may overtake each other and come twice as far as the context is concerned.
  const std::string second = client.mic("second");
  const std::string third = client.mic("third");
  CHECK(server.verify("third", third));
  CHECK(server.verify("second", second));
  CHECK(server.verify("second", second));
}

void check_failure(const auth::AcceptResult& result, Kind kind, std::string_view says) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().detail);
  CHECK(auth::to_string(result.error().kind) == auth::to_string(kind));
  CHECK(result.error().detail.contains(says));
}

}  // namespace

TEST_CASE("SIP-AUTH-11: an AES ticket in one token; RFC 4121 §4.2.6.1: signatures of 28 bytes") {
  auth::Initiated client = initiated();
  auth::AcceptResult server = acceptor().accept(client.token, now());
  REQUIRE_MESSAGE(server.has_value(), server.error().detail);
  CHECK(server->principal == "alice@EXAMPLE.COM");
  CHECK(server->expires > now() + 1h);
  CHECK(server->expires < now() + 48h);
  CHECK(client.expires > now() + 1h);
  check_contexts(*client.context, *server->context, 28);
  CHECK(Initiator(now, realm().cache()).principal() == "alice@EXAMPLE.COM");
}

TEST_CASE(
    "SIP-AUTH-11: an RC4 ticket; RFC 4757 §7.2: signatures of 37 bytes with a fixed beginning") {
  auth::Initiated client = initiated("sip/old.example.com");
  auth::AcceptResult server = acceptor("old", "sip/old.example.com").accept(client.token, now());
  REQUIRE_MESSAGE(server.has_value(), server.error().detail);
  check_contexts(*client.context, *server->context, 37);
  CHECK(to_hex(as_bytes(client.context->mic("x")))
            .starts_with("602306092a864886f71201020201011100ffffffff"));
}

TEST_CASE("the same token twice is a replay") {
  const auth::Initiated client = initiated();
  REQUIRE(acceptor().accept(client.token, now()));
  check_failure(acceptor().accept(client.token, now()), Kind::replay, "came before");
}

TEST_CASE("a keytab that is missing or unreadable is named") {
  const auth::Initiated client = initiated();
  check_failure(acceptor("nowhere").accept(client.token, now()), Kind::no_keytab,
                realm().keytab("nowhere"));
  std::ofstream(realm().keytab("garbage")) << "no keytab";
  check_failure(acceptor("garbage").accept(client.token, now()), Kind::no_keytab,
                realm().keytab("garbage"));
  check_failure(acceptor("other").accept(client.token, now()), Kind::no_keytab,
                "has no key for sip/lcs.example.com, only for sip/other.example.com@EXAMPLE.COM");
}

TEST_CASE("a ticket for another service is named so") {
  const auth::Initiated client = initiated("sip/other.example.com");
  check_failure(acceptor().accept(client.token, now()), Kind::wrong_principal, "another service");
}

TEST_CASE("a ticket made with an older key than the keytab has is named so") {
  realm().admin("addprinc -randkey sip/rotated.example.com");
  const auth::Initiated client = initiated("sip/rotated.example.com");
  realm().export_keys("sip/rotated.example.com", "rotated");  // makes a new key
  check_failure(acceptor("rotated", "sip/rotated.example.com").accept(client.token, now()),
                Kind::wrong_key, "export the keytab anew");
}

TEST_CASE("clocks that differ are named so") {
  initiated();  // the service ticket is in the cache
  const std::string ahead = realm().path("ahead");
  fs::copy_file(realm().path("cache"), ahead, fs::copy_options::overwrite_existing);
  {
    // The file says by how much the client's clock differs from the centre's: one hour.
    std::fstream file(ahead, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(8);
    file.write("\x00\x00\x0e\x10", 4);
  }
  const auth::Initiated client = initiated("sip/lcs.example.com", "FILE:" + ahead);
  check_failure(acceptor().accept(client.token, now()), Kind::clock_skew, "clock");
}

TEST_CASE("what is no token is refused") {
  for (const char* token : {"", "x", "NTLMSSP", "\x60\x03\x06\x01\x2a"}) {
    CAPTURE(token);
    check_failure(acceptor().accept(token, now()), Kind::bad_token, "");
  }
  std::string cut = initiated().token;
  cut.resize(cut.size() / 2);
  check_failure(acceptor().accept(cut, now()), Kind::bad_token, "no Kerberos token");
}

TEST_CASE("the client is told what it lacks") {
  Initiator without(now, "FILE:" + realm().path("no-cache"));
  const auto none = without.initiate("sip/lcs.example.com");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().detail.contains("kinit"));
  CHECK(without.principal().empty());
  Initiator with(now, realm().cache());
  const auto unknown = with.initiate("sip/unknown.example.com");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().detail.contains("sip/unknown.example.com"));
}

TEST_CASE("a keytab tells whose keys it has") {
  const auto report = check_keytab(realm().keytab("lcs"), "sip/lcs.example.com");
  REQUIRE(report);
  CHECK(report->principal == "sip/lcs.example.com@EXAMPLE.COM");
  REQUIRE(report->keys.size() == 2);
  CHECK(report->keys[0].encryption == "aes256-cts-hmac-sha1-96");
  CHECK(report->keys[0].version >= 2);
  CHECK(check_keytab(realm().keytab("lcs"), "sip/lcs.example.com@EXAMPLE.COM"));
  CHECK_FALSE(check_keytab(realm().keytab("lcs"), "sip/lcs.example.com@OTHER.COM"));
  CHECK_FALSE(check_keytab(realm().keytab("lcs"), "sip/lcs"));
}
