#include "kith/gssapi/initiator.h"

#include <utility>

#include "kith/gssapi/handles.h"

namespace kith::gssapi {

namespace {

using auth::InitiateFailure;

InitiateFailure failure(OM_uint32 major, OM_uint32 minor, std::string_view targetname) {
  const std::string text = describe(major, minor);
  const auto because = [&](std::string sentence) {
    return InitiateFailure{.detail = std::move(sentence) + " (" + text + ")"};
  };
  const std::string target(targetname);
  switch (static_cast<krb5_error_code>(minor)) {
    case KRB5KRB_AP_ERR_TKT_EXPIRED:
      return because("the Kerberos ticket has expired: run kinit");
    case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
      return because("the Kerberos realm does not know the service " + target);
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_UNKNOWN:
    case KRB5_REALM_CANT_RESOLVE:
      return because("no key distribution centre answers");
    case KRB5KRB_AP_ERR_SKEW:
      return because("this machine's clock differs from that of the Kerberos realm");
    default:
      break;
  }
  if (GSS_ROUTINE_ERROR(major) == GSS_S_CREDENTIALS_EXPIRED)
    return because("the Kerberos ticket has expired: run kinit");
  if (GSS_ROUTINE_ERROR(major) == GSS_S_NO_CRED)
    return because("there is no Kerberos ticket: run kinit");
  return because("no Kerberos token for " + target);
}

OM_uint32 acquire(OM_uint32* minor, const std::string& cache, Credential& credential) {
  gss_key_value_element_desc element{"ccache", cache.c_str()};
  const gss_key_value_set_desc store{cache.empty() ? 0U : 1U, &element};
  gss_OID_set_desc mechanisms{
      1, const_cast<gss_OID>(gss_mech_krb5)};  // NOLINT: the library reads only
  return gss_acquire_cred_from(minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE,
                               &store, credential.out(), nullptr, nullptr);
}

}  // namespace

std::expected<auth::Initiated, InitiateFailure> Initiator::initiate(std::string_view targetname) {
  OM_uint32 minor = 0;
  Credential credential;
  OM_uint32 major = acquire(&minor, cache_, credential);
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, targetname));

  std::string service(targetname);  // "sip/host" here is "sip@host" there
  if (const std::size_t slash = service.find('/'); slash != std::string::npos) service[slash] = '@';
  gss_buffer_desc text = borrowed(service);
  Name name;
  major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, name.out());
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, targetname));

  auto context = std::make_unique<SecurityContext>();
  Buffer token;
  OM_uint32 seconds = 0;
  // No mutual authentication: there is no message for the answer, the server's signature proves it.
  // No replay or sequence detection: messages may overtake each other.
  major = gss_init_sec_context(
      &minor, credential.get(), context->out(), name.get(),
      const_cast<gss_OID>(gss_mech_krb5),  // NOLINT: the library reads only
      GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG, GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS,
      GSS_C_NO_BUFFER, nullptr, token.out(), nullptr, &seconds);
  if (GSS_ERROR(major)) return std::unexpected(failure(major, minor, targetname));
  return auth::Initiated{.token = std::string(view(token.get())),
                         .context = wrap_context(std::move(context)),
                         .expires = expiry(now_(), seconds)};
}

std::string Initiator::principal() const {
  OM_uint32 minor = 0;
  Credential credential;
  if (GSS_ERROR(acquire(&minor, cache_, credential))) return {};
  Name name;
  Buffer text;
  if (GSS_ERROR(
          gss_inquire_cred(&minor, credential.get(), name.out(), nullptr, nullptr, nullptr)) ||
      GSS_ERROR(gss_display_name(&minor, name.get(), text.out(), nullptr)))
    return {};
  return std::string(view(text.get()));
}

}  // namespace kith::gssapi
