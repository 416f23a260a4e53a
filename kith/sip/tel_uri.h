#pragma once

#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/params.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// telephone-uri        = "tel:" telephone-subscriber
/// telephone-subscriber = global-number / local-number
/// global-number        = global-number-digits *par
/// local-number         = local-number-digits *par context *par
/// par                  = parameter / extension / isdn-subaddress
/// RFC 3966 §3. Telephone numbers are too rare in messages to need a view.
struct TelUri {
  bool global = false;          // begins with "+"
  std::string number;           // without the "+", with its visual separators
  std::string isdn_subaddress;  // with its escapes; empty: none
  std::string extension;        // with its visual separators; empty: none
  std::string phone_context;    // "+49-30" or a domain name; only a global number may lack one
  Params params;                // all others, in the order in which they came

  /// The whole text must be a tel URI. A local number without a phone-context is a leniency.
  static Result<TelUri> parse(std::string_view text, Mode mode = Mode::lenient,
                              Diagnostics* diagnostics = nullptr);
  /// Of a Uri of the scheme tel, or of a SIP URI whose user is a telephone-subscriber: user=phone,
  /// RFC 3261 §19.1.1. Of any other an Error.
  static Result<TelUri> from(const UriView& uri, Mode mode = Mode::lenient,
                             Diagnostics* diagnostics = nullptr);
  /// With the parameters in their canonical order: ext or isub, phone-context, the others by name.
  void write(Writer& out) const;
  std::string to_string() const { return written(*this); }
  /// For a Message or a header: the same as a Uri.
  Uri to_uri() const;

  /// The digits alone: "12015550123", without "+".
  std::string digits() const;
  /// Whether there is a parameter "m-…", which nobody may use without knowing it: RFC 3966 §5.4
  bool has_mandatory_params() const;

  /// The same text in all parts; see equivalent().
  bool operator==(const TelUri&) const = default;
};

/// RFC 3966 §4: visual separators, case and the order of parameters do not count, all parameters
/// do.
bool equivalent(const TelUri& a, const TelUri& b);

}  // namespace kith::sip
