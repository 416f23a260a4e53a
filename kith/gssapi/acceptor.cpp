#include "kith/gssapi/acceptor.h"

#include <array>
#include <utility>

#include "kith/gssapi/handles.h"
#include "kith/gssapi/keytab.h"

namespace kith::gssapi {

namespace {

using auth::AcceptFailure;
using Kind = AcceptFailure::Kind;

struct Cause {
  Kind kind;
  std::string_view remedy;
};

/// Whether the token cannot even be taken apart; these codes have a table of their own.
bool is_malformed(OM_uint32 minor) {
  constexpr OM_uint32 table_size = 256;
  return minor - static_cast<OM_uint32>(ASN1_BAD_TIMEFORMAT) < table_size;
}

/// What an error of the library means to an operator. The codes of krb5.h are negative 32-bit
/// numbers.
Cause cause_of(OM_uint32 major, OM_uint32 minor) {
  switch (static_cast<krb5_error_code>(minor)) {
    case KRB5KRB_AP_ERR_SKEW:
      return {
          Kind::clock_skew,
          "the client's clock and the server's are more than five minutes apart: set both by NTP"};
    case KRB5KRB_AP_ERR_TKT_EXPIRED:
      return {Kind::clock_skew,
              "the ticket has expired: the client needs a new one, or has the wrong time"};
    case KRB5KRB_AP_ERR_TKT_NYV:
      return {Kind::clock_skew, "the ticket is not valid yet: this server's clock is behind"};
    case KRB5KRB_AP_ERR_REPEAT:
      return {Kind::replay, "the same token came before"};
    case KRB5KRB_AP_ERR_BADKEYVER:
    case KRB5_KT_KVNONOTFOUND:
    case KRB5KRB_AP_ERR_NOKEY:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
    case KRB5KRB_AP_ERR_MODIFIED:
    case KRB5_KT_NOTFOUND:
    case KRB5_PROG_ETYPE_NOSUPP:
    case KRB5_BAD_ENCTYPE:
      return {Kind::wrong_key,
              "the keytab does not have the key (version and type) that the ticket was made with: "
              "export the keytab anew, and have clients sign in again"};
    case KRB5KRB_AP_ERR_NOT_US:
    case KRB5KRB_AP_WRONG_PRINC:
      return {Kind::wrong_principal,
              "the ticket is for another service: the client must ask for this server's principal"};
    case KRB5_BADMSGTYPE:
    case KRB5KRB_AP_ERR_BADVERSION:
    case KRB5KRB_AP_ERR_MSG_TYPE:
      return {Kind::bad_token, "this is no Kerberos token"};
    default:
      break;
  }
  // A token that is cut short fails for no reason: zero, or the number that stands for it.
  constexpr OM_uint32 stand_in_min = 100'000;
  const bool no_reason = minor == 0 || (minor >= stand_in_min && minor < 2 * stand_in_min);
  if (is_malformed(minor) || (no_reason && GSS_ROUTINE_ERROR(major) == GSS_S_FAILURE))
    return {Kind::bad_token, "this is no Kerberos token"};
  switch (GSS_ROUTINE_ERROR(major)) {
    case GSS_S_DUPLICATE_TOKEN:
      return {Kind::replay, "the same token came before"};
    case GSS_S_CREDENTIALS_EXPIRED:
      return {Kind::clock_skew, "the ticket has expired"};
    case GSS_S_DEFECTIVE_TOKEN:
    case GSS_S_DEFECTIVE_CREDENTIAL:
    case GSS_S_BAD_MECH:
    case GSS_S_BAD_BINDINGS:
    case GSS_S_BAD_SIG:
      return {Kind::bad_token, "this is no Kerberos token"};
    case GSS_S_NO_CRED:
      return {Kind::no_keytab, "the keytab cannot be used"};
    default:
      return {Kind::unavailable, "look at krb5.conf, the keytab and the replay cache"};
  }
}

AcceptFailure failure(OM_uint32 major, OM_uint32 minor, std::string_view service) {
  const auto [kind, remedy] = cause_of(major, minor);
  std::string detail(service);
  detail.append(": ").append(describe(major, minor)).append(" (").append(remedy).append(")");
  return {.kind = kind, .detail = std::move(detail)};
}

/// The keys of the service, by way of a credential store: nothing here depends on the environment.
std::expected<void, AcceptFailure> acquire(const AcceptorSettings& settings,
                                           const std::string& service, Credential& credential) {
  OM_uint32 minor = 0;
  gss_buffer_desc text = borrowed(service);
  Name name;
  OM_uint32 major = gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, name.out());
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, service));
  const std::string keytab = "FILE:" + settings.keytab;
  std::array<gss_key_value_element_desc, 2> elements{
      {{"keytab", keytab.c_str()}, {"rcache", settings.replay_cache.c_str()}}};
  const gss_key_value_set_desc store{settings.replay_cache.empty() ? 1U : 2U, elements.data()};
  gss_OID_set_desc mechanisms{
      1, const_cast<gss_OID>(gss_mech_krb5)};  // NOLINT: the library reads only
  major = gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, &mechanisms, GSS_C_ACCEPT,
                                &store, credential.out(), nullptr, nullptr);
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, service));
  return {};
}

}  // namespace

auth::AcceptResult Acceptor::accept(std::string_view token, Time now) const {
  if (token.empty())  // the library takes it for the beginning of another mechanism
    return std::unexpected(AcceptFailure{.kind = Kind::bad_token, .detail = "the token is empty"});
  const auto keytab = check_keytab(settings_.keytab, settings_.principal);
  if (!keytab) return std::unexpected(keytab.error());
  Credential credential;
  if (auto acquired = acquire(settings_, keytab->principal, credential); !acquired)
    return std::unexpected(std::move(acquired.error()));

  auto context = std::make_unique<SecurityContext>();
  gss_buffer_desc input = borrowed(token);
  Name client;
  Buffer answer;
  OM_uint32 minor = 0;
  OM_uint32 flags = 0;
  OM_uint32 seconds = 0;
  const OM_uint32 major = gss_accept_sec_context(&minor, context->out(), credential.get(), &input,
                                                 GSS_C_NO_CHANNEL_BINDINGS, client.out(), nullptr,
                                                 answer.out(), &flags, &seconds, nullptr);
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, keytab->principal));
  if ((major & GSS_S_CONTINUE_NEEDED) != 0 || (flags & GSS_C_INTEG_FLAG) == 0 ||
      (flags & GSS_C_ANON_FLAG) != 0)
    return std::unexpected(
        AcceptFailure{.kind = Kind::bad_token,
                      .detail = "the client wants a handshake of another form than one token"});
  Buffer name;
  if (GSS_ERROR(gss_display_name(&minor, client.get(), name.out(), nullptr)))
    return std::unexpected(failure(GSS_S_FAILURE, minor, keytab->principal));
  return auth::Accepted{.context = wrap_context(std::move(context)),
                        .principal = std::string(view(name.get())),
                        .expires = expiry(now, seconds)};
}

}  // namespace kith::gssapi
