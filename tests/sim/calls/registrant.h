#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "kith/ua/registration.h"
#include "tests/sim/calls/people.h"

namespace kith::calls {

/// Keeps a registration of somebody alive, over a flow that breaks now and then, and gives it up in
/// the end.
class Registrant {
 public:
  /// `person` sends its requests.
  Registrant(Person& person, Net& net, Agenda& agenda, std::uint16_t proxy);

  void start();
  std::size_t times_registered() const { return registered_; }
  /// What did not come to its end.
  void judge(std::string_view who, std::vector<std::string>& failures) const;

 private:
  void on(const ua::Event& event);
  void take(const ua::Registration::Output& output);
  /// After something was said to the registration: does what it asks, until it is silent.
  void drain();
  void give_up();
  void break_flow();

  Person& person_;
  Net& net_;
  Agenda& agenda_;
  std::uint16_t proxy_;
  SeededRandom random_;
  ua::Registration registration_;
  std::map<ua::TransactionId, std::uint32_t> asked_{};  // and the CSeq number of each
  Time armed_ = never;
  std::size_t registered_ = 0;
  std::size_t ended_ = 0;
  bool started_ = false;
};

}  // namespace kith::calls
