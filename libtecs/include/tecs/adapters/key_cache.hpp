// Remembers what another KeySource answers: parsed keys, the absence of keys, and failures for seconds only.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "tecs/api.hpp"
#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

struct KeyCacheOptions {
  // Beyond that one goes: the least recently used of those that hold no key, else of those that do. So names
  // without a key, which cost a stranger nothing, drive out nobody's key. Names with keys do: whoever has a
  // zone that answers each name with one can drive out those that are used less than that zone is asked. This
  // gives them nothing but that DNS is asked again, and who uses the cache limits how often strangers may
  // have it ask. 0: nothing is kept.
  std::size_t maximum_entries = 10000;
  std::chrono::seconds minimum_ttl{30};     // floor for what was found
  std::chrono::seconds maximum_ttl{86400};  // ceiling for what was found
  // Ceiling for "no key record" and for records that cannot be used.
  std::chrono::seconds maximum_negative_ttl{300};
  std::chrono::seconds failure_ttl{3};  // for dns_timeout and dns_error
};

// Thread safe. Only one lookup of a name is under way at a time: others who ask for it wait for that answer,
// and those who ask for other names do not wait. What has expired is never served, even while it is asked for
// again. The source and the clock must outlive this. The ttl that lookup() gives is what is left of the
// answer's time here; 0: not remembered. When the source throws, which is a bug, its caller gets the
// exception and those who wait get dns_error.
class TECS_API KeyCache final : public KeySource {
 public:
  struct Statistics {
    std::size_t hits = 0;
    std::size_t misses = 0;  // asked of the source
    std::size_t shared = 0;  // waited for somebody else's question
    std::size_t entries = 0;
  };

  KeyCache(KeySource& source, const Clock& clock, const KeyCacheOptions& options);
  ~KeyCache() override;

  [[nodiscard]] KeyLookup lookup(const std::string& name) override;

  // True: lookup() of this name would ask the source now. False: the answer is here, or on its way to
  // somebody else who asked. Counts as no use of the entry.
  [[nodiscard]] bool would_ask(const std::string& name) const;

  // Forgets all answers. Those that are on their way are remembered when they come.
  void clear();

  [[nodiscard]] Statistics statistics() const;

 private:
  struct TECS_INTERNAL State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
