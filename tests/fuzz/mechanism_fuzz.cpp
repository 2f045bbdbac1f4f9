// Clients, a server, and what passes between them changed on its way: see mechanism_world.hpp for what must
// hold.
#include <cstdint>

#include "fuzz/mechanism_world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  test::Choices choices(text_of({input, size}));
  test::MechanismWorld world(choices);
  constexpr int most = 40;  // steps, as each may take a signature and a verification
  for (int steps = 0; steps < most && !choices.over(); ++steps) world.step();
  return 0;
}
