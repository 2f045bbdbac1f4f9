#include "allocations.hpp"

#include <cstddef>

namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

#if TECS_BENCH_COUNTS_ALLOCATIONS
// A program's own malloc() serves the libraries that it loads, too. glibc's remains within reach under these
// names; free() and the rest are not replaced.
extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* old, std::size_t size);         // NOLINT(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}
}
#endif

namespace tecs::bench {

std::uint64_t allocations_of_this_thread() noexcept {
  return allocations;
}

}  // namespace tecs::bench
