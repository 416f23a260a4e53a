#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "kith/base/address.h"
#include "kith/capture/capture.h"
#include "tools/kith/message_source.h"
#include "tools/kith/options.h"

namespace kith::tool {

/// A message on its way; or, where `remark` is not empty, something that is to be said instead.
struct Arrow {
  Time time{};
  std::size_t from = 0;  // of Ladder::participants
  std::size_t to = 0;
  std::size_t call = 0;  // of Ladder::calls
  std::string label{};   // "INVITE 1, sdp", "180 Ringing, 1 INVITE"
  std::string method{};  // of a request
  int status = 0;        // of a response
  std::string reason{};
  std::string cseq{};
  std::string first_line{};
  Transport transport = Transport::udp;
  bool again = false;  // the same bytes went the same way before
  std::string remark{};
};

struct Ladder {
  std::vector<std::string> participants;  // from left to right
  std::vector<std::string> calls;         // Call-IDs, in the order of their first messages
  std::vector<Arrow> arrows;              // in the order of time
};

/// What is told of a ladder beforehand.
struct LadderShape {
  bool by_host = false;
  std::string call_id;
  std::map<std::string, std::string> names;  // of what a participant would be called otherwise
};

/// Makes a ladder of the messages of files. What two of them hold, as the traces of both ends do,
/// is one arrow.
class LadderBuilder {
 public:
  explicit LadderBuilder(LadderShape shape) : shape_(std::move(shape)) {}

  void next_file();
  void add(const SourceItem& item);
  void add(const capture::Remark& remark);

  std::size_t messages_of_file() const { return messages_; }  // drawn or not
  bool placeless() const { return placeless_; }  // the file has messages without time and address

  /// Refused if there is too much to draw.
  Maybe<Ladder> finish();

 private:
  using Key = std::tuple<Address, Address, Transport, std::string>;  // the last: the bytes

  std::string name_of(const Address& address) const;
  std::size_t participant(const Address& address);
  std::size_t call_of(const std::string& call_id);

  LadderShape shape_;
  Ladder ladder_;
  std::map<std::string, std::size_t> participants_;
  std::map<std::string, std::size_t> calls_;
  std::map<Key, std::vector<std::size_t>> sent_;  // arrows with these bytes
  std::map<Key, std::size_t> sent_in_file_;       // how often they are in this file
  std::vector<const Key*> keys_;                  // of each arrow; null of a remark
  std::size_t messages_ = 0;
  std::size_t files_ = 0;
  bool placeless_ = false;
  bool too_many_ = false;
};

}  // namespace kith::tool
