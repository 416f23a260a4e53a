#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace kith::net {

/// The SIP domains that a certificate stands for, as it writes them: those of its sip URIs; without
/// any its DNS names; and the common name only where it has no subjectAltName at all.
/// RFC 5922 §7.1
std::vector<std::string> sip_domains(const x509_st* certificate);

/// Whole names, without regard to case: "*.example.com" stands for nothing but itself.
/// RFC 5922 §7.2
bool stands_for(std::span<const std::string> sip_domains, std::string_view domain);

/// Whether the certificate says that its purpose is SIP (id-kp-sipDomain): RFC 5922 §7.1. Many that
/// may be used for SIP say something else, or nothing.
bool is_for_sip(const x509_st* certificate);

}  // namespace kith::net
