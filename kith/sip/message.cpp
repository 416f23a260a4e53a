#include "kith/sip/message.h"

#include <algorithm>
#include <array>

namespace kith::sip {

int status_of(const Error& error) {
  if (error.where == "SIP-Version") return 505;
  if (error.where == "scheme") return 416;
  if (error.where == "Content-Encoding" && error.fault == Fault::unsupported) return 415;
  if (error.fault == Fault::too_long) {
    if (error.where == "Request-URI") return 414;
    return error.where == "body" ? 413 : 513;
  }
  if (error.fault == Fault::too_many && error.where == "header section") return 513;
  if (error.fault == Fault::forbidden) return 403;
  return 400;
}

namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr auto phrases = std::to_array<Phrase>({
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {424, "Bad Location Information"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {430, "Flow Failed"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity Info"},
    {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
    {608, "Rejected"},
});

}  // namespace

std::string_view reason_phrase(int status) {
  const auto* const known = std::ranges::find(phrases, status, &Phrase::status);
  if (known != phrases.end()) return known->text;
  constexpr std::array<std::string_view, 7> of_class{"",
                                                     "Session Progress",
                                                     "OK",
                                                     "Multiple Choices",
                                                     "Bad Request",
                                                     "Server Internal Error",
                                                     "Busy Everywhere"};
  return status >= 100 && status < 700 ? of_class[static_cast<std::size_t>(status / 100)] : "";
}

}  // namespace kith::sip
