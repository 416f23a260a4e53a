#include "kith/gssapi/handles.h"

#include <utility>

namespace kith::gssapi {

namespace {

class GssContext final : public auth::Context {
 public:
  explicit GssContext(std::unique_ptr<SecurityContext> context) : context_(std::move(context)) {}

  std::string mic(std::string_view text) override {
    gss_buffer_desc message = borrowed(text);
    Buffer token;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_get_mic(&minor, context_->get(), GSS_C_QOP_DEFAULT, &message, token.out())))
      return {};
    return std::string(view(token.get()));
  }

  bool verify(std::string_view text, std::string_view mic) override {
    gss_buffer_desc message = borrowed(text);
    gss_buffer_desc token = borrowed(mic);
    OM_uint32 minor = 0;
    // That a token is old or out of sequence is no error here: cnum and snum tell replays, and
    // messages may overtake each other.
    return !GSS_ERROR(gss_verify_mic(&minor, context_->get(), &message, &token, nullptr));
  }

 private:
  std::unique_ptr<SecurityContext> context_;
};

std::string status_text(OM_uint32 code, int type) {
  std::string text;
  OM_uint32 more = 0;
  do {
    Buffer line;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_display_status(&minor, code, type, gss_mech_krb5, &more, line.out()))) break;
    if (!text.empty()) text += "; ";
    text += view(line.get());
  } while (more != 0);
  return text;
}

}  // namespace

std::string describe(OM_uint32 major, OM_uint32 minor) {
  return minor != 0 ? status_text(minor, GSS_C_MECH_CODE) : status_text(major, GSS_C_GSS_CODE);
}

std::unique_ptr<auth::Context> wrap_context(std::unique_ptr<SecurityContext> context) {
  return std::make_unique<GssContext>(std::move(context));
}

Time expiry(Time now, OM_uint32 seconds) {
  return seconds == GSS_C_INDEFINITE ? never : now + std::chrono::seconds(seconds);
}

std::string Krb5::describe(krb5_error_code code) const {
  const char* message = krb5_get_error_message(context, code);
  std::string text(message);
  krb5_free_error_message(context, message);
  return text;
}

}  // namespace kith::gssapi
