#include "tools/signer_configuration.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "program/configuration_line.hpp"
#include "program/ini_file.hpp"

namespace tecs {
namespace {

using Listener = SignerConfiguration::Listener;
using Key = SignerConfiguration::Key;

constexpr const char* usual_listener = "127.0.0.1:10025";

std::string at_line(const std::string& file, unsigned line) {
  return file + ":" + std::to_string(line) + ": ";
}

std::optional<Listener> parse_listener(const std::string& text, unsigned line) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (!address || error != std::errc{} || rest != end || port == 0) return std::nullopt;
  return Listener{*address, port, text, line};
}

// "MATCH DOMAIN SELECTOR KEYFILE", or "MATCH unsigned".
Outcome<void> read_identities(const std::string& file, const Machine& machine, std::vector<Key>& keys) {
  const auto text = machine.read_file(file);
  if (!text) return failed(ExitCode::no_input, text.error().sentence);
  std::istringstream lines(*text);
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words{std::string(content_of_line(line))};
    std::string match;
    Key key;
    if (!(words >> match)) continue;
    words >> key.domain >> key.selector >> key.path;
    if (key.domain == "unsigned") continue;
    if (key.path.empty()) {
      return failed(ExitCode::data_error, at_line(file, number) + "expected MATCH DOMAIN SELECTOR KEYFILE");
    }
    if (key.selector == "-") key.selector.clear();
    // Relative to the folder of the file.
    key.path = (std::filesystem::path(file).parent_path() / key.path).string();
    key.file = file;
    key.line = number;
    keys.push_back(key);
  }
  return {};
}

void keep_each_once(std::vector<Key>& keys) {
  std::vector<Key> once;
  for (Key& key : keys) {
    const bool known = std::any_of(once.begin(), once.end(), [&](const Key& each) {
      return each.domain == key.domain && each.selector == key.selector && each.path == key.path;
    });
    if (!known && once.size() < maximum_checked_keys) once.push_back(std::move(key));
  }
  keys = std::move(once);
}

}  // namespace

bool Listener::takes(const IpAddress& destination, std::uint16_t at) const noexcept {
  if (at != port) return false;
  if (address == destination) return true;
  if (!address.unspecified()) return false;
  return address.family() == AddressFamily::ipv6 || address.family() == destination.family();
}

Outcome<SignerConfiguration> read_signer_configuration(const std::string& file, const Machine& machine) {
  const auto text = machine.read_file(file);
  if (!text) {
    return failed(ExitCode::no_input,
                  text.error().sentence + " (say with --configuration where that of tecs-signer is)");
  }
  std::istringstream stream(*text);
  const auto entries = read_ini(stream, file);
  if (!entries) return failed(ExitCode::data_error, entries.error().sentence);

  SignerConfiguration configuration;
  configuration.file = file;
  Key own{"", "", "", file, 0};
  std::optional<std::string> identities;
  for (const IniEntry& entry : *entries) {
    if (entry.key == "listen") {
      const auto listener = parse_listener(entry.value, entry.line);
      if (!listener) return failed(ExitCode::data_error, at_line(file, entry.line) + "expected ADDRESS:PORT");
      configuration.listeners.push_back(*listener);
    } else if (entry.key == "upstream") {
      configuration.upstream = entry.value;
      configuration.upstream_line = entry.line;
    } else if (entry.key == "source") {
      configuration.source = entry.value;
      configuration.source_line = entry.line;
    } else if (entry.key == "user") {
      configuration.user = entry.value.substr(0, entry.value.find(':'));
    } else if (entry.key == "domain") {
      own.domain = entry.value;
    } else if (entry.key == "selector") {
      own.selector = entry.value;
    } else if (entry.key == "key") {
      own.path = entry.value;
      own.line = entry.line;
    } else if (entry.key == "identities") {
      identities = entry.value;
    }
  }
  if (configuration.listeners.empty()) configuration.listeners.push_back(*parse_listener(usual_listener, 0));
  if (!own.domain.empty() && !own.path.empty()) configuration.keys.push_back(own);
  if (identities) {
    if (const auto read = read_identities(*identities, machine, configuration.keys); !read) {
      return tl::unexpected(read.error());
    }
  }
  keep_each_once(configuration.keys);
  return configuration;
}

}  // namespace tecs
