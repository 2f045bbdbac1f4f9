// The domain that somebody registered: "mail.example.co.uk" belongs to "example.co.uk" (publicsuffix.org).
#pragma once

#include <string>
#include <string_view>

#include "tecs/error.hpp"

struct psl_ctx_st;  // libpsl's psl_ctx_t

namespace tecs {

// The list of public suffixes that libpsl was built with. Immutable; any number of threads may ask at once.
class PublicSuffixList {
 public:
  // Fails with io_error when this libpsl was built without a list.
  [[nodiscard]] static Expected<PublicSuffixList> load();

  // domain: in lower case, no final dot. A domain that is itself a public suffix is its own organizational
  // domain.
  [[nodiscard]] std::string organizational_domain(std::string_view domain) const;

 private:
  explicit PublicSuffixList(const psl_ctx_st* list) noexcept : list_(list) {}
  const psl_ctx_st* list_;  // lives as long as the program
};

}  // namespace tecs
