#include "signer/destination_table.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "program/configuration_line.hpp"
#include "signer/destination_line.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_line = 1000;
constexpr std::size_t maximum_lines = 100'000;

struct NumberedLine {
  std::size_t number;
  DestinationLine line;
};

// Empty for a line that says nothing.
Expected<std::optional<DestinationLine>> read_line(std::string_view text) {
  if (text.size() > longest_line) return failure(Reason::bad_option, "a line that is too long");
  const std::string_view content = content_of_line(text);
  if (content.empty()) return std::nullopt;
  if (!std::ranges::all_of(content, [](char c) { return c == '\t' || (c >= ' ' && c < 0x7F); })) {
    return failure(Reason::bad_option, "an octet that is not printable ASCII");
  }
  return DestinationLine::parse(content).map(
      [](DestinationLine line) { return std::optional(std::move(line)); });
}

tl::unexpected<Error> at(std::string_view file_name, std::size_t number, const std::string& sentence) {
  return failure(Reason::bad_option, std::string(file_name) + ":" + std::to_string(number) + ": " + sentence);
}

Expected<std::vector<NumberedLine>> read_lines(std::string_view text, std::string_view file_name) {
  std::vector<NumberedLine> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto line = read_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line) return at(file_name, number, line.error().sentence);
    if (!*line) continue;
    if (lines.size() == maximum_lines) {
      return at(file_name, number, "more than " + std::to_string(maximum_lines) + " destinations");
    }
    lines.push_back({number, std::move(**line)});
  }
  return lines;
}

}  // namespace

DestinationTable::DestinationTable(DestinationPolicy standard) : standard_(std::move(standard)) {}

Expected<DestinationTable> DestinationTable::parse(std::string_view text, std::string_view file_name,
                                                   const DestinationPolicy& standard) {
  const auto lines = read_lines(text, file_name);
  if (!lines) return tl::unexpected(lines.error());
  DestinationTable table(standard);
  bool has_default = false;
  // The default first: the other lines build on it, wherever it stands.
  for (const auto& [number, line] : *lines) {
    if (!std::holds_alternative<AnyDestination>(line.destination)) continue;
    if (std::exchange(has_default, true)) return at(file_name, number, "a second line for default");
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
    if (!added) return at(file_name, number, "a second line for the same destination");
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
