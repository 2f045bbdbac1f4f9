// What a check looks at on the machine: programs' answers, files, sockets. Passed in, so that tests make up a
// machine of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "tecs/signing_key.hpp"
#include "tools/account.hpp"
#include "tools/program_output.hpp"
#include "tools/socket_programs.hpp"
#include "tools/socket_standing.hpp"

namespace tecs {

// One thread.
struct Machine {
  // The first word is the program, looked for in PATH. Fails when it cannot be run, not when it complains.
  std::function<Expected<ProgramOutput>(const std::vector<std::string>& command)> run_program;
  std::function<Expected<std::string>(const std::string& path)> read_file;
  // The files whose names fit a pattern such as "/usr/lib/*/sasl2/x.conf", in the order of their names.
  std::function<std::vector<std::string>(const std::string& pattern)> find_files;
  // Whether this user can connect to the socket at this path.
  std::function<SocketStanding(const std::string& path, const std::string& user)> socket_standing;
  std::function<std::optional<Account>(const std::string& user)> find_account{};
  // Whether this user can read the file at this path; the error says why not.
  std::function<Expected<void>(const std::string& path, const std::string& user)> can_read{};
  // A private key, by the rules of all programs that sign.
  std::function<Expected<SigningKey>(const std::string& path)> read_key{};
  // The names of the programs that have the socket of this inode open; empty when that is not to be seen.
  std::function<std::vector<std::string>(std::uint64_t inode)> programs_with_socket{};
};

}  // namespace tecs
