// Which connections were signed lately, so that the next one over the same end points is not signed alike.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "tecs/connection_tuple.hpp"
#include "tecs/epoch.hpp"

namespace tecs {

// A verifier remembers (tuple, epoch, d) and takes each once (PROTOCOL section 7). However many epochs its
// window spans, a signature of one epoch is never taken for that of another. So what counts is whether a
// tuple was signed for the very epoch that the next signature is going to be for: now's, or a later one when
// AUTH comes late. Of each tuple the latest epoch tells both. The domain is not remembered: it may be known
// only at MAIL, when the tuple is chosen already.
//
// The tuples are those that were signed: what the server sees, as far as we know. Behind address translation
// the ports are the translator's. It may use one again at once, and nothing can be done about that here.
//
// Of fixed size: 2 MiB. Each new tuple takes the place of one that was signed before it; all ports towards
// one server have room together. What is forgotten, also by a restart, costs a signature at worst and no
// mail. Tuples are told apart by their hash. Two with the same would only cost the search for another port.
//
// Used by one thread.
class SignedTuples {
 public:
  static constexpr std::size_t capacity = 131'072;

  void add(const ConnectionTuple& tuple, Epoch epoch) noexcept;
  // For which it was signed. Nothing: it was not, or that is forgotten.
  [[nodiscard]] std::optional<Epoch> latest_epoch(const ConnectionTuple& tuple) const noexcept;

 private:
  struct Entry {
    std::size_t hash = 0;  // 0: none
    Epoch epoch = Epoch::nearest({});
  };
  // A cache of sixteen ways: the latest addition first, the last one goes.
  using Set = std::array<Entry, 16>;

  std::vector<Set> sets_ = std::vector<Set>(capacity / std::tuple_size_v<Set>);
};

}  // namespace tecs
