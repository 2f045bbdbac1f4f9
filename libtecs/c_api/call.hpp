// How each function of tecs.h ends: with what it makes or does, or with an error; never with an exception.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tecs.h"
#include "tecs/error.hpp"

// What the caller of tecs.h gets to see of an Error.
struct tecs_error {
  const char* reason;
  const char* sentence;
  bool allocated;  // else it is a constant of the library, which nobody frees
};

namespace tecs {

// Writes to where the caller wants the error, if that is not null. May throw for want of memory.
void report(tecs_error** error, const Error& cause);

// The same for the exception that is being handled.
void report_exception(tecs_error** error) noexcept;

// What the caller left out: a null pointer for what the parameter names.
[[nodiscard]] tl::unexpected<Error> missing(std::string_view parameter);

// Octets as they come through tecs.h. Fails when there are none where there should be some.
[[nodiscard]] Expected<std::string_view> view_of(const char* octets, std::size_t length,
                                                 std::string_view parameter);

// action: gives Expected<void>. 0 or -1.
template <typename Action>
[[nodiscard]] int done(tecs_error** error, Action action) noexcept {
  try {
    if (error != nullptr) *error = nullptr;
    const Expected<void> outcome = action();
    if (outcome) return 0;
    report(error, outcome.error());
  } catch (...) {
    report_exception(error);
  }
  return -1;
}

// make: gives Expected<std::unique_ptr<Object>>. The object is the caller's; null for an error.
template <typename Object, typename Make>
[[nodiscard]] Object* made(tecs_error** error, Make make) noexcept {
  Object* object = nullptr;
  static_cast<void>(done(error, [&]() -> Expected<void> {
    Expected<std::unique_ptr<Object>> outcome = make();
    if (!outcome) return tl::unexpected(outcome.error());
    object = outcome->release();
    return {};
  }));
  return object;
}

// What made() gave, back from the caller.
template <typename Object>
void free_object(Object* object) noexcept {
  const std::unique_ptr<Object> owner(object);
}

}  // namespace tecs
