#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/result.h"
#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/dialog/dialog.h"
#include "kith/dialog/session_timer.h"
#include "kith/sip/header/join.h"
#include "kith/sip/header/replaces.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/layer.h"
#include "kith/ua/limits.h"

namespace kith::ua {

/// Names one dialog of one user agent; never reused while that lives. Zero names none.
using DialogId = Strong<struct DialogIdName, std::uint64_t>;

/// Which messages begin a dialog.
enum class DialogPolicy : std::uint8_t {
  automatic,  // a dialog begins with the first message that has both tags: RFC 3261 §12.1
  manual,     // as automatic, but only for transactions that begin_dialog() named
  none,       // of a proxy: nothing is remembered between transactions
};

/// What is answered here, so that the layer above need not. Each can be switched off: the request
/// is then passed up, with the dialog if there is one.
struct Answers {
  bool method = true;       // 405 with Allow, 501: a method that is not served
  bool contact = true;      // 400: it would make a dialog, and no Contact says where its sender is
  bool refer = true;        // 400: a REFER without Refer-To, or with two
  bool notify = true;       // 400: a NOTIFY without Event or Subscription-State
  bool event = true;        // 489 with Allow-Events: SUBSCRIBE to a package that is not served, or
                            // a NOTIFY of one that matches no subscription
  bool merged = true;       // 482: the same request came over another way, RFC 3261 §8.2.2.2
  bool no_dialog = true;    // 481: it is of a dialog, or of a subscription, that is not there
  bool late = true;         // 500: its CSeq is lower than one that was seen, RFC 3261 §12.2.2
  bool overlapping = true;  // 491, or 500 with Retry-After: an INVITE is pending, RFC 3261 §14.2
  bool unsolicited = true;  // 481, or 489: a NOTIFY that matches no subscription
  bool cancelled = true;    // 487 to an INVITE that its sender gave up: RFC 3261 §9.2
};

/// How a user agent behaves.
struct UserAgentConfig {
  Config endpoint{};
  DialogPolicy dialogs = DialogPolicy::automatic;
  /// Methods that make dialogs besides INVITE, SUBSCRIBE and REFER. Each is a token, stands here
  /// once, and is none of those, nor one that RFC 3261 §11 or another knows to make none.
  std::vector<std::string> dialog_methods{};
  /// The methods that are served; none: every one is.
  std::vector<std::string> methods{};
  /// The event packages that are served; none: every one is.
  std::vector<std::string> packages{};
  /// Packages whose SUBSCRIBE may be answered by several notifiers: RFC 6665 §4.4.1, §5.4.9.
  std::vector<std::string> forkable{};
  /// "host" or "host:port": what URIs call this user agent, besides the address that a request came
  /// to.
  std::vector<std::string> names{};
  /// Whether the first Route of a request is taken off where it calls this user agent.
  bool takes_own_route = true;
  Answers answers{};
  /// RFC 4028: asked for in INVITE and UPDATE, granted in 2xx, and what is too short refused 422.
  /// Nothing: the layer above sees to it, or nobody does.
  std::optional<dialog::SessionWish> session_timer{};
  /// How long an early dialog may stay without a message.
  Duration early_timer = 180s;
  UserAgentLimits limits{};
};

/// A request that wants a final respond(), with the dialog that it came in.
struct Request {
  TransactionId transaction;
  std::optional<DialogId> dialog;
  Flow flow;
  sip::Message message;
  std::optional<sip::Uri> own_route{};  // the Route that called this user agent and was taken off
};

/// What answers a request of ours, with the dialog that it belongs to.
struct Response {
  TransactionId transaction;
  std::optional<DialogId> dialog;
  Flow flow;
  sip::Message message;
  bool repeated = false;  // a 2xx that was passed up before and has had no ack()
  bool forked = false;    // its dialog is not the first that the request made
};

/// For a 2xx of ours, or, without a dialog, for nothing that is known.
struct Ack {
  std::optional<DialogId> dialog;
  Flow flow;
  sip::Message message;
  bool repeated = false;
  std::optional<sip::Uri> own_route{};
};

/// The peer gave up its INVITE. Where Answers::cancelled is on, it had its 487.
struct Cancelled {
  TransactionId invite;
  std::optional<DialogId> dialog;
};

/// A transaction is gone, and why: the last that is heard of it.
struct TransactionEnded {
  TransactionId transaction;
  std::optional<DialogId> dialog;
  Ending why = Ending::complete;
  std::error_code error;  // where the transport said one
};

/// A reliable provisional response had no PRACK: RFC 3262 §3 wants a 5xx for the INVITE.
struct NotAcknowledged {
  TransactionId invite;
  DialogId dialog;
};

/// alert_retransmissions(): it is time to send the 2xx again.
struct RetransmissionDue {
  TransactionId invite;
};

/// alert_if_calling(): the INVITE has had no response yet.
struct StillCalling {
  TransactionId invite;
};

/// Our INVITE has had no final response within its Expires: it wants a cancel(). RFC 3261 §13.2.1
struct InviteExpired {
  TransactionId invite;
};

/// RFC 4028 §10: it is time to refresh the session, by INVITE or UPDATE.
struct RefreshDue {
  DialogId dialog;
};

/// Why a dialog is gone.
enum class DialogEnding : std::uint8_t {
  bye,                 // either side hung up, or the last subscription ended
  replaced,            // as by bye or refused, for an INVITE with Replaces: RFC 3891 §3
  refused,             // the request that would have made it had a final response of 300 to 699
  not_answered,        // it had none in time, or another fork answered
  transport_error,     // it could not be sent, or the connection broke
  early_timeout,       // UserAgentConfig::early_timer
  gone,                // the peer does not know it: 481 or 408, RFC 5057 §5.1
  ack_never_came,      // for our 2xx; the peer had a BYE
  ack_never_sent,      // ack() was not called for the peer's 2xx
  session_expired,     // nobody refreshed it in time, RFC 4028 §10; the peer had a BYE
  subscription_ended,  // the last one expired
  dropped,             // drop() was called
};

/// A dialog is gone, and why: the last that is heard of it.
struct DialogEnded {
  DialogId id;
  DialogEnding why = DialogEnding::bye;
  dialog::Dialog dialog;  // as it was
};

using Event =
    std::variant<Request, Response, ResponseElsewhere, Ack, Cancelled, TransactionEnded,
                 NotAcknowledged, RetransmissionDue, StillCalling, InviteExpired, RefreshDue,
                 DialogEnded, FlowClosed, ReplyStranded, PongReceived, Refused>;
using AgentOutput = std::variant<Send, Close, Event>;

/// How many of each are held at the moment.
struct AgentCounts {
  Counts endpoint;
  std::size_t dialogs = 0;
  std::size_t requests = 0;  // of ours and of peers that something is remembered of

  bool operator==(const AgentCounts&) const = default;
};

class UserAgentCore;

/// An Endpoint with dialogs: RFC 3261 §§8, 12 to 15, RFC 3262, RFC 5057.
///
/// The 2xx to an INVITE is sent again until its ACK comes; our ACK is sent again for every 2xx that
/// comes again.
class UserAgent : public Layer<UserAgentCore, AgentOutput> {
 public:
  /// `random` outlives the user agent. A configuration that check() of kith/ua/settings.h refuses
  /// ends the process.
  UserAgent(UserAgentConfig config, Random& random);

  /// Pings a flow that this side opened, with at most `most` between two pings, until it is gone;
  /// nothing: not any more. One that brings no pong is closed: Closing::no_pong. To be asked for
  /// where the other end has said that it answers pings (RFC 5626 §4.4), and not for the flow of a
  /// Registration, which asks for its pings itself.
  void keep_alive(const Flow& flow, std::optional<Duration> most, Time now);

  /// Sends a request that is in no dialog, and may make some. It ends with TransactionEnded. Where
  /// it has no To tag, and its first Route has no lr, that becomes the Request-URI: RFC 3261
  /// §12.2.1.1. Its flow is to whom that Route named. A response to it that has a Via below ours is
  /// dropped (RFC 3261 §8.1.3.3), unless it had some.
  TransactionId request(const Flow& flow, sip::Message request, Time now);
  /// A request inside a dialog without Via and CSeq, to be completed and sent by send(). Nothing
  /// for a dialog that is gone. The Event of a NOTIFY about a REFER is "refer;id=" and the number
  /// in the CSeq of that; about the first of a dialog it may be "refer": RFC 3515 §2.4.6.
  std::optional<sip::Message> draft(DialogId dialog, std::string_view method) const;
  /// Sends what draft() made, with the next CSeq number. A BYE ends the session, whatever answers
  /// it; but after 401 and 407 another may be sent for 64 * T1. Refused, and nothing has changed:
  /// the dialog is gone (missing "dialog"); a BYE of ours has ended it, or all of it that the
  /// method could be of, and keep_after_bye() was not called (forbidden "dialog"); it is no
  /// request, or ACK or CANCEL, which ack() and cancel() send ("method"); no number is left
  /// ("CSeq"); of who was called a BYE before its 2xx, RFC 3261 §15 ("BYE");
  /// UserAgentLimits::subscriptions_max would be exceeded ("subscriptions"); a sips URI would be
  /// asked over UDP, RFC 3261 §26.2.2 ("transport": see use()); or, of an INVITE, another one is
  /// pending ("INVITE"); where Answers::overlapping is on, so is one that is waiting for its ACK.
  Result<TransactionId> send(DialogId dialog, sip::Message request, Time now);
  /// Sends the ACK for the dialog's last 2xx to INVITE, and again for each that comes again. It has
  /// the credentials of the INVITE (RFC 3261 §22.1). Refused where there is none ("dialog"), it was
  /// sent ("ACK"), or it would ask a sips URI over UDP ("transport"): after use() of a flow over
  /// TLS it may be sent yet.
  Result<void> ack(DialogId dialog, Time now, std::string_view content_type = {},
                   std::string_view body = {});
  /// Acknowledges a reliable provisional response in its dialog: RFC 3262 §4. The body answers the
  /// offer that came in that, or makes one: RFC 3262 §5. Refused: it is not one ("Require"), or one
  /// before it is missing ("RSeq"), or as of send().
  Result<TransactionId> prack(DialogId dialog, const sip::Message& response, Time now,
                              std::string_view content_type = {}, std::string_view body = {});
  /// StillCalling tells of it when this INVITE of ours has had no response after so long. Refused:
  /// there is no such INVITE ("transaction").
  Result<void> alert_if_calling(TransactionId invite, Duration after, Time now);
  /// As of Endpoint. What answers it is a Response like any other, under the id returned; what
  /// becomes of the INVITE comes under that one's.
  std::optional<TransactionId> cancel(TransactionId invite, Time now);

  /// Answers a Request, provisional or final. To has a tag afterwards; what makes a dialog has the
  /// request's Record-Route. Refused, and nothing is sent: the request is not waiting
  /// ("transaction"), the response is not one to it ("CSeq"), a 2xx to INVITE has no Contact, a 2xx
  /// to SUBSCRIBE no Expires or a longer one than asked for, and a 2xx must wait for the PRACK of
  /// what was sent before ("RSeq").
  Result<void> respond(TransactionId transaction, sip::Message response, Time now);
  /// Sends 101 to 199 to an INVITE so that it is sent again until its PRACK comes: RFC 3262 §3.
  /// Refused also: the INVITE does not support it ("Supported"), or one before it has had no PRACK
  /// ("RSeq").
  Result<void> respond_reliably(TransactionId transaction, sip::Message response, Time now);
  /// For a 2xx to this INVITE that makes no dialog, and so is not sent again from here:
  /// RetransmissionDue after T1, then twice as long each time up to T2, until its ACK comes or
  /// 64 * T1 are over; respond() may then be called with a 2xx again. Refused: it is no INVITE that
  /// waits ("transaction"), or it is of a dialog, or makes one ("dialog").
  Result<void> alert_retransmissions(TransactionId invite);
  /// As of Endpoint: its end is told. A BYE ends the session all the same: RFC 3261 §15.1.2.
  void forget(TransactionId transaction);
  /// As of Endpoint. By its T1 and T2 go, too, what is sent again for an INVITE from here: a 2xx of
  /// ours and a reliable provisional response, of those that are sent afterwards; and 64 * T1 is
  /// how long their ACK and PRACK, and our own ACK, may take.
  Result<void> set_timers(TransactionId transaction, const transaction::Timers& timers, Time now);
  std::optional<transaction::Timers> timers(TransactionId transaction) const;
  /// As Endpoint::send(): without a transaction.
  void forward(const Flow& flow, sip::Message message);

  /// DialogPolicy::manual: what this transaction's responses make are dialogs. Refused where one
  /// with a To tag was sent or received already, and for methods that make none.
  Result<void> begin_dialog(TransactionId transaction);
  /// The dialog that a request came or went in, or the first that its responses made; nothing where
  /// there is none yet, or TransactionEnded was polled.
  std::optional<DialogId> dialog_of(TransactionId transaction) const;
  /// Nothing for a dialog that is gone; valid until the next call.
  const dialog::Dialog* dialog(DialogId dialog) const;
  /// RFC 3891 §3, RFC 3911 §4: the dialog that is meant; nothing wants a 481.
  std::optional<DialogId> find(const sip::Replaces& replaces) const;
  std::optional<DialogId> find(const sip::Join& join) const;
  /// Whether the dialog stays when its session ends.
  void keep_after_bye(DialogId dialog, bool keep);
  /// Takes a CSeq number that is used elsewhere. Nothing where none is left, or the dialog is gone.
  std::optional<std::uint32_t> reserve_sequence(DialogId dialog);
  /// Which way its requests go: where the peer was heard from, or as use() says; is_up() tells
  /// whether that is there yet. Nothing for a dialog that is gone.
  std::optional<Flow> flow(DialogId dialog) const;
  /// From now on its requests go this way: when its connection is gone, or the peer is elsewhere.
  void use(DialogId dialog, const Flow& flow);
  /// The dialog ends, without a word to the peer.
  void drop(DialogId dialog);

  /// As of Endpoint.
  std::optional<transaction::State> state(TransactionId transaction) const;
  AgentCounts counts() const;
};

/// The enumerator's own name.
std::string_view to_string(DialogEnding why);

}  // namespace kith::ua
