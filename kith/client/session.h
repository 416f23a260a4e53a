#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "kith/auth/client.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/ntlm_client.h"
#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/client/operation.h"
#include "kith/client/registration.h"
#include "kith/contacts/list.h"
#include "kith/crypto/secret.h"
#include "kith/event/subscriber.h"
#include "kith/sip/framer.h"
#include "kith/sip/uri.h"
#include "kith/ua/endpoint.h"

namespace kith::client {

/// How to prove who one is: with Kerberos, NTLM and Digest, as far as they are wanted and the
/// server offers them, in this order; the next one where one fails.
struct Login {
  std::string username{};  // of NTLM and Digest; empty: neither of them
  crypto::Secret password{};
  bool kerberos = false;  // tickets come by way of Initiate
  bool ntlm = false;
  bool digest = true;

  bool with_ntlm() const { return ntlm && !username.empty(); }
  bool with_digest() const { return digest && !username.empty(); }
};

/// Who signs in, from which device.
struct Settings {
  sip::Uri user;     // sip:alice@example.com: with user and host, nothing else
  std::string epid;  // 1 to 16 hexadecimal digits, always the same for this device
  Login login{};
  std::string user_agent = "Kith";
  bool trace = false;  // whether there are Trace events
};

using OperationId = Strong<struct OperationIdName, std::uint64_t>;

// ---- What comes out -----------------------------------------------------------------------------

/// Asks for a Kerberos ticket for this service, which may take long; the answer is to be given to
/// Session::initiated().
struct Initiate {
  std::string targetname;
};

/// The server knows this device; once, and once more after each Notice of a lost registration.
struct SignedIn {
  std::string scheme;  // "Kerberos", "NTLM", "Digest"; empty: the server asked for nothing
  Granted granted;
};

/// The list as it is now. `delta` is what changed; without one it was read as a whole.
struct ListChanged {
  contacts::List list;
  std::optional<contacts::Delta> delta{};
};

/// The list is as the operation wanted it.
struct OperationDone {
  OperationId id;
  std::optional<contacts::GroupId> group{};  // of an AddGroup
  std::string already{};  // nothing was sent, for another device had done it: a sentence
};

/// The list is not as the operation wanted it, and it is not sent again.
struct OperationFailed {
  OperationId id;
  int status = 0;  // of the server's answer; 0: it was not sent; 408: perhaps nobody answered
  std::string reason;
};

/// Another device was quicker. The list was read again, and the operation still makes sense.
struct Repeated {
  OperationId id;
  Operation operation;
  contacts::Version version;  // of the list that it is now sent for
};

/// Something that went wrong and was put right, or that was ignored; a sentence.
struct Notice {
  std::string sentence;
};

/// The session is over, as it was asked to end.
struct SignedOut {};

/// The end; nothing follows.
struct Failed {
  enum class Cause {
    refused,  // the server, or the lack of a ticket, said no
    network,  // the connection, or no answer
  };
  Cause cause = Cause::refused;
  std::string sentence;
  std::vector<std::string> offered{};  // the server's schemes, if none of them is the login's
};

/// A message as it was sent or came in.
struct Trace {
  enum class Direction { sent, received };
  Direction direction = Direction::sent;
  std::string bytes;
  std::string note;  // what its authentication headers say, and what they are worth; lines
};

using Event = std::variant<SignedIn, ListChanged, OperationDone, OperationFailed, Repeated, Notice,
                           SignedOut, Failed, Trace>;
using Output = std::variant<ua::Send, ua::Close, Initiate, Event>;

// ---- The session --------------------------------------------------------------------------------

/// One device of a user at a server, over one connection: signs in and stays so, keeps the contact
/// list as the server has it, changes it, signs out. It never does anything by itself: after every
/// call of one of the others poll() until it is silent, and tick() when next_deadline() has come.
class Session {
 public:
  /// `random` outlives the session.
  Session(Settings settings, Random& random);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The connection is there (of UDP: the socket): signs in. Once.
  void start(const Flow& flow, Time now);
  void receive(std::string_view bytes, Time now);
  void closed(std::error_code why, Time now);
  void tick(Time now);
  Time next_deadline() const;
  std::optional<Output> poll();

  /// The answer to Initiate.
  void initiated(std::expected<auth::Initiated, auth::InitiateFailure> result, Time now);

  /// Subscribes to the contact list as soon as it is signed in (SIP-REG-15).
  void watch_contacts(Time now);
  /// Waits for its turn: the operations follow one another, each with the deltaNum that the last
  /// one left. Ends with OperationDone or OperationFailed, unless the session fails first.
  OperationId submit(Operation operation, Time now);
  /// Ends with SignedOut, whatever the server says.
  void sign_out(Time now);

  bool signed_in() const { return state_ == State::signed_in; }
  const std::optional<contacts::List>& list() const { return list_; }

 private:
  enum class State { idle, signing_in, signed_in, signing_out, ended };
  enum class Purpose { registration, subscription, operation, unsubscription, removal };

  /// A request that waits for its final response.
  struct Flight {
    Purpose purpose = Purpose::registration;
    sip::Message request;
    Time deadline;
  };
  /// A challenge that waits for a ticket.
  struct Challenged {
    Flight flight;
    sip::Message response;
  };
  struct Waiting {
    OperationId id;
    Operation operation;
    Attempt attempt = Attempt::first;
    int attempts = 0;
    std::string call_id{};  // of the request last sent; empty: none
    contacts::Version sent_for{};
    std::size_t left = 0;  // steps after the one that was sent
    std::uint32_t sequence = 0;
  };
  /// Hands over the ticket that the program has brought.
  class Ticket final : public auth::Initiator {
   public:
    void put(std::expected<auth::Initiated, auth::InitiateFailure> result) {
      result_ = std::move(result);
    }
    std::expected<auth::Initiated, auth::InitiateFailure> initiate(std::string_view) override;

   private:
    std::optional<std::expected<auth::Initiated, auth::InitiateFailure>> result_;
  };

  // session.cpp
  void drain(Time now);
  void proceed(Time now);
  void send(Purpose purpose, sip::Message message, Time now);
  void register_now(Time now);
  void subscribe_now(Time now);
  void read_again(Time now);
  void send_operation(Time now);
  void leave(Time now);
  void finish();
  void fail(Failed::Cause cause, std::string sentence, std::vector<std::string> offered = {});
  void emit(Event event) { outputs_.emplace_back(std::move(event)); }
  void notice(std::string sentence) { emit(Notice{std::move(sentence)}); }
  bool in_flight(Purpose purpose) const;
  /// The flight, which is over; nothing where an earlier one has taken it along.
  std::optional<Flight> landed(ua::TransactionId transaction);
  Time reregister_at() const;
  Time keep_alive_at() const;
  void trace_sent(const std::string& bytes);
  void trace_received(const sip::Message* message, std::string_view verdict);

  // responses.cpp
  void response_came(ua::TransactionId transaction, const sip::Message& response, Time now);
  void challenged(Flight flight, const sip::Message& response, Time now);
  void answer_challenge(const Flight& flight, const sip::Message& response, Time now);
  void registered(const sip::Message& response, Time now);
  void registration_lost(Time now);
  void registration_refused(const sip::Message& response, Time now);
  void subscribed(const sip::Message& request, const sip::Message& response, Time now);
  void operation_answered(const sip::Message& response, Time now);
  void unanswered(const Flight& flight, std::string_view why, Time now);
  void settle(std::optional<OperationDone> done, int status, std::string reason);

  // requests.cpp
  void request_came(const ua::RequestReceived& received, Time now);
  void notification_came(const ua::RequestReceived& received, Time now);
  void respond(const ua::RequestReceived& received, int status, Time now);
  bool is_deregistration(const sip::Message& request) const;
  void take_content(std::string_view document, Time now);
  void take(contacts::List list);
  void take(const contacts::Delta& delta, Time now);

  Settings settings_;
  Random& random_;
  Device device_;
  ua::Endpoint endpoint_;
  Ticket ticket_;
  auth::NtlmClient ntlm_;
  auth::ClientAuthenticator authenticator_;
  Registration registration_;
  std::optional<event::Subscriber> subscriber_;
  std::optional<contacts::List> list_;

  State state_ = State::idle;
  Flow flow_;
  sip::Framer framer_;
  std::deque<Output> outputs_;
  std::map<ua::TransactionId, Flight> flights_;
  std::optional<Challenged> challenged_;
  std::deque<Waiting> operations_;
  std::uint64_t last_operation_ = 0;
  std::optional<auth::SignatureVersion> version_;
  std::string scheme_;
  std::string traced_;  // bytes that came in and were not traced yet

  bool wants_list_ = false;
  bool reading_ = false;  // the list is not to be relied on until it comes as a whole
  std::optional<contacts::Version> awaited_;  // what the last own operation must have led to
  Time list_by_ = never;
  int readings_ = 0;
  int challenges_ = 0;
  Time last_sent_{};
  Time leave_by_ = never;
};

}  // namespace kith::client
