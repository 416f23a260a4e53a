#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/message.h"
#include "kith/ua/keep_alive.h"

namespace kith::ua {

/// What a registration is to be.
struct RegistrationWish {
  std::string registrar;  // Request-URI, without a user: "sip:example.com"; RFC 3261 §10.2
  std::string aor;        // To and From: "sip:alice@example.com"
  std::string call_id;    // the same for all its requests: RFC 3261 §10.2
  /// "urn:uuid:…": RFC 5626 §4.1. Without one there is one flow, and there are no GRUUs.
  std::string instance{};
  std::uint32_t flows = 1;  // 1, or more than that with an instance; at most registration_flows_max
  std::uint32_t expires_seconds = 3600;
};

/// RFC 5626 §4.5: how long to wait before a flow is tried again.
struct BackOff {
  Duration base_all_failed = 30s;
  Duration base = 90s;  // another flow works
  Duration most = 1800s;

  /// After so many failures in a row: at random between half of it and all of it.
  Duration after(unsigned failures, bool all_failed, Random& random) const;
};

/// Who answers challenges. auth::Answers is meant, which this room does not know.
class Credentials {
 public:
  virtual ~Credentials() = default;
  /// Puts on a request what is known already. Called once for each that is sent.
  virtual void authorize(sip::Message& request) = 0;
  /// A 401 or 407 came: whether authorize() knows now what to put on the next one.
  virtual bool challenged(const sip::Message& request, const sip::Message& response) = 0;
};

/// A flow to the registrar or its edge proxy, and how requests find us there.
struct RegistrationFlow {
  Flow flow;
  std::string contact;  // a URI that reaches us: "sip:192.0.2.7:5060;transport=tcp"
  std::string route{};  // the edge proxy, where there is one: "<sip:edge.example.com;lr>"
};

/// What the registrar holds of one flow.
struct Binding {
  Time expires = never;
  bool outbound = false;                     // as RFC 5626 §4.2.1 tells it
  std::vector<std::string> service_route{};  // for requests outside of dialogs: RFC 3608 §6.1
};

/// Keeps a registration alive over one or more flows: RFC 3261 §10.2, RFC 5626 §4, RFC 5627 §4. It
/// never does anything by itself: after every call of one of the others, poll() until it is silent,
/// and call tick() when next_deadline() has come. One REGISTER is under way at a time.
///
/// Path is between the proxies and the registrar (RFC 3327): nothing is made of it here.
class Registration {
 public:
  /// Where the k-th flow is asked for, 1 is the first: its reg-id.
  struct NeedFlow {
    std::uint32_t reg_id = 0;
  };
  /// To be sent as it is, in a transaction; then answered() or not_answered().
  struct Register {
    Flow flow;
    sip::Message request;
    std::uint32_t sequence = 0;  // its CSeq number
  };
  /// RFC 5626 §3.5.1: CR LF CR LF is to be sent.
  struct Ping {
    Flow flow;
  };
  /// It is of no use any more.
  struct CloseFlow {
    Flow flow;
  };
  /// The flow is registered, for the first time or again after it was not.
  struct Registered {
    std::uint32_t reg_id = 0;
  };
  enum class Failure : std::uint8_t {
    no_flow,       // it could not be made, or broke
    no_pong,       // RFC 5626 §4.4.1: nothing came back in 10 s
    not_answered,  // REGISTER timed out
    refused_now,   // a status after which another try makes sense
    expired,       // nobody refreshed it in time
    not_bound,     // a 200 without our Contact
  };
  /// The flow is not, or no longer, registered; it is tried again by itself.
  struct Failed {
    std::uint32_t reg_id = 0;
    Failure why = Failure::no_flow;
    int status = 0;  // of refused_now
    Time again = never;
  };
  enum class Ending : std::uint8_t {
    removed,      // stop() or remove_all() did it
    unreachable,  // the same without a flow to say so: the registrar finds out by itself
    redirected,   // 3xx: Contact says where to; whether to go there is for the user to say
    credentials,  // a challenge that nobody answers
    refused,      // a status after which the same request does not help
    interval,     // 423 without a Min-Expires that would help
  };
  /// It is over, until start() is called again.
  struct Over {
    Ending why = Ending::removed;
    int status = 0;
    std::string reason{};
  };
  /// The answer to fetch(): everything that is bound to the address of record; nothing where the
  /// registrar did not say.
  struct Bindings {
    std::optional<std::vector<sip::Contact>> contacts{};
  };
  using Output =
      std::variant<NeedFlow, Register, Ping, CloseFlow, Registered, Failed, Over, Bindings>;

  /// `random` and `credentials`, where there are some, outlive the registration.
  Registration(RegistrationWish wish, Random& random, Credentials* credentials = nullptr,
               BackOff back_off = {});

  void start(Time now);
  /// Removes our bindings: RFC 3261 §10.2.2. Ends with Over.
  void stop(Time now);
  /// Removes everybody's: Contact: *. Ends with Over.
  void remove_all(Time now);
  /// Asks what is bound: RFC 3261 §10.2.3.
  void fetch(Time now);
  /// All temporary GRUUs are to die, the registration is to stay: RFC 5627 §4.1. From now on
  /// REGISTER has this Call-ID.
  void renew(std::string call_id, Time now);

  // What became of NeedFlow, and of the flow afterwards.
  void flow_up(std::uint32_t reg_id, RegistrationFlow flow, Time now);
  void flow_down(std::uint32_t reg_id, Time now);
  /// The answer to a ping.
  void pong(std::uint32_t reg_id, Time now);

  /// A response to a Register; provisional ones and those to others are ignored.
  void answered(const sip::Message& response, Time now);
  /// It ended without a final response. `sequence` as in Register.
  void not_answered(std::uint32_t sequence, Time now);

  void tick(Time now);
  Time next_deadline() const;
  std::optional<Output> poll();

  /// Nothing while that flow is not registered.
  const Binding* binding(std::uint32_t reg_id) const;
  /// RFC 5627 §4.2: empty where the registrar gave none.
  const std::string& pub_gruu() const { return pub_gruu_; }
  /// Those that are valid, the newest last.
  const std::deque<std::string>& temp_gruus() const { return temp_gruus_; }

 private:
  enum class Purpose : std::uint8_t { bind, remove, remove_all, fetch };

  struct Way {  // to the registrar
    std::uint32_t reg_id = 0;
    std::optional<RegistrationFlow> flow{};
    std::optional<Binding> binding{};
    unsigned failures = 0;
    Time try_at = never;  // make the flow, or REGISTER on it
    KeepAlive keep_alive{};
  };
  /// What the registrar may hold of a flow that broke, and until when.
  struct Left {
    std::uint32_t reg_id = 0;
    std::string contact;
    Time until;
  };
  struct Pending {
    Purpose purpose = Purpose::bind;
    std::uint32_t reg_id = 0;
    sip::Message request;
    int challenges = 0;
  };

  Way* find(std::uint32_t reg_id);
  Way* first_with_flow();
  bool uses_outbound() const { return outbound_ && !wish_.instance.empty(); }

  void proceed(Time now);
  void send(Purpose purpose, const Way& way, int challenges = 0);
  sip::Message request(Purpose purpose, const Way& way);
  void add_contact(sip::Message& message, const Way& way) const;
  void stop(Time now, std::deque<Purpose> last);
  void unbind(Time now);

  void keep_alive(Way& way, Time now);
  void lose_flow(Way& way, Failure why, Time now);
  void leave_behind(const Way& way, Time now);
  void replaced(const Way& way);
  void fail(Way& way, Failure why, Time now, int status = 0, Duration at_least = {});
  void lose_binding(Way& way);
  void only(std::uint32_t reg_id);
  void end(Ending why, int status = 0, std::string_view reason = {});

  // registration_answers.cpp
  void succeeded(const Pending& done, const sip::Message& response, Time now);
  void bound(Way& way, const sip::Message& response, Time now);
  void learn_gruus(const sip::Contact& own);
  std::optional<sip::Contact> own_contact(const Way& way, const sip::Message& response) const;
  void challenged(const Pending& done, const sip::Message& response);
  bool lengthened(const sip::Message& response);
  void refused(const Pending& done, const sip::Message& response, Time now);

  RegistrationWish wish_;
  Random& random_;
  Credentials* credentials_;
  BackOff back_off_;
  std::string tag_;
  std::vector<Way> ways_;
  std::optional<Pending> pending_;
  std::vector<Left> left_;
  std::deque<Purpose> asked_;  // besides what the ways need
  std::deque<Output> outputs_;
  std::deque<std::string> temp_gruus_;
  std::string pub_gruu_;
  std::uint32_t sequence_ = 0;
  bool started_ = false;
  bool stopping_ = false;
  bool unheard_ = false;  // a binding of ours may be there still
  bool outbound_ = true;
};

}  // namespace kith::ua
