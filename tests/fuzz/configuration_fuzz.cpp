// The configuration files of both daemons and of the client's plugin, and the signer's file of destinations.
// A complaint names the file; what is good for one reading is good for the next, and the same.
#include <array>
#include <cstdlib>
#include <sstream>
#include <string>

#include "fuzz/memory_file.hpp"
#include "milter/options.hpp"
#include "sasl/client_configuration.hpp"
#include "signer/destination_table.hpp"
#include "signer/signer_options.hpp"
#include "tecs/octets.hpp"

namespace {

using namespace tecs;

void demand(bool holds) {
  if (!holds) std::abort();
}

// Sentences go to the log. Some are of an option that is missing everywhere, and name that.
void look_at(const Error& error) {
  demand(error.reason == Reason::bad_option && !error.sentence.empty());
  for (const char c : error.sentence) demand(c >= ' ' && c <= '~');
}

template <typename Read>
void read_twice(const Read& read) {
  const auto first = read();
  const auto second = read();
  demand(first.has_value() == second.has_value());
  if (first) return;
  look_at(first.error());
  demand(first.error().sentence == second.error().sentence);
}

void read_daemons(std::string_view text) {
  const test::MemoryFile file(text);
  const std::string path = file.path();
  const std::array<const char*, 2> arguments{"--config", path.c_str()};
  read_twice([&] { return read_milter_options(arguments, "mx.example.net"); });
  read_twice([&] { return read_signer_options(arguments); });
}

void read_plugin(std::string_view text) {
  read_twice([&] {
    std::istringstream stream{std::string(text)};
    return ClientConfiguration::read(stream, "file");
  });
}

void read_destinations(std::string_view text) {
  read_twice([&] { return DestinationTable::parse(text, "file", DestinationPolicy{}); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view text = text_of({input, size});
  read_daemons(text);
  read_plugin(text);
  read_destinations(text);
  return 0;
}
