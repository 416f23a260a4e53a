#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/client.h"
#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/base/random.h"
#include "kith/contacts/contact.h"
#include "kith/sip/message.h"
#include "kith/soap/envelope.h"
#include "server/service/core.h"

/// One core with a disk in memory, and the devices that talk to it: for the tests of this room.
namespace kith::service::testing {

/// When the disk answers.
enum class Disk { at_once, when_told };

/// One core; what it puts out is done here. No transactions: each request has an id of its own.
class House {
 public:
  explicit House(Settings settings = default_settings());

  static Settings default_settings();
  static sip::Aor aor(std::string_view user) {
    return sip::Aor{std::string(user) + "@example.com"};
  }

  /// An account that signs in with Kerberos as USER@EXAMPLE.COM, and with Digest by the password
  /// "secret".
  void add_user(std::string_view user);

  /// Sends a request on the flow; the response, if there is one by now.
  std::optional<sip::Message> ask(const Flow& flow, sip::Message request);
  /// The response to an earlier request.
  std::optional<sip::Message> response(ua::TransactionId transaction);
  ua::TransactionId last_transaction() const { return transaction_; }

  /// Does what the core asks for until it is silent.
  void pump();
  void pass(Duration duration);

  /// Answers the oldest commit that waits.
  void commit(store::Commit how);

  struct Told {
    Flow flow;
    sip::Message message;
    NotifyRef ref;
    bool with_transaction;
  };

  Settings settings;
  SeededRandom random{1};
  Core core;
  Time now{Duration{1'700'000'000s}};
  Disk disk = Disk::at_once;
  bool disk_reads = true;
  std::map<sip::Aor, store::UserRecord> records;
  std::deque<Commit> commits;  // that wait to be answered
  std::vector<Told> told;      // notifications, in order
  std::vector<ua::TransactionId> forgotten;
  std::vector<Log> logs;
  std::vector<std::string> halts;
  std::size_t authenticated = 0;
  std::size_t loads = 0;

 private:
  void perform(Output output);
  void apply(const store::Batch& batch);

  std::map<ua::TransactionId, sip::Message> responses_;
  ua::TransactionId transaction_{};
};

enum class Login { kerberos, ntlm, digest };
enum class Extensions { all, none };

/// A client of one user on a connection of its own.
class Messenger {
 public:
  Messenger(House& house, std::string user, std::string epid, Login login = Login::kerberos,
            std::string_view password = "secret");

  /// A request outside any dialog, addressed to the user's own URI, without credentials.
  sip::Message request(std::string_view method);
  /// Sends it with credentials, and again where it is challenged; the final response.
  sip::Message send(sip::Message request);
  /// Sends it with credentials and does not wait for the answer.
  ua::TransactionId post(sip::Message request);

  sip::Message sign_in();
  sip::Message subscribe(Extensions extensions = Extensions::all);
  sip::Message refresh(std::string_view expires = {});
  template <class Operation>
  sip::Message operate(const Operation& operation) {
    return send(service(soap::envelope(operation)));
  }
  sip::Message service(std::string_view body);
  sip::Message add_contact(std::string_view user, std::uint32_t delta);

  /// Notifications for this device since the last call, their signatures verified.
  std::vector<sip::Message> heard();

  House& house;
  std::string user;
  std::string epid;
  Flow flow;

 private:
  auth::testing::HmacInitiator initiator_;
  auth::NtlmClient ntlm_;

 public:
  auth::ClientAuthenticator authenticator;
  std::string dialog_call_id;
  std::string dialog_local_tag;
  std::string dialog_remote_tag;

 private:
  std::string uri() const { return "sip:" + user + "@example.com"; }

  bool signs_;
  std::uint32_t cseq_ = 0;
  std::size_t heard_ = 0;
};

}  // namespace kith::service::testing
