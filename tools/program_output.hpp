// What another program prints, within bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

inline constexpr int program_not_found = -1;

struct ProgramOutput {
  // 128 + N when signal N ended it; program_not_found when there is no such program, and err says so.
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct ProgramLimits {
  std::size_t octets = std::size_t{64} * 1024 * 1024;  // of out and err together
  std::chrono::milliseconds time = std::chrono::seconds(20);
};

// Runs the program with nothing to read and waits for its end. The first word is looked for in PATH, then in
// /usr/sbin and /sbin, which users do not have there. No shell is involved. Fails with io_error when it
// cannot be started though it is there, or when it was ended because it exceeded a limit. Any thread.
[[nodiscard]] Expected<ProgramOutput> run_program(const std::vector<std::string>& command,
                                                  const ProgramLimits& limits = {});

}  // namespace tecs
