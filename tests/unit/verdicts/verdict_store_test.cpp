#include "verdicts/verdict_store.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

TEST(OpenVerdictStore, OpensAnSqliteFile) {
  const test::TemporaryDirectory directory;
  const StoreName name = StoreName::parse("sqlite:" + directory.file("verdicts.db")).value();
  {
    auto writer = open_verdict_store(name, StoreMode::read_write);
    ASSERT_TRUE(writer) << writer.error().sentence;
    const std::vector<Verdict> verdicts{test::full_verdict()};
    ASSERT_TRUE((*writer)->write(verdicts));
  }
  auto reader = open_verdict_store(name, StoreMode::read_only);
  ASSERT_TRUE(reader) << reader.error().sentence;
  std::size_t count = 0;
  ASSERT_TRUE((*reader)->select({}, [&](const Verdict&) { return ++count > 0; }));
  EXPECT_EQ(count, 1U);
}

}  // namespace
}  // namespace tecs
