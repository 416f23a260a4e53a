#pragma once

#include <cstdint>

/// Bits of NegotiateFlags; [MS-NLMP] §2.2.2.5.
namespace kith::auth::ntlm::flag {

inline constexpr std::uint32_t unicode = 0x0000'0001;
inline constexpr std::uint32_t request_target = 0x0000'0004;
inline constexpr std::uint32_t sign = 0x0000'0010;
inline constexpr std::uint32_t datagram = 0x0000'0040;
inline constexpr std::uint32_t lm_key = 0x0000'0080;
inline constexpr std::uint32_t ntlm = 0x0000'0200;
inline constexpr std::uint32_t anonymous = 0x0000'0800;
inline constexpr std::uint32_t always_sign = 0x0000'8000;
inline constexpr std::uint32_t extended_session_security = 0x0008'0000;
inline constexpr std::uint32_t identify = 0x0010'0000;
inline constexpr std::uint32_t target_info = 0x0080'0000;
inline constexpr std::uint32_t version = 0x0200'0000;
inline constexpr std::uint32_t key_128 = 0x2000'0000;
inline constexpr std::uint32_t key_exch = 0x4000'0000;
inline constexpr std::uint32_t key_56 = 0x8000'0000;

/// What a server offers: connectionless, signed, with a session key that the client chooses.
inline constexpr std::uint32_t offered = unicode | request_target | sign | datagram | ntlm |
                                         always_sign | extended_session_security | identify |
                                         target_info | version | key_128 | key_exch | key_56;

/// Without these nothing can be signed the way SIP wants it.
inline constexpr std::uint32_t required = unicode | sign | datagram | ntlm;

}  // namespace kith::auth::ntlm::flag
