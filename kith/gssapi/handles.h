#pragma once

#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kith/auth/mechanism.h"
#include "kith/base/time.h"

/// The library's resources as owners. Only for the .cpp files of this room.
namespace kith::gssapi {

/// A name, a credential, a context or a buffer of the library; released when it ends.
template <class Handle, OM_uint32 (*Release)(OM_uint32*, Handle*)>
class Owned {
 public:
  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    OM_uint32 ignored = 0;
    Release(&ignored, &handle_);
  }
  Handle get() const { return handle_; }
  Handle* out() { return &handle_; }

 private:
  Handle handle_{};
};

inline OM_uint32 release_context(OM_uint32* minor, gss_ctx_id_t* context) {
  return gss_delete_sec_context(minor, context, GSS_C_NO_BUFFER);
}

using Name = Owned<gss_name_t, gss_release_name>;
using Credential = Owned<gss_cred_id_t, gss_release_cred>;
using SecurityContext = Owned<gss_ctx_id_t, release_context>;
using Buffer = Owned<gss_buffer_desc, gss_release_buffer>;

inline gss_buffer_desc borrowed(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // NOLINT: the library reads only
}

inline std::string_view view(const gss_buffer_desc& buffer) {
  return {static_cast<const char*>(buffer.value), buffer.length};
}

/// A status of the mechanism if there is one, else that of the interface, in the library's words.
std::string describe(OM_uint32 major, OM_uint32 minor);

/// An established context as auth uses it; takes the context over.
std::unique_ptr<auth::Context> wrap_context(std::unique_ptr<SecurityContext> context);

/// now + seconds, or never for what does not end.
Time expiry(Time now, OM_uint32 seconds);

struct Krb5 {
  Krb5() { error = krb5_init_context(&context); }
  Krb5(const Krb5&) = delete;
  Krb5& operator=(const Krb5&) = delete;
  ~Krb5() {
    if (context != nullptr) krb5_free_context(context);
  }

  std::string describe(krb5_error_code code) const;

  krb5_context context = nullptr;
  krb5_error_code error = 0;
};

}  // namespace kith::gssapi
