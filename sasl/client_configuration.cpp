#include "sasl/client_configuration.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string_view>

#include "program/configuration_line.hpp"
#include "program/duration.hpp"
#include "program/ini_file.hpp"
#include "tecs/signed_view.hpp"

namespace tecs {
namespace {

using Entry = ClientConfiguration::Entry;

std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(white_space), text.size());
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

Expected<Entry> parse_identity(std::string_view text, const std::string& file) {
  const std::string_view domain_text = take_word(text);
  const std::string_view selector_text = take_word(text);
  const std::string_view key_file = take_word(text);
  if (key_file.empty() || !text.empty()) {
    return failure(Reason::bad_option,
                   "an identity is written DOMAIN SELECTOR KEYFILE, with - for no selector");
  }
  auto domain = Domain::parse(domain_text);
  if (!domain) return tl::unexpected(domain.error());
  const auto path = std::filesystem::path(file).parent_path() / key_file;
  Entry entry{*std::move(domain), std::nullopt, path.string()};
  if (selector_text != "-") {
    auto selector = Selector::parse(selector_text);
    if (!selector) return tl::unexpected(selector.error());
    entry.selector = *std::move(selector);
  }
  return entry;
}

Expected<std::chrono::milliseconds> parse_skew(std::string_view text) {
  return parse_duration(text).and_then([](auto skew) -> Expected<std::chrono::milliseconds> {
    if (skew <= longest_challenge_skew) return skew;
    return failure(Reason::bad_option,
                   "challenge-skew is no more than " + format_duration(longest_challenge_skew));
  });
}

// known: the domains of the configuration's entries; of thousands, none can be looked for one by one.
Expected<void> take(ClientConfiguration& configuration, std::set<Domain>& known, const IniEntry& line,
                    const std::string& file) {
  if (line.key == "nat") {
    return NatRule::parse(line.value).map([&](NatRule rule) { configuration.nat = std::move(rule); });
  }
  if (line.key == "challenge-skew") {
    return parse_skew(line.value).map([&](auto skew) { configuration.challenge_skew = skew; });
  }
  if (line.key != "identity") {
    return failure(Reason::bad_option,
                   "\"" + line.key + "\" is no option here; there are identity, nat and challenge-skew");
  }
  auto entry = parse_identity(line.value, file);
  if (!entry) return tl::unexpected(entry.error());
  if (!known.insert(entry->domain).second) {
    return failure(Reason::bad_option, entry->domain.text() + " stands here twice");
  }
  if (configuration.entries.size() == ClientConfiguration::maximum_entries) {
    return failure(Reason::bad_option, "too many identities");
  }
  configuration.entries.push_back(*std::move(entry));
  return {};
}

Expected<ClientConfiguration> of_lines(const std::vector<IniEntry>& lines, const std::string& name) {
  ClientConfiguration configuration{.challenge_skew = std::chrono::minutes{2}};
  std::set<Domain> known;
  for (const IniEntry& line : lines) {
    if (const auto taken = take(configuration, known, line, name); !taken) {
      return failure(Reason::bad_option,
                     name + ":" + std::to_string(line.line) + ": " + taken.error().sentence);
    }
  }
  if (configuration.entries.empty())
    return failure(Reason::bad_option, name + ": there is no identity in it");
  return configuration;
}

}  // namespace

const Entry* ClientConfiguration::find(const Domain& domain) const noexcept {
  const auto found = std::ranges::find(entries, domain, &Entry::domain);
  return found == entries.end() ? nullptr : &*found;
}

Expected<ClientConfiguration> ClientConfiguration::read(std::istream& stream, const std::string& name) {
  return read_ini(stream, name).and_then([&](const auto& lines) { return of_lines(lines, name); });
}

Expected<ClientConfiguration> ClientConfiguration::read_file(const std::string& path) {
  return read_ini_file(path).and_then([&](const auto& lines) { return of_lines(lines, path); });
}

}  // namespace tecs
