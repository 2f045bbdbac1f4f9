// What a receiver keeps its verdicts in: a file of its own and, if it is to forward them, the queue of those
// that a database elsewhere does not have yet.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <optional>

#include "milter/options.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "verdicts/forward_queue.hpp"
#include "verdicts/verdict_forwarder.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

struct ReceiverStores {
  // Makes the file when it is not there. One that an older version made is brought up to date by the threads
  // that write and forward, since mail must not wait for it (former_store.hpp). The database elsewhere is
  // asked by the forwarder alone, so that it need not be there now. The clock must outlive the result. Fails
  // as open_verdict_database() does.
  [[nodiscard]] static Expected<ReceiverStores> open(const MilterOptions& options, const Clock& clock,
                                                     const std::shared_ptr<spdlog::logger>& log);

  std::unique_ptr<VerdictStore> own;
  std::optional<VerdictForwarder::Parts> forwarding;  // empty: nothing is forwarded
  // Of verdicts that wait to be forwarded, which nobody does any more. Null: none, or they are forwarded.
  std::unique_ptr<ForwardQueue> left_over;
};

}  // namespace tecs
