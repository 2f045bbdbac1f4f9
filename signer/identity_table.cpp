#include "signer/identity_table.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace tecs {
namespace {

// RFC 1035 section 2.3.4, as text and without the final dot. No entry is longer, so no longer name has one.
constexpr std::size_t maximum_name = 253;

// Not std::tolower: a name must not depend on the locale.
char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What an MTA or a stranger called itself, as entries are written. Nothing is allocated for it.
class LowerCaseName {
 public:
  explicit LowerCaseName(std::string_view text) noexcept {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.size() > maximum_name) return;
    size_ = text.size();
    std::transform(text.begin(), text.end(), octets_.begin(), lower);
  }
  // Empty for one that no entry can have.
  [[nodiscard]] std::string_view text() const noexcept { return {octets_.data(), size_}; }

 private:
  std::array<char, maximum_name> octets_{};
  std::size_t size_ = 0;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

struct AddressHash {
  std::size_t operator()(const Network& network) const noexcept {
    return TextHash{}(text_of(network.address().octets())) + network.bits();
  }
  std::size_t operator()(const ListenAddress& listener) const noexcept {
    return TextHash{}(text_of(listener.address.octets())) + listener.port;
  }
};

class NameEntries {
 public:
  [[nodiscard]] bool add(const std::string& name, bool below, const Identity& identity) {
    return (below ? below_ : exact_).try_emplace(name, identity).second;
  }

  [[nodiscard]] std::optional<Identity> find(std::string_view any_case) const {
    const LowerCaseName lower_case(any_case);
    const std::string_view name = lower_case.text();
    if (name.empty()) return std::nullopt;
    if (const auto found = exact_.find(name); found != exact_.end()) return found->second;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
      if (const auto found = below_.find(name.substr(dot + 1)); found != below_.end()) return found->second;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::size_t size() const noexcept { return exact_.size() + below_.size(); }

 private:
  using Names = std::unordered_map<std::string, Identity, TextHash, std::equal_to<>>;
  Names exact_;
  Names below_;
};

// A look-up costs one search for each length of prefix that occurs, however many networks there are.
class SourceEntries {
 public:
  [[nodiscard]] bool add(const Network& network, const Identity& identity) {
    if (!networks_.try_emplace(network, identity).second) return false;
    lengths_.emplace(network.address().family(), network.bits());
    return true;
  }

  [[nodiscard]] std::optional<Identity> find(const IpAddress& address) const {
    for (const auto& [family, bits] : lengths_) {
      if (family != address.family()) continue;
      const auto found = networks_.find(Network::around(address, bits));
      if (found != networks_.end()) return found->second;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::size_t size() const noexcept { return networks_.size(); }

 private:
  using Length = std::pair<AddressFamily, unsigned>;
  std::unordered_map<Network, Identity, AddressHash> networks_;
  std::set<Length, std::greater<>> lengths_;  // the narrowest first
};

}  // namespace

struct IdentityTable::Entries {
  std::unordered_map<ListenAddress, Identity, AddressHash> listeners;
  SourceEntries sources;
  NameEntries helo;
  NameEntries senders;
  std::optional<Identity> null_reverse_path;
  std::optional<Identity> standard;

  [[nodiscard]] bool add(const IdentityMatch::Listener& listener, const Identity& identity) {
    return listeners.try_emplace(listener.address, identity).second;
  }
  [[nodiscard]] bool add(const IdentityMatch::Source& source, const Identity& identity) {
    return sources.add(source.network, identity);
  }
  [[nodiscard]] bool add(const IdentityMatch::Helo& name, const Identity& identity) {
    return helo.add(name.name, name.below, identity);
  }
  [[nodiscard]] bool add(const IdentityMatch::Sender& sender, const Identity& identity) {
    if (sender.name.empty()) return add_once(null_reverse_path, identity);
    return senders.add(sender.name, sender.below, identity);
  }
  [[nodiscard]] bool add(const IdentityMatch::Default& /*all*/, const Identity& identity) {
    return add_once(standard, identity);
  }

 private:
  [[nodiscard]] static bool add_once(std::optional<Identity>& place, const Identity& identity) {
    if (place) return false;
    place = identity;
    return true;
  }
};

IdentityTable::IdentityTable() : entries_(std::make_unique<Entries>()) {}
IdentityTable::IdentityTable(Identity standard) : IdentityTable() {
  entries_->standard = std::move(standard);
}
IdentityTable::IdentityTable(IdentityTable&&) noexcept = default;
IdentityTable& IdentityTable::operator=(IdentityTable&&) noexcept = default;
IdentityTable::~IdentityTable() = default;

bool IdentityTable::add(const IdentityMatch& match, const Identity& identity) {
  return std::visit([&](const auto& party) { return entries_->add(party, identity); }, match.party);
}

std::optional<Identity> IdentityTable::of_connection(const ListenAddress& listener,
                                                     const IpAddress& source) const {
  const auto found = entries_->listeners.find(listener);
  return found != entries_->listeners.end() ? found->second : entries_->sources.find(source);
}

std::optional<Identity> IdentityTable::of_hello(std::string_view name) const {
  return entries_->helo.find(name);
}

Identity IdentityTable::of_sender(std::string_view domain) const {
  const auto found = domain.empty() ? entries_->null_reverse_path : entries_->senders.find(domain);
  return found ? *found : standard();
}

Identity IdentityTable::standard() const {
  return entries_->standard.value_or(nullptr);
}

bool IdentityTable::asks_for_hello() const noexcept {
  return entries_->helo.size() > 0;
}

bool IdentityTable::asks_for_sender() const noexcept {
  return entries_->null_reverse_path || entries_->senders.size() > 0;
}

std::vector<ListenAddress> IdentityTable::listeners() const {
  std::vector<ListenAddress> listeners;
  for (const auto& entry : entries_->listeners) listeners.push_back(entry.first);
  return listeners;
}

std::size_t IdentityTable::size() const noexcept {
  const Entries& all = *entries_;
  return all.listeners.size() + all.sources.size() + all.helo.size() + all.senders.size() +
         (all.null_reverse_path ? 1 : 0) + (all.standard ? 1 : 0);
}

}  // namespace tecs
