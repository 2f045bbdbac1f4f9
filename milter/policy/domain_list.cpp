#include "milter/policy/domain_list.hpp"

namespace tecs {

Expected<void> DomainList::add(std::string_view domain) {
  const bool parent = domain.starts_with('.');
  if (parent) domain.remove_prefix(1);
  const auto parsed = Domain::parse(domain);
  if (!parsed) return failure(Reason::bad_option, parsed.error().sentence);
  (parent ? parents_ : names_).insert(parsed->text());
  return {};
}

bool DomainList::contains(const Domain& domain) const {
  const std::string_view name = domain.text();
  if (names_.contains(name)) return true;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    if (parents_.contains(name.substr(dot + 1))) return true;
  }
  return false;
}

}  // namespace tecs
