#include "sasl/client_identities.hpp"

#include <utility>

#include "tecs/adapters/key_file.hpp"

namespace tecs {

Expected<ClientTerms> ClientIdentities::find(const Domain& domain) {
  const std::lock_guard lock(mutex_);
  if (const auto refreshed = refresh(); !refreshed) return tl::unexpected(refreshed.error());
  const auto* const entry = configuration_->find(domain);
  if (entry == nullptr) {
    return failure(Reason::bad_option, path_ + " has no identity " + domain.text());
  }
  return signer_of(*entry).map([this](std::shared_ptr<const Signer> signer) {
    return ClientTerms{std::move(signer), configuration_->nat, configuration_->challenge_skew};
  });
}

// The state is taken before the file is read: a change in between is then seen next time.
Expected<void> ClientIdentities::refresh() {
  const auto state = FileState::of(path_);
  if (configuration_ && state && state == state_) return {};
  configuration_.reset();
  keys_.clear();
  auto configuration = ClientConfiguration::read_file(path_);
  if (!configuration) return tl::unexpected(configuration.error());
  configuration_ = *std::move(configuration);
  state_ = state;
  return {};
}

Expected<std::shared_ptr<const Signer>> ClientIdentities::signer_of(const ClientConfiguration::Entry& entry) {
  const auto state = FileState::of(entry.key_file);
  const auto known = keys_.find(entry.domain);
  if (known != keys_.end() && state && known->second.state == *state) return known->second.signer;
  if (known != keys_.end()) keys_.erase(known);
  auto key = read_key_file(entry.key_file);
  if (!key) return tl::unexpected(key.error());
  auto signer = std::make_shared<const Signer>(entry.domain, entry.selector, *std::move(key));
  if (state) keys_.emplace(entry.domain, Key{*state, signer});
  return signer;
}

}  // namespace tecs
