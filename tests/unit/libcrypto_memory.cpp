#include "unit/libcrypto_memory.hpp"

#include <openssl/crypto.h>

#include <cstdlib>

namespace tecs::test {
namespace {

thread_local int until_none = 0;  // how many more are found; 0: all of them

bool is_found() noexcept {
  return until_none == 0 || --until_none != 0;
}

void* allocate(std::size_t size, const char* /*file*/, int /*line*/) {
  return is_found() ? std::malloc(size) : nullptr;
}

void* allocate_again(void* octets, std::size_t size, const char* /*file*/, int /*line*/) {
  return is_found() ? std::realloc(octets, size) : nullptr;
}

void release(void* octets, const char* /*file*/, int /*line*/) {
  std::free(octets);
}

bool is_ours = false;

// Before tests make constants: libcrypto takes them as long as it has allocated nothing.
[[gnu::constructor(101)]] void serve_libcrypto() {
  is_ours = CRYPTO_set_mem_functions(allocate, allocate_again, release) == 1;
}

}  // namespace

bool gives_libcrypto_memory() noexcept {
  return is_ours;
}

void refuse_libcrypto(int number) noexcept {
  until_none = number;
}

bool has_refused_libcrypto() noexcept {
  return until_none == 0;
}

}  // namespace tecs::test
