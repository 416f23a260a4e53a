#pragma once

#include <cstddef>

/// What may grow in the store, and how far.
namespace kith::store {

/// Batches that wait for the writer; a submission beyond them is answered `refused` at once.
inline constexpr std::size_t queued_batches_max = 16384;
/// Batches that one transaction takes: what keeps a commit well below a second.
inline constexpr std::size_t batches_in_commit_max = 1024;
/// Writes in one batch: a whole request's, an import apart, is a handful.
inline constexpr std::size_t writes_in_batch_max = 256;
/// Bindings that one user may have on disk; the registrar keeps fewer.
inline constexpr std::size_t bindings_per_user_max = 64;
/// Kerberos principals of one account.
inline constexpr std::size_t principals_per_account_max = 16;
/// Bytes of one text field: longer ones are refused, whoever let them come so far.
inline constexpr std::size_t text_bytes_max = 8192;
/// Accounts in one page of a listing.
inline constexpr std::size_t accounts_in_page_max = 1000;

}  // namespace kith::store
