#include "signer/destination_table.hpp"

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

#include "program/text_lines.hpp"
#include "signer/destination_line.hpp"

namespace tecs {
namespace {

constexpr std::size_t maximum_lines = 100'000;

struct NumberedLine {
  unsigned number;
  DestinationLine line;
};

Expected<std::vector<NumberedLine>> read_lines(std::string_view text, const std::string& name) {
  const auto read = text_lines(text, name, {.maximum_lines = maximum_lines});
  if (!read) return tl::unexpected(read.error());
  std::vector<NumberedLine> lines;
  for (const TextLine& line : *read) {
    auto parsed = DestinationLine::parse(line.content);
    if (!parsed) return failure_in_line(name, line.number, parsed.error());
    lines.push_back({line.number, std::move(*parsed)});
  }
  return lines;
}

}  // namespace

DestinationTable::DestinationTable(DestinationPolicy standard) : standard_(std::move(standard)) {}

Expected<DestinationTable> DestinationTable::parse(std::string_view text, std::string_view file_name,
                                                   const DestinationPolicy& standard) {
  const std::string name(file_name);
  const auto lines = read_lines(text, name);
  if (!lines) return tl::unexpected(lines.error());
  DestinationTable table(standard);
  const auto second = [&name](unsigned number, const std::string& what) {
    return failure_in_line(name, number, {Reason::bad_option, "a second line for " + what});
  };
  bool has_default = false;
  // The default first: the other lines build on it, wherever it stands.
  for (const auto& [number, line] : *lines) {
    if (!std::holds_alternative<AnyDestination>(line.destination)) continue;
    if (std::exchange(has_default, true)) return second(number, "default");
    table.standard_ = line.policy(standard);
  }
  for (const auto& [number, line] : *lines) {
    bool added = true;
    if (const auto* const network = std::get_if<Network>(&line.destination)) {
      added = table.networks_.emplace(*network, line.policy(table.standard_)).second;
      table.bits_.insert(network->bits());
    } else if (const auto* const host = std::get_if<std::string>(&line.destination)) {
      added = table.hosts_.emplace(*host, line.policy(table.standard_)).second;
    }
    if (!added) return second(number, "the same destination");
  }
  return table;
}

const DestinationPolicy& DestinationTable::find(const Endpoint& server, std::string_view host) const {
  if (const auto entry = hosts_.find(host); entry != hosts_.end()) return entry->second;
  const auto most = static_cast<unsigned>(8 * server.address().octets().size());
  for (const unsigned bits : bits_ | std::views::reverse) {
    if (bits > most) continue;
    const auto entry = networks_.find(Network::around(server.address(), bits));
    if (entry != networks_.end()) return entry->second;
  }
  return standard_;
}

bool DestinationTable::uses(TlsLevel level) const noexcept {
  const auto has = [level](const auto& entry) { return entry.second.tls == level; };
  return standard_.tls == level || std::ranges::any_of(hosts_, has) || std::ranges::any_of(networks_, has);
}

}  // namespace tecs
