#include "tools/socket_programs.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tecs {
namespace {

namespace fs = std::filesystem;

bool has_open(const fs::path& process, const std::string& socket) {
  std::error_code error;
  fs::directory_iterator descriptors(process / "fd", error);
  for (; !error && descriptors != fs::directory_iterator(); descriptors.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(descriptors->path(), gone) == socket) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> programs_with_socket(std::uint64_t inode) {
  const std::string socket = "socket:[" + std::to_string(inode) + "]";
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator processes("/proc", error);
  for (; !error && processes != fs::directory_iterator(); processes.increment(error)) {
    const std::string number = processes->path().filename();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!has_open(processes->path(), socket)) continue;
    std::ifstream file(processes->path() / "comm");
    std::string name;
    if (std::getline(file, name) && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }
  return names;
}

}  // namespace tecs
