// A store and a queue that are opened when they are needed, by the thread that needs them.
#pragma once

#include <functional>
#include <memory>

#include "tecs/error.hpp"
#include "verdicts/forward_queue.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// Opened by prepare() or by the first call of anything else; one that fails to open fails with what open()
// says, and the next call tries again.
[[nodiscard]] std::unique_ptr<VerdictStore> defer_store(
    std::function<Expected<std::unique_ptr<VerdictStore>>()> open);

// Likewise.
[[nodiscard]] std::unique_ptr<ForwardQueue> defer_queue(
    std::function<Expected<std::unique_ptr<ForwardQueue>>()> open);

}  // namespace tecs
