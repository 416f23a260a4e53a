#pragma once

namespace kith::sip {

/// The status codes that have a reason_phrase() of their own: RFC 3261 §21 and what later RFCs
/// added. Any other number from 100 to 699 is as good a status.
namespace status_code {

inline constexpr int trying = 100;
inline constexpr int ringing = 180;
inline constexpr int call_is_being_forwarded = 181;
inline constexpr int queued = 182;
inline constexpr int session_progress = 183;
inline constexpr int early_dialog_terminated = 199;

inline constexpr int ok = 200;
inline constexpr int accepted = 202;
inline constexpr int no_notification = 204;

inline constexpr int multiple_choices = 300;
inline constexpr int moved_permanently = 301;
inline constexpr int moved_temporarily = 302;
inline constexpr int use_proxy = 305;
inline constexpr int alternative_service = 380;

inline constexpr int bad_request = 400;
inline constexpr int unauthorized = 401;
inline constexpr int payment_required = 402;
inline constexpr int forbidden = 403;
inline constexpr int not_found = 404;
inline constexpr int method_not_allowed = 405;
inline constexpr int not_acceptable = 406;
inline constexpr int proxy_authentication_required = 407;
inline constexpr int request_timeout = 408;
inline constexpr int conflict = 409;
inline constexpr int gone = 410;
inline constexpr int conditional_request_failed = 412;
inline constexpr int request_entity_too_large = 413;
inline constexpr int request_uri_too_long = 414;
inline constexpr int unsupported_media_type = 415;
inline constexpr int unsupported_uri_scheme = 416;
inline constexpr int unknown_resource_priority = 417;
inline constexpr int bad_extension = 420;
inline constexpr int extension_required = 421;
inline constexpr int session_interval_too_small = 422;
inline constexpr int interval_too_brief = 423;
inline constexpr int bad_location_information = 424;
inline constexpr int use_identity_header = 428;
inline constexpr int provide_referrer_identity = 429;
inline constexpr int flow_failed = 430;
inline constexpr int anonymity_disallowed = 433;
inline constexpr int bad_identity_info = 436;
inline constexpr int unsupported_credential = 437;
inline constexpr int invalid_identity_header = 438;
inline constexpr int first_hop_lacks_outbound_support = 439;
inline constexpr int max_breadth_exceeded = 440;
inline constexpr int bad_info_package = 469;
inline constexpr int consent_needed = 470;
inline constexpr int temporarily_unavailable = 480;
inline constexpr int call_or_transaction_does_not_exist = 481;
inline constexpr int loop_detected = 482;
inline constexpr int too_many_hops = 483;
inline constexpr int address_incomplete = 484;
inline constexpr int ambiguous = 485;
inline constexpr int busy_here = 486;
inline constexpr int request_terminated = 487;
inline constexpr int not_acceptable_here = 488;
inline constexpr int bad_event = 489;
inline constexpr int request_pending = 491;
inline constexpr int undecipherable = 493;
inline constexpr int security_agreement_required = 494;

inline constexpr int server_internal_error = 500;
inline constexpr int not_implemented = 501;
inline constexpr int bad_gateway = 502;
inline constexpr int service_unavailable = 503;
inline constexpr int server_timeout = 504;
inline constexpr int version_not_supported = 505;
inline constexpr int message_too_large = 513;
inline constexpr int precondition_failure = 580;

inline constexpr int busy_everywhere = 600;
inline constexpr int decline = 603;
inline constexpr int does_not_exist_anywhere = 604;
inline constexpr int session_not_acceptable = 606;
inline constexpr int unwanted = 607;
inline constexpr int rejected = 608;

}  // namespace status_code

}  // namespace kith::sip
