// A file of JSON lines as `tecs verdicts import` reads it. What is let in can be written and read again, is
// let in again as the same, and holds no octet that a terminal or a database minds.
#include <cstdlib>
#include <sstream>
#include <string>

#include "tecs/octets.hpp"
#include "tools/bounded_lines.hpp"
#include "tools/verdict_admission.hpp"
#include "verdicts/verdict_json.hpp"

namespace {

using namespace tecs;

constexpr std::size_t longest_line = 4096;
const Verdict::Time now{std::chrono::seconds{1'700'000'000}};

void demand(bool holds) {
  if (!holds) std::abort();
}

void read(const std::string& line) {
  static const PublicSuffixList suffixes = PublicSuffixList::load().value();
  const auto verdict = parse_json(line);
  if (!verdict) return demand(verdict.error().reason == Reason::protocol_error);
  const auto admitted = admit_verdict(*verdict, suffixes, now);
  if (!admitted) {
    demand(admitted.error().reason == Reason::protocol_error);
    for (const char c : admitted.error().sentence) demand(c >= ' ' && c <= '~');
    return;
  }
  const std::string written = format_json(*admitted);
  for (const char c : written) demand(c >= ' ' && c <= '~');
  const auto again = parse_json(written);
  demand(again && *again == *admitted);
  demand(admit_verdict(*again, suffixes, now) == *admitted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  std::istringstream stream{std::string(text_of({input, size}))};
  BoundedLines lines(stream, longest_line);
  std::uint64_t number = 0;
  while (const auto line = lines.next()) {
    demand(line->number == ++number && line->text.size() <= longest_line);
    demand(!line->too_long || line->text.empty());
    if (!line->too_long) read(line->text);
  }
  return 0;
}
