// An envelope with any of the operations: what is read is written so that it reads as the same.

#include "fuzz/target.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"

using namespace kith;

namespace {

template <soap::Operation X>
void turn_round(std::string_view document) {
  const Result<X> operation = soap::read<X>(document);
  if (!operation) return;
  const std::string once = soap::envelope(*operation);
  const Result<X> again = soap::read<X>(once);
  ensure(again.has_value());
  ensure(*again == *operation);
  ensure(soap::envelope(*again) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document = fuzz::text_of(data, size);
  turn_round<soap::AddGroup>(document);
  turn_round<soap::AddGroupResponse>(document);
  turn_round<soap::DeleteContact>(document);
  turn_round<soap::DeleteGroup>(document);
  turn_round<soap::ModifyGroup>(document);
  turn_round<soap::SetContact>(document);
  return 0;
}
