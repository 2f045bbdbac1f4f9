// The memory that libcrypto gets, which a test can refuse it at any place.
#pragma once

namespace tecs::test {

// False: something else gives libcrypto its memory, and nothing can be refused.
[[nodiscard]] bool gives_libcrypto_memory() noexcept;

// All of this thread. number: which of the times that libcrypto asks for memory, from 1; 0: none.
void refuse_libcrypto(int number) noexcept;
// Whether it has come to that.
[[nodiscard]] bool has_refused_libcrypto() noexcept;

}  // namespace tecs::test
