#include "sasl/client_configuration.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "program/configuration_line.hpp"
#include "program/duration.hpp"
#include "program/ini_file.hpp"

namespace tecs {
namespace {

using Entry = ClientConfiguration::Entry;

Expected<Entry> parse_identity(std::string_view text) {
  std::array<std::string_view, 3> words;  // the last one is the rest: a path can have blanks in it
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t end = i + 1 == words.size() ? text.size() : text.find_first_of(white_space);
    words[i] = text.substr(0, end);
    text = trimmed(text.substr(std::min(end, text.size())));
  }
  const auto [domain_text, selector_text, key_file] = words;
  if (key_file.empty()) {
    return failure(Reason::bad_option,
                   "an identity is written DOMAIN SELECTOR KEYFILE, with - for no selector");
  }
  if (!key_file.starts_with('/')) {
    return failure(Reason::bad_option, "the path of the key file begins with /");
  }
  auto domain = Domain::parse(domain_text);
  if (!domain) return tl::unexpected(domain.error());
  Entry entry{*std::move(domain), std::nullopt, std::string(key_file)};
  if (selector_text != "-") {
    auto selector = Selector::parse(selector_text);
    if (!selector) return tl::unexpected(selector.error());
    entry.selector = *std::move(selector);
  }
  return entry;
}

Expected<void> take(ClientConfiguration& configuration, const IniEntry& line) {
  if (line.key == "nat") {
    return NatRule::parse(line.value).map([&](NatRule rule) { configuration.nat = std::move(rule); });
  }
  if (line.key == "challenge-skew") {
    return parse_duration(line.value).map([&](auto skew) { configuration.challenge_skew = skew; });
  }
  if (line.key != "identity") {
    return failure(Reason::bad_option,
                   "\"" + line.key + "\" is no option here; there are identity, nat and challenge-skew");
  }
  auto entry = parse_identity(line.value);
  if (!entry) return tl::unexpected(entry.error());
  if (configuration.find(entry->domain) != nullptr) {
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
  for (const IniEntry& line : lines) {
    if (const auto taken = take(configuration, line); !taken) {
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
