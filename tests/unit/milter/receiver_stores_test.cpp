#include "milter/receiver_stores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/former_schema.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/store_schema.hpp"

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ReceiverStoresTest : public testing::Test {
 protected:
  Expected<ReceiverStores> open(bool forward) {
    const std::string store = "sqlite:" + file;
    std::vector<const char*> arguments{"--config", "/dev/null", "--store", store.c_str()};
    if (forward) arguments.insert(arguments.end(), {"--forward", "postgresql://db.example.net/tecs"});
    const auto request = read_milter_options(arguments, "mx.example.net");
    EXPECT_TRUE(request) << request.error().sentence;
    return ReceiverStores::open(std::get<MilterOptions>(*request), clock, log);
  }
  std::string version() const { return test::SqliteFile(file).text("PRAGMA user_version"); }

  const std::string this_version = std::to_string(store_schema_version);
  test::TemporaryDirectory directory;
  const std::string file = directory.file("verdicts.db");
  test::HandClock clock;
  std::shared_ptr<test::LogLines> lines = std::make_shared<test::LogLines>();
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test", lines);
  const std::vector<Verdict> verdicts{test::numbered_verdict(1), test::numbered_verdict(2)};
};

// Both doors are to be served meanwhile.
TEST_F(ReceiverStoresTest, AFormerStoreIsNotBroughtUpToDateAtTheStart) {
  for (const bool forward : {true, false}) {
    std::filesystem::remove(file);
    test::SqliteFile(file).execute(test::first_version);
    auto stores = open(forward);
    ASSERT_TRUE(stores) << stores.error().sentence;
    EXPECT_EQ(version(), "1");
    if (forward) {
      EXPECT_EQ(stores->forwarding->queue->length().value(), 0U);
      EXPECT_EQ(version(), this_version) << "the forwarder is the first to need it";
    }
    ASSERT_TRUE(stores->own->prepare());
    EXPECT_EQ(version(), this_version);
    ASSERT_TRUE(stores->own->write(verdicts));
    if (forward) {
      EXPECT_EQ(stores->forwarding->queue->length().value(), 2U);
    }
  }
}

TEST_F(ReceiverStoresTest, WhatCanNeverBeOpenedIsToldAtTheStart) {
  test::SqliteFile(file).execute("PRAGMA user_version = 99");
  ASSERT_FALSE(open(false));
  EXPECT_NE(open(false).error().sentence.find("newer version"), std::string::npos);
  std::filesystem::remove(file);
  test::SqliteFile(file).execute("CREATE TABLE other (x)");
  EXPECT_FALSE(open(true));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_FALSE(open(true));
}

TEST_F(ReceiverStoresTest, TellsOfVerdictsThatNobodyForwardsAnyMore) {
  ASSERT_TRUE(open(true)->own->write(verdicts));
  EXPECT_EQ(open(true)->left_over, nullptr) << "they are forwarded";
  EXPECT_THAT(lines->lines(), IsEmpty());
  auto stores = open(false);
  ASSERT_TRUE(stores);
  EXPECT_FALSE(stores->forwarding);
  EXPECT_THAT(lines->lines(),
              ElementsAre("2 verdicts wait to be forwarded, and forward is not set; \"tecs verdicts prune "
                          "--forget-queue\" forgets that they wait"));
  ASSERT_TRUE(stores->left_over);
  EXPECT_EQ(stores->left_over->length().value(), 2U);
  test::SqliteFile(file).execute("DELETE FROM forward_queue");
  EXPECT_EQ(stores->left_over->length().value(), 0U);
  EXPECT_EQ(open(false)->left_over, nullptr);
  EXPECT_EQ(lines->lines().size(), 1U);
}

}  // namespace
}  // namespace tecs
