// The files of a receiver that are lists: networks and domains that are exempt or relayed for, and
// reputation. What was read is found again, and every complaint names the file.
#include <cstdlib>
#include <string>

#include "fuzz/memory_file.hpp"
#include "milter/policy/domain_list.hpp"
#include "milter/policy/list_file.hpp"
#include "milter/policy/network_list.hpp"
#include "program/text_lines.hpp"
#include "tecs/octets.hpp"
#include "verdicts/reputation_file.hpp"

namespace {

using namespace tecs;

void demand(bool holds) {
  if (!holds) std::abort();
}

void look_at(const Error& error, const std::string& name) {
  demand(error.reason == Reason::bad_option && error.sentence.starts_with(name + ":"));
  for (const char c : error.sentence) demand(c >= ' ' && c <= '~');
}

void add_to_lists(const std::string& word) {
  DomainList domains;
  if (domains.add(word)) {
    const bool below = word.starts_with('.');
    const auto itself = Domain::parse(below ? word.substr(1) : word);
    const auto child = Domain::parse((below ? "x" : "x.") + word);
    demand(domains.size() == 1 && itself && domains.contains(*itself) == !below);
    if (child) demand(domains.contains(*child) == below);
  }
  NetworkList networks;
  if (networks.add(word)) {
    const auto address = IpAddress::parse(word.substr(0, word.find('/')));
    demand(networks.size() == 1 && address && networks.contains(*address));
  }
}

void load_reputation(std::string_view text) {
  const test::MemoryFile file(text);
  const auto loaded = ReputationFile::load(file.path());
  if (!loaded) return look_at(loaded.error(), file.path());
  const auto words = text_lines(text, "list", {});
  if (!words) return;
  for (const TextLine& line : *words) {
    const auto found = (*loaded)->lookup(std::string(words_of_line(line.content).front()), {});
    demand(found.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view text = text_of({input, size});
  if (const auto words = read_list(text, "list")) {
    unsigned last = 0;
    for (const ListWord& word : *words) {
      demand(word.line > last && !word.text.empty());
      last = word.line;
      add_to_lists(word.text);
    }
  } else {
    look_at(words.error(), "list");
  }
  load_reputation(text);
  return 0;
}
