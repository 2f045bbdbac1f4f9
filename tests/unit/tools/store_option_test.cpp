#include "tools/store_option.hpp"

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class StoreOption : public CommandTest {
 protected:
  static OptionValues values(const std::vector<const char*>& arguments) {
    OptionTable table;
    add_store_option(table);
    return read_options(arguments, table).value();
  }
  // Of opening either kind; they must agree.
  static ExitCode code_of_opening(const std::string& store, StoreUse use) {
    const OptionValues read = values({"--store", store.c_str()});
    const auto opened = open_store(read, use);
    const auto database = open_database(read, use);
    EXPECT_EQ(opened.has_value(), database.has_value());
    if (opened) return ExitCode::ok;
    EXPECT_EQ(opened.error().code, database.error().code);
    EXPECT_EQ(opened.error().sentence, database.error().sentence);
    return opened.error().code;
  }
};

TEST_F(StoreOption, TheDefaultIsWhereTheMilterWrites) {
  EXPECT_EQ(read_store(values({}))->text(), "sqlite:/var/lib/tecs/verdicts.db");
}

TEST_F(StoreOption, RefusesAWrongName) {
  for (const char* const name : {"", "verdicts.db", "sqlite:", "mysql://root:secret@db/tecs"}) {
    const auto store = read_store(values({"--store", name}));
    ASSERT_FALSE(store) << name;
    EXPECT_EQ(store.error().code, ExitCode::usage);
    EXPECT_THAT(store.error().sentence, StartsWith("--store: "));
    EXPECT_THAT(store.error().sentence, Not(HasSubstr("secret")));
    EXPECT_EQ(code_of_opening(name, StoreUse::read), ExitCode::usage);
  }
}

TEST_F(StoreOption, OnlyCreateMakesAStore) {
  const std::string store = "sqlite:" + path("new.db");
  EXPECT_EQ(code_of_opening(store, StoreUse::read), ExitCode::no_input);
  EXPECT_EQ(code_of_opening(store, StoreUse::change), ExitCode::no_input);
  EXPECT_FALSE(std::filesystem::exists(path("new.db")));
  EXPECT_EQ(code_of_opening(store, StoreUse::create), ExitCode::ok);
  EXPECT_EQ(code_of_opening(store, StoreUse::change), ExitCode::ok);
  EXPECT_EQ(code_of_opening(store, StoreUse::read), ExitCode::ok);
}

TEST_F(StoreOption, SaysWhichFileIsNoStore) {
  const std::string text = "sqlite:" + write("text.db", "this is no database, whatever its name says");
  EXPECT_EQ(code_of_opening(text, StoreUse::read), ExitCode::no_input);
  EXPECT_EQ(code_of_opening(text, StoreUse::change), ExitCode::no_input);
  EXPECT_EQ(code_of_opening(text, StoreUse::create), ExitCode::cannot_create);
  const std::string store = "sqlite:" + path("no/such/folder.db");
  EXPECT_EQ(code_of_opening(store, StoreUse::create), ExitCode::cannot_create);
}

TEST_F(StoreOption, ADatabaseThatIsAwayIsUnavailable) {
  const std::string store = "postgresql://tecs:secret@/tecs?host=" + path("no-socket-here");
  EXPECT_EQ(code_of_opening(store, StoreUse::change), ExitCode::unavailable);
  const auto opened = open_store(values({"--store", store.c_str()}), StoreUse::read);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().sentence, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace tecs
