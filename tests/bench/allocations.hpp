// Counts the allocations of a benchmark program, whoever makes them: libtecs, OpenSSL or a peer.
#pragma once

#include <cstdint>

namespace tecs::bench {

// Calls of malloc, calloc and realloc by this thread so far. Always 0 in a build with sanitizers, which have
// allocators of their own.
[[nodiscard]] std::uint64_t allocations_of_this_thread() noexcept;

}  // namespace tecs::bench
