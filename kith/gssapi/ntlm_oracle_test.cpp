#include <dlfcn.h>
#include <doctest/doctest.h>
#include <gssapi/gssapi.h>
#include <sanitizer/lsan_interface.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "kith/auth/ntlm_client.h"
#include "kith/auth/scheme/ntlm.h"
#include "kith/auth/scheme/ntlm/keys.h"

// Our NTLM against somebody else's: Debian's gss-ntlmssp, as client of our server and as server of
// our client. It is loaded without the library that chooses between mechanisms, for that one gives
// the empty token with which connectionless NTLM begins to another mechanism.

using namespace kith;
using namespace kith::auth;

namespace {

namespace fs = std::filesystem;

constexpr OM_uint32 datagram_flag = 0x10000;  // GSS_C_DATAGRAM_FLAG of the plugin's own header

Time now() { return Time{std::chrono::system_clock::now().time_since_epoch()}; }

/// The third column of the file with which the package makes itself known.
std::string plugin_path() {
  std::ifstream file("/etc/gss/mech.d/mech.ntlmssp.conf");
  for (std::string line; std::getline(file, line);) {
    std::istringstream columns(line);
    std::string name;
    std::string oid;
    std::string path;
    if (!line.starts_with('#') && columns >> name >> oid >> path) return path;
  }
  throw std::runtime_error("the package gss-ntlmssp is not installed");
}

// They are there where the address sanitizer is.
#pragma weak __lsan_disable
#pragma weak __lsan_enable

/// What the plugin forgets to give back is not ours to report.
struct Unwatched {
  Unwatched() {
    if (&__lsan_disable != nullptr) __lsan_disable();
  }
  Unwatched(const Unwatched&) = delete;
  Unwatched& operator=(const Unwatched&) = delete;
  ~Unwatched() {
    if (&__lsan_enable != nullptr) __lsan_enable();
  }
};

/// The plugin, and the one user that it knows.
class Plugin {
 public:
  explicit Plugin(const std::string& password) {
    library_ = ::dlopen(plugin_path().c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) throw std::runtime_error(::dlerror());
    std::string pattern = (fs::temp_directory_path() / "kith-ntlm-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    std::ofstream(folder_ / "users") << "LAB:walt:" << password << "\n";
    ::setenv("NTLM_USER_FILE", (folder_ / "users").c_str(), 1);
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  ~Plugin() {
    ::unsetenv("NTLM_USER_FILE");
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    ::dlclose(library_);
  }

  /// A function of the plugin that has the name and the type of one of GSSAPI's.
  template <class Function>
  Function* call(const char* name, Function*) const {
    return reinterpret_cast<Function*>(::dlsym(library_, name));
  }

 private:
  Unwatched unwatched_;
  void* library_ = nullptr;
  fs::path folder_;
};

#define KITH_CALL(name) plugin_.call(#name, &(name))

gss_buffer_desc borrowed(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // NOLINT: the library reads only
}

/// One side of a handshake, and the context that comes out of it.
class Peer {
 public:
  explicit Peer(const Plugin& plugin) : plugin_(plugin) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() {
    OM_uint32 minor = 0;
    KITH_CALL(gss_delete_sec_context)(&minor, &context_, GSS_C_NO_BUFFER);
    KITH_CALL(gss_release_cred)(&minor, &credential_);
  }

  /// As a client; the token to send.
  std::string initiate(std::string_view token) {
    gss_buffer_desc service = borrowed("sip@lcs1.lab.example");
    gss_name_t target = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    KITH_CALL(gss_import_name)(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &target);
    gss_buffer_desc in = borrowed(token);
    gss_buffer_desc out{};
    major_ = KITH_CALL(gss_init_sec_context)(&minor, GSS_C_NO_CREDENTIAL, &context_, target,
                                             &mechanism_, datagram_flag | GSS_C_INTEG_FLAG, 0,
                                             nullptr, &in, nullptr, &out, nullptr, nullptr);
    KITH_CALL(gss_release_name)(&minor, &target);
    return taken(out);
  }

  /// As a server.
  std::string accept(std::string_view token) {
    OM_uint32 minor = 0;
    gss_OID_set_desc mechanisms{1, &mechanism_};
    if (credential_ == GSS_C_NO_CREDENTIAL)
      KITH_CALL(gss_acquire_cred)(&minor, GSS_C_NO_NAME, 0, &mechanisms, GSS_C_ACCEPT, &credential_,
                                  nullptr, nullptr);
    gss_buffer_desc in = borrowed(token);
    gss_buffer_desc out{};
    major_ = KITH_CALL(gss_accept_sec_context)(&minor, &context_, credential_, &in, nullptr,
                                               nullptr, nullptr, &out, nullptr, nullptr, nullptr);
    return taken(out);
  }

  bool goes_on() const { return major_ == GSS_S_CONTINUE_NEEDED; }
  bool done() const { return major_ == GSS_S_COMPLETE; }

  std::string mic(std::string_view text) {
    count();
    OM_uint32 minor = 0;
    gss_buffer_desc message = borrowed(text);
    gss_buffer_desc token{};
    major_ = KITH_CALL(gss_get_mic)(&minor, context_, GSS_C_QOP_DEFAULT, &message, &token);
    return taken(token);
  }
  bool verify(std::string_view text, std::string_view mic) {
    count();
    OM_uint32 minor = 0;
    gss_buffer_desc message = borrowed(text);
    gss_buffer_desc token = borrowed(mic);
    return KITH_CALL(gss_verify_mic)(&minor, context_, &message, &token, nullptr) == GSS_S_COMPLETE;
  }

 private:
  /// SIP-AUTH-50: number 100, whatever came before.
  void count() {
    std::uint32_t number = 100;
    gss_buffer_desc value{sizeof number, &number};
    char text[] = "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01";  // its own option, SET_SEQ_NUM
    gss_OID_desc option{sizeof text - 1, text};
    OM_uint32 minor = 0;
    using Set = OM_uint32(OM_uint32*, gss_ctx_id_t*, gss_OID, gss_buffer_t);
    plugin_.call("gss_set_sec_context_option", static_cast<Set*>(nullptr))(&minor, &context_,
                                                                           &option, &value);
  }
  static std::string taken(gss_buffer_desc& buffer) {
    std::string text(static_cast<const char*>(buffer.value), buffer.length);
    OM_uint32 minor = 0;
    gss_release_buffer(&minor, &buffer);
    return text;
  }

  const Plugin& plugin_;
  char oid_[11] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
  gss_OID_desc mechanism_{10, oid_};
  gss_cred_id_t credential_ = GSS_C_NO_CREDENTIAL;
  gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
  OM_uint32 major_ = GSS_S_FAILURE;
};

/// walt, whose password is S3cure-Pass.
class Lab final : public Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view) const override { return std::nullopt; }
  std::optional<DigestAccount> digest_account(std::string_view) const override {
    return std::nullopt;
  }
  std::optional<NtAccount> nt_account(std::string_view username) const override {
    if (username != "walt@lab.example") return std::nullopt;
    return NtAccount{.aor = sip::Aor{"walt@lab.example"},
                     .nt_hash = ntlm::nt_hash(crypto::Secret("S3cure-Pass")).value()};
  }
};

void sign_both_ways(Context& ours, Peer& theirs) {
  for (const std::string text : {"<NTLM><1>", "<NTLM><2>", "<>"}) {
    CHECK(theirs.verify(text, ours.mic(text)));
    CHECK(ours.verify(text, theirs.mic(text)));
    CHECK_FALSE(theirs.verify(text + "x", ours.mic(text)));
    CHECK_FALSE(ours.verify(text + "x", theirs.mic(text)));
  }
}

/// Their client at our server.
Step at_our_server(Peer& theirs, const Accounts& accounts, const Ntlm& scheme) {
  SeededRandom random{17};
  const auto handshake = scheme.begin(accounts);
  const std::string first = theirs.initiate("");
  CHECK(first.empty());
  REQUIRE(theirs.goes_on());
  Step step = handshake->token(first, now(), random);
  const std::string answer = theirs.initiate(std::get<Continue>(step).token);
  REQUIRE(theirs.done());
  return handshake->token(answer, now(), random);
}

const Realm realm{
    .fqdn = "lcs1.lab.example", .kerberos = false, .ntlm = true, .domain = "lab.example"};

}  // namespace

TEST_CASE("SIP-AUTH-50: gss-ntlmssp as a client signs in at our server, and signs with it") {
  const Plugin plugin("S3cure-Pass");
  Peer theirs(plugin);
  const Lab accounts;
  const Ntlm scheme(realm);
  Step step = at_our_server(theirs, accounts, scheme);
  REQUIRE(std::holds_alternative<Accepted>(step));
  CHECK(std::get<Accepted>(step).account == sip::Aor{"walt@lab.example"});
  sign_both_ways(*std::get<Accepted>(step).context, theirs);
}

TEST_CASE("SIP-AUTH-50: our client signs in at gss-ntlmssp, and signs with it") {
  const Plugin plugin("S3cure-Pass");
  Peer theirs(plugin);
  SeededRandom random{17};
  NtlmClient client({.username = "LAB\\walt", .password = crypto::Secret("S3cure-Pass")}, random);
  const std::string challenge = theirs.accept("");
  REQUIRE(theirs.goes_on());
  const auto answer = client.answer(challenge, now());
  REQUIRE(answer);
  theirs.accept(answer->token);
  REQUIRE(theirs.done());
  sign_both_ways(*answer->context, theirs);
}

TEST_CASE("NTLM: a wrong password is no use, neither theirs here nor ours there") {
  const Plugin plugin("guess");
  Peer client(plugin);
  const Lab accounts;
  const Ntlm scheme(realm);
  const Step step = at_our_server(client, accounts, scheme);
  REQUIRE(std::holds_alternative<AcceptFailure>(step));
  CHECK(std::get<AcceptFailure>(step).kind == AcceptFailure::Kind::wrong_password);

  Peer server(plugin);
  SeededRandom random{17};
  NtlmClient ours({.username = "LAB\\walt", .password = crypto::Secret("S3cure-Pass")}, random);
  server.accept(ours.answer(server.accept(""), now())->token);
  CHECK_FALSE(server.done());
}
