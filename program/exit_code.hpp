// How a program of TECS ends, in the words of <sysexits.h>, so that scripts and MTAs can tell a mistake in
// the configuration from a failure that may pass.
#pragma once

namespace tecs {

enum class ExitCode : int {
  ok = 0,
  failed = 1,          // the answer is no: not verified, nothing found
  usage = 64,          // an option is missing, unknown or wrong
  data_error = 65,     // what was to be read is not in its form
  no_input = 66,       // a file that was named cannot be read
  unavailable = 69,    // something that is needed is not there
  software = 70,       // a bug
  cannot_create = 73,  // a file that was to be written exists or cannot be made
  io_error = 74,
  temporary = 75,  // try again later
  configuration = 78,
};

[[nodiscard]] constexpr int to_int(ExitCode code) noexcept {
  return static_cast<int>(code);
}

}  // namespace tecs
