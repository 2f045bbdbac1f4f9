// The verdicts in a receiver's own store that a database elsewhere does not have yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// One that waits.
struct QueuedVerdict {
  std::int64_t sequence = 0;  // ascending; never used twice
  std::string id;
  Expected<Verdict> verdict;  // protocol_error: it is not in the store any more, or cannot be read
};

// One thread at a time. The store puts verdicts in with the transaction that writes them; only one program
// takes them out. Each fails with io_error.
class ForwardQueue {
 public:
  ForwardQueue() = default;
  ForwardQueue(const ForwardQueue&) = delete;
  ForwardQueue& operator=(const ForwardQueue&) = delete;
  virtual ~ForwardQueue() = default;

  // The oldest, in order; at most so many. They stay in the queue.
  [[nodiscard]] virtual Expected<std::vector<QueuedVerdict>> front(std::size_t maximum) = 0;

  // Takes out all up to this one. On disk when it returns.
  [[nodiscard]] virtual Expected<void> remove_to(std::int64_t sequence) = 0;

  // How many wait, at no cost that grows with them.
  [[nodiscard]] virtual Expected<std::size_t> length() = 0;
};

// Over a connection of its own to the receiver's store, an SQLite file.
[[nodiscard]] std::unique_ptr<ForwardQueue> make_forward_queue(std::unique_ptr<SqlDatabase> database);

}  // namespace tecs
