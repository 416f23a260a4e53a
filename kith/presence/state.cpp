#include "kith/presence/state.h"

namespace kith::presence {

Reach reach_of(Availability availability) {
  if (availability.value < 100) return Reach::none;
  if (availability.value < 200) return Reach::uncertain;
  return availability.value < 300 ? Reach::connected : Reach::near;
}

Doing doing_of(Activity activity) {
  if (activity.value < 100) return Doing::unknown;
  if (activity.value < 150) return Doing::away;
  if (activity.value < 200) return Doing::out_to_lunch;
  if (activity.value < 300) return Doing::idle;
  if (activity.value < 400) return Doing::be_right_back;
  if (activity.value < 500) return Doing::active;
  if (activity.value < 600) return Doing::in_a_call;
  if (activity.value < 700) return Doing::busy;
  return activity.value < 800 ? Doing::away : Doing::active;
}

}  // namespace kith::presence
