#include "signer/identity_choice.hpp"

#include "smtp/a_labels.hpp"
#include "smtp/reverse_path.hpp"

namespace tecs {

std::optional<Identity> IdentityChoice::at_connect() const {
  if (auto identity = table_->of_connection(listener_, source_)) return identity;
  if (table_->asks_for_hello() || table_->asks_for_sender()) return std::nullopt;
  return table_->standard();
}

std::optional<Identity> IdentityChoice::at_hello(std::string_view name) const {
  if (auto identity = table_->of_connection(listener_, source_)) return identity;
  if (auto identity = table_->of_hello(name)) return identity;
  if (table_->asks_for_sender()) return std::nullopt;
  return table_->standard();
}

Identity IdentityChoice::at_mail(std::string_view line) const {
  const auto path = ReversePath::of_mail(line);
  if (!path) return nullptr;
  // Entries are written with A-labels. A name that has none may be anybody's, the default's or not.
  const auto domain = with_a_labels(path->domain);
  return domain ? table_->of_sender(*domain) : nullptr;
}

}  // namespace tecs
