#include "milter/limited_key_source.hpp"

#include <optional>

namespace tecs {

KeyLookup LimitedKeySource::lookup(const std::string& name) {
  const bool asks = !would_ask_ || would_ask_(name);
  const auto permit = asks ? limit_.begin(network_, limits_) : std::nullopt;
  if (asks && !permit) {
    return {failure(Reason::too_many_lookups, "too many keys are being looked up; try again later")};
  }
  const auto begin = clock_.steady();
  KeyLookup found = source_.lookup(name);
  time_ += clock_.steady() - begin;
  return found;
}

}  // namespace tecs
