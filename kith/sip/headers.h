#pragma once

#include <string_view>
#include <type_traits>

#include "kith/base/text.h"
// Every header that has a type, for those who want them all.
#include "kith/sip/header/accept.h"
#include "kith/sip/header/accept_contact.h"
#include "kith/sip/header/accept_encoding.h"
#include "kith/sip/header/accept_language.h"
#include "kith/sip/header/accept_resource_priority.h"
#include "kith/sip/header/alert_info.h"
#include "kith/sip/header/allow.h"
#include "kith/sip/header/allow_events.h"
#include "kith/sip/header/answer_mode.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/call_info.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/content_disposition.h"
#include "kith/sip/header/content_encoding.h"
#include "kith/sip/header/content_id.h"
#include "kith/sip/header/content_language.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/content_transfer_encoding.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/date.h"
#include "kith/sip/header/endpoints.h"
#include "kith/sip/header/error_info.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/feature_caps.h"
#include "kith/sip/header/flow_timer.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/geolocation.h"
#include "kith/sip/header/geolocation_error.h"
#include "kith/sip/header/geolocation_routing.h"
#include "kith/sip/header/history_info.h"
#include "kith/sip/header/identity.h"
#include "kith/sip/header/identity_info.h"
#include "kith/sip/header/in_reply_to.h"
#include "kith/sip/header/info_package.h"
#include "kith/sip/header/join.h"
#include "kith/sip/header/max_breadth.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/mime_version.h"
#include "kith/sip/header/min_expires.h"
#include "kith/sip/header/min_se.h"
#include "kith/sip/header/ms_conversation_id.h"
#include "kith/sip/header/ms_diagnostics.h"
#include "kith/sip/header/ms_diagnostics_public.h"
#include "kith/sip/header/ms_keep_alive.h"
#include "kith/sip/header/ms_piggyback_cseq.h"
#include "kith/sip/header/ms_text_format.h"
#include "kith/sip/header/ms_user_logon_data.h"
#include "kith/sip/header/organization.h"
#include "kith/sip/header/p_access_network_info.h"
#include "kith/sip/header/p_answer_state.h"
#include "kith/sip/header/p_asserted_identity.h"
#include "kith/sip/header/p_asserted_service.h"
#include "kith/sip/header/p_associated_uri.h"
#include "kith/sip/header/p_called_party_id.h"
#include "kith/sip/header/p_charging_function_addresses.h"
#include "kith/sip/header/p_charging_vector.h"
#include "kith/sip/header/p_early_media.h"
#include "kith/sip/header/p_media_authorization.h"
#include "kith/sip/header/p_preferred_identity.h"
#include "kith/sip/header/p_preferred_registrar.h"
#include "kith/sip/header/p_preferred_service.h"
#include "kith/sip/header/p_profile_key.h"
#include "kith/sip/header/p_served_user.h"
#include "kith/sip/header/p_user_database.h"
#include "kith/sip/header/p_visited_network_id.h"
#include "kith/sip/header/path.h"
#include "kith/sip/header/permission_missing.h"
#include "kith/sip/header/presence_state.h"
#include "kith/sip/header/priority.h"
#include "kith/sip/header/priv_answer_mode.h"
#include "kith/sip/header/privacy.h"
#include "kith/sip/header/proxy_authenticate.h"
#include "kith/sip/header/proxy_authentication_info.h"
#include "kith/sip/header/proxy_authorization.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/rack.h"
#include "kith/sip/header/reason.h"
#include "kith/sip/header/record_route.h"
#include "kith/sip/header/recv_info.h"
#include "kith/sip/header/refer_sub.h"
#include "kith/sip/header/refer_to.h"
#include "kith/sip/header/references.h"
#include "kith/sip/header/referred_by.h"
#include "kith/sip/header/reject_contact.h"
#include "kith/sip/header/replaces.h"
#include "kith/sip/header/reply_to.h"
#include "kith/sip/header/request_disposition.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/resource_priority.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/roster_manager.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/security_client.h"
#include "kith/sip/header/security_server.h"
#include "kith/sip/header/security_verify.h"
#include "kith/sip/header/server.h"
#include "kith/sip/header/service_route.h"
#include "kith/sip/header/session_expires.h"
#include "kith/sip/header/session_id.h"
#include "kith/sip/header/sip_etag.h"
#include "kith/sip/header/sip_if_match.h"
#include "kith/sip/header/subject.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/suppress_if_match.h"
#include "kith/sip/header/target_dialog.h"
#include "kith/sip/header/timestamp.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/trigger_consent.h"
#include "kith/sip/header/triggered_invite.h"
#include "kith/sip/header/unsupported.h"
#include "kith/sip/header/user_agent.h"
#include "kith/sip/header/user_to_user.h"
#include "kith/sip/header/via.h"
#include "kith/sip/header/warning.h"
#include "kith/sip/header/www_authenticate.h"

namespace kith::sip {

/// Types, to be walked at compile time.
template <class... T>
struct TypeList {};

/// All of them, in the order of their files: what finds a header by its name at run time walks it.
// clang-format off
using AllHeaders = TypeList<
    Accept,
    AcceptContact,
    AcceptEncoding,
    AcceptLanguage,
    AcceptResourcePriority,
    AlertInfo,
    Allow,
    AllowEvents,
    AnswerMode,
    AuthenticationInfo,
    Authorization,
    CallId,
    CallInfo,
    Contact,
    ContentDisposition,
    ContentEncoding,
    ContentId,
    ContentLanguage,
    ContentLength,
    ContentTransferEncoding,
    ContentType,
    CSeq,
    Date,
    Endpoints,
    ErrorInfo,
    Event,
    Expires,
    FeatureCaps,
    FlowTimer,
    From,
    Geolocation,
    GeolocationError,
    GeolocationRouting,
    HistoryInfo,
    Identity,
    IdentityInfo,
    InfoPackage,
    InReplyTo,
    Join,
    MaxBreadth,
    MaxForwards,
    MimeVersion,
    MinExpires,
    MinSE,
    MsConversationId,
    MsDiagnostics,
    MsDiagnosticsPublic,
    MsKeepAlive,
    MsPiggybackCseq,
    MsTextFormat,
    MsUserLogonData,
    Organization,
    PAccessNetworkInfo,
    PAnswerState,
    PAssertedIdentity,
    PAssertedService,
    PAssociatedUri,
    Path,
    PCalledPartyId,
    PChargingFunctionAddresses,
    PChargingVector,
    PEarlyMedia,
    PermissionMissing,
    PMediaAuthorization,
    PPreferredIdentity,
    PPreferredRegistrar,
    PPreferredService,
    PProfileKey,
    PresenceState,
    Priority,
    Privacy,
    PrivAnswerMode,
    ProxyAuthenticate,
    ProxyAuthenticationInfo,
    ProxyAuthorization,
    ProxyRequire,
    PServedUser,
    PUserDatabase,
    PVisitedNetworkId,
    RAck,
    Reason,
    RecordRoute,
    RecvInfo,
    References,
    ReferredBy,
    ReferSub,
    ReferTo,
    RejectContact,
    Replaces,
    ReplyTo,
    RequestDisposition,
    Require,
    ResourcePriority,
    RetryAfter,
    RosterManager,
    Route,
    RSeq,
    SecurityClient,
    SecurityServer,
    SecurityVerify,
    Server,
    ServiceRoute,
    SessionExpires,
    SessionId,
    SipETag,
    SipIfMatch,
    Subject,
    SubscriptionState,
    Supported,
    SuppressIfMatch,
    TargetDialog,
    Timestamp,
    To,
    TriggerConsent,
    TriggeredInvite,
    Unsupported,
    UserAgent,
    UserToUser,
    Via,
    Warning,
    WwwAuthenticate>;
// clang-format on

namespace detail {

/// The same as below, of the headers in the list; the first that has the name.
template <class Visit, class... H>
bool visit_header_type(std::string_view name, Visit& visit, TypeList<H...>) {
  const auto is_named = [name](const HeaderName& header) {
    return equal_ignoring_case(name, header.full) ||
           (name.size() == 1 && to_lower(name.front()) == header.compact);
  };
  return ((is_named(H::name) && (visit(std::type_identity<H>{}), true)) || ...);
}

}  // namespace detail

/// Calls visit(std::type_identity<H>{}) with the header that has this name, in full or compact, in
/// any case. False if none has it. Every header is compiled into the visitor; see any_header.h for
/// what needs none.
template <class Visit>
bool visit_header_type(std::string_view name, Visit&& visit) {
  return detail::visit_header_type(name, visit, AllHeaders{});
}

}  // namespace kith::sip
