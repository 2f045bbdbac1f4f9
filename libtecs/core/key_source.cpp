#include "tecs/key_source.hpp"

namespace tecs {

KeyLookup TxtKeySource::lookup(const std::string& name) {
  const auto answer = source_.lookup(name);
  if (!answer) return {tl::unexpected(answer.error())};
  return {select_key_record(answer->texts, limits_), answer->ttl, answer->dnssec};
}

}  // namespace tecs
