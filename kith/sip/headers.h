#pragma once

// Every header that has a type, for those who want them all.
#include "kith/sip/header/accept.h"
#include "kith/sip/header/allow.h"
#include "kith/sip/header/allow_events.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/date.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/min_expires.h"
#include "kith/sip/header/ms_diagnostics.h"
#include "kith/sip/header/ms_keep_alive.h"
#include "kith/sip/header/ms_piggyback_cseq.h"
#include "kith/sip/header/p_asserted_identity.h"
#include "kith/sip/header/p_preferred_identity.h"
#include "kith/sip/header/presence_state.h"
#include "kith/sip/header/proxy_authenticate.h"
#include "kith/sip/header/proxy_authentication_info.h"
#include "kith/sip/header/proxy_authorization.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/record_route.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/server.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/unsupported.h"
#include "kith/sip/header/user_agent.h"
#include "kith/sip/header/via.h"
#include "kith/sip/header/warning.h"
#include "kith/sip/header/www_authenticate.h"

namespace kith::sip {

template <class... T>
struct TypeList {};

/// All of them, in the order of their files: what finds a header by its name at run time walks it.
// clang-format off
using AllHeaders = TypeList<
    Accept,
    Allow,
    AllowEvents,
    AuthenticationInfo,
    Authorization,
    CallId,
    Contact,
    ContentLength,
    ContentType,
    CSeq,
    Date,
    Event,
    Expires,
    From,
    MaxForwards,
    MinExpires,
    MsDiagnostics,
    MsKeepAlive,
    MsPiggybackCseq,
    PAssertedIdentity,
    PPreferredIdentity,
    PresenceState,
    ProxyAuthenticate,
    ProxyAuthenticationInfo,
    ProxyAuthorization,
    ProxyRequire,
    RecordRoute,
    Require,
    RetryAfter,
    Route,
    Server,
    SubscriptionState,
    Supported,
    To,
    Unsupported,
    UserAgent,
    Via,
    Warning,
    WwwAuthenticate>;
// clang-format on

}  // namespace kith::sip
