// Domains, to be asked whether a name is one of them or below one.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "tecs/domain.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Const member functions are thread safe.
class DomainList {
 public:
  // "example.org" is that name alone, ".example.org" is every name below it and not itself. Fails with
  // bad_option.
  [[nodiscard]] Expected<void> add(std::string_view domain);

  [[nodiscard]] bool contains(const Domain& domain) const;
  [[nodiscard]] std::size_t size() const noexcept { return names_.size() + parents_.size(); }

 private:
  std::set<std::string, std::less<>> names_;
  std::set<std::string, std::less<>> parents_;
};

}  // namespace tecs
