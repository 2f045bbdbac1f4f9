#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <stdexcept>

#include "c_api/call.hpp"

namespace tecs {
namespace {

template <typename Exception, typename... Arguments>
const tecs_error* error_of(Arguments... arguments) {
  tecs_error* error = nullptr;
  EXPECT_EQ(done(&error, [&]() -> Expected<void> { throw Exception(arguments...); }), -1);
  return error;
}

TEST(CallException, NeedsNoMemoryToSayThatNoneIsLeft) {
  const tecs_error* const error = error_of<std::bad_alloc>();
  EXPECT_STREQ(tecs_error_reason(error), "io-error");
  EXPECT_STREQ(tecs_error_sentence(error), "no memory is left");
  EXPECT_EQ(error_of<std::bad_alloc>(), error);
}

TEST(CallException, OfAnyTypeEndsInTheLibrary) {
  EXPECT_STREQ(tecs_error_reason(error_of<std::length_error>("x")), "io-error");
  EXPECT_STREQ(tecs_error_reason(error_of<int>()), "io-error");
  EXPECT_EQ(done(nullptr, []() -> Expected<void> { throw std::runtime_error("x"); }), -1);
}

TEST(CallException, LeavesAnErrorThatMayBeFreedLikeOthers) {
  tecs_error* error = nullptr;
  EXPECT_EQ(made<int>(&error, []() -> Expected<std::unique_ptr<int>> { throw std::bad_alloc(); }), nullptr);
  tecs_error_free(error);
  EXPECT_STREQ(tecs_error_sentence(error), "no memory is left") << "it is lent";
}

}  // namespace
}  // namespace tecs
