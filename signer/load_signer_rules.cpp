#include "signer/load_signer_rules.hpp"

#include <algorithm>
#include <utility>

#include "program/text_lines.hpp"
#include "signer/identity_file.hpp"
#include "tecs/adapters/key_file.hpp"

namespace tecs {
namespace {

Expected<std::optional<StandardEntry>> load_standard(const std::optional<StandardIdentity>& standard) {
  if (!standard) return std::nullopt;
  auto key = read_key_file(standard->key_path);
  if (!key) return tl::unexpected(key.error());
  return StandardEntry{std::make_shared<const Signer>(standard->domain, standard->selector, std::move(*key)),
                       standard->key_path};
}

Expected<IdentityTable> load_identity_table(const SignerOptions& options) {
  auto standard = load_standard(options.standard);
  if (!standard) return tl::unexpected(standard.error());
  if (options.identities_path) return load_identities(*options.identities_path, *standard);
  return IdentityTable((*standard)->identity);
}

Expected<DestinationTable> load_destinations(const SignerOptions& options) {
  if (!options.destinations_path) return DestinationTable(options.destination);
  const auto text = read_text(*options.destinations_path);
  if (!text) return tl::unexpected(text.error());
  return DestinationTable::parse(*text, *options.destinations_path, options.destination);
}

// A line for a listener that is not there would sign nothing, and its mail would go out in the default's
// name.
Expected<void> check_listeners(const IdentityTable& identities, const SignerOptions& options) {
  for (const ListenAddress& listener : identities.listeners()) {
    if (std::ranges::find(options.listen, listener) != options.listen.end()) continue;
    return failure(Reason::bad_option, options.identities_path.value_or("") + ": listener:" +
                                           listener.format() + " is none of the addresses to listen on");
  }
  return {};
}

// With original-destination the standard would have no name to go by: reverse DNS is anybody's word.
Expected<void> check_names(const DestinationTable& destinations, const UpstreamAddress& upstream) {
  const TlsLevel level = destinations.standard().tls;
  if (level != TlsLevel::verify && level != TlsLevel::dane) return {};
  if (std::holds_alternative<HostAndPort>(upstream)) return {};
  return failure(Reason::bad_option,
                 "tls: " + std::string(word(level)) +
                     " needs the server's name, which upstream = " + format(upstream) +
                     " does not tell; use it in the destinations file, with name=HOST for each address");
}

}  // namespace

Expected<std::shared_ptr<const SignerRules>> load_signer_rules(const SignerOptions& options) {
  auto destinations = load_destinations(options);
  if (!destinations) return tl::unexpected(destinations.error());
  if (const auto named = check_names(*destinations, options.upstream); !named)
    return tl::unexpected(named.error());
  auto identities = load_identity_table(options);
  if (!identities) return tl::unexpected(identities.error());
  if (const auto known = check_listeners(*identities, options); !known) return tl::unexpected(known.error());
  auto rules = std::make_shared<SignerRules>();
  rules->identities = std::move(*identities);
  rules->destinations = std::move(*destinations);
  rules->nat = options.nat;
  rules->challenge_skew = options.challenge_skew;
  return rules;
}

}  // namespace tecs
