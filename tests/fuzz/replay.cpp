// Gives a fuzzer's seeds, and what it once found, to a build without libFuzzer. Ends with 1 when a folder
// holds no file, which would be a test of nothing; whatever is wrong ends in std::abort() or in a sanitizer's
// report.
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size);

namespace {

int replay(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string octets{std::istreambuf_iterator<char>(file), {}};
    std::cout << entry.path().filename().string() << std::endl;  // flushed: the last one is the culprit
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
    ++count;
  }
  if (count == 0) std::cerr << "replay: no file in " << folder << "\n";
  return count == 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count == 2) return replay(arguments[1]);
    std::cerr << "Usage: replay-NAME FOLDER\n";
    return 64;
  } catch (const std::exception& failure) {
    std::cerr << "replay: " << failure.what() << "\n";
    return 66;
  }
}
