#include "c_api/call.hpp"

#include <new>
#include <utility>

namespace tecs {
namespace {

struct AllocatedError : tecs_error {
  AllocatedError(const char* word, std::string text)
      : tecs_error{word, nullptr, true}, owned_sentence(std::move(text)) {
    sentence = owned_sentence.c_str();
  }
  AllocatedError(const AllocatedError&) = delete;
  AllocatedError& operator=(const AllocatedError&) = delete;
  ~AllocatedError() = default;

  std::string owned_sentence;
};

// These need no memory.
constexpr tecs_error no_memory{"io-error", "no memory is left", false};
constexpr tecs_error broke_off{"io-error", "the call broke off, which is a bug of libtecs", false};

// Callers of tecs.h free errors, which takes a pointer to what is not constant; nothing writes to one.
tecs_error* lent(const tecs_error& error) noexcept {
  return const_cast<tecs_error*>(&error);
}

}  // namespace

void report(tecs_error** error, const Error& cause) {
  if (error == nullptr) return;
  // The words are literals, which end with a NUL.
  *error = std::make_unique<AllocatedError>(word(cause.reason).data(), cause.sentence).release();
}

void report_exception(tecs_error** error) noexcept {
  if (error == nullptr) return;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    *error = lent(no_memory);
  } catch (...) {
    *error = lent(broke_off);
  }
}

tl::unexpected<Error> missing(std::string_view parameter) {
  return failure(Reason::bad_option, std::string(parameter) + " is NULL");
}

Expected<std::string_view> view_of(const char* octets, std::size_t length, std::string_view parameter) {
  if (octets == nullptr && length > 0) return missing(parameter);
  return octets == nullptr ? std::string_view{} : std::string_view(octets, length);
}

}  // namespace tecs

const char* tecs_error_reason(const tecs_error* error) {
  return error == nullptr ? nullptr : error->reason;
}

const char* tecs_error_sentence(const tecs_error* error) {
  return error == nullptr ? nullptr : error->sentence;
}

void tecs_error_free(tecs_error* error) {
  if (error != nullptr && error->allocated) tecs::free_object(static_cast<tecs::AllocatedError*>(error));
}
