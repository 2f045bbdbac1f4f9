#include "verdicts/organizational_domain.hpp"

#include <libpsl.h>

namespace tecs {

Expected<PublicSuffixList> PublicSuffixList::load() {
  const psl_ctx_t* list = psl_builtin();
  if (list == nullptr) return failure(Reason::io_error, "libpsl was built without a list of public suffixes");
  return PublicSuffixList(list);
}

std::string PublicSuffixList::organizational_domain(std::string_view domain) const {
  std::string text(domain);
  const char* registered = psl_registrable_domain(list_, text.c_str());
  return registered == nullptr ? text : std::string(registered);
}

}  // namespace tecs
