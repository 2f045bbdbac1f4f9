#include "signer/identity_choice.hpp"

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
  return path ? table_->of_sender(path->domain) : nullptr;
}

}  // namespace tecs
