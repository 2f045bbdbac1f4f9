#include "verdicts/store_name.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Shown {
  const char* name;
  std::string_view written;
  std::string_view want;
};

class ShownStoreName : public testing::TestWithParam<Shown> {};

TEST_P(ShownStoreName, has_no_password) {
  const auto name = StoreName::parse(GetParam().written);
  ASSERT_TRUE(name) << name.error().sentence;
  EXPECT_EQ(name->text(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    StoreName, ShownStoreName,
    testing::Values(
        Shown{"file", "sqlite:/var/lib/tecs/verdicts.db", "sqlite:/var/lib/tecs/verdicts.db"},
        Shown{"file_that_looks_like_an_address", "sqlite:a:b@c", "sqlite:a:b@c"},
        Shown{"host", "postgresql://db.example/tecs", "postgresql://db.example/tecs"},
        Shown{"short_scheme", "postgres://db.example/tecs", "postgres://db.example/tecs"},
        Shown{"user", "postgresql://tecs@db.example/tecs", "postgresql://tecs@db.example/tecs"},
        Shown{"password", "postgresql://tecs:secret@db/tecs", "postgresql://tecs:***@db/tecs"},
        Shown{"password_with_an_at", "postgresql://tecs:s@cret@db/tecs", "postgresql://tecs:***@db/tecs"},
        Shown{"password_with_a_question_mark", "postgresql://u:s?cret@h/d", "postgresql://u:***@h/d"},
        Shown{"password_with_a_number_sign", "postgresql://u:s#cret@h/d", "postgresql://u:***@h/d"},
        Shown{"password_with_a_slash", "postgresql://u:s/cret@h/d", "postgresql://u:***@h/d"},
        Shown{"password_with_everything", "postgresql://u:s:/?@cret@h/d", "postgresql://u:***@h/d"},
        Shown{"password_that_begins_like_a_port", "postgresql://tecs:4711/secret@db.example/tecs",
              "postgresql://tecs:***@db.example/tecs"},
        Shown{"password_that_begins_with_a_slash", "postgresql://tecs:/secret@db.example/tecs",
              "postgresql://tecs:***@db.example/tecs"},
        Shown{"password_that_begins_like_two_hosts", "postgresql://tecs:12,secret/x@db/tecs",
              "postgresql://tecs:***@db/tecs"},
        Shown{"password_with_an_at_and_a_slash", "postgresql://u:p@a/b@db", "postgresql://u:***@db"},
        Shown{"password_with_digits_and_a_question_mark", "postgresql://u:47/se?cret@db/d",
              "postgresql://u:***@db/d"},
        Shown{"ipv6_alone", "postgresql://[2001:db8::1]:5432/d", "postgresql://[2001:db8::1]:5432/d"},
        Shown{"hidden_name_of_a_parameter", "postgresql://h/d?pass%77ord=secret",
              "postgresql://h/d?pass%77ord=***"},
        Shown{"several_hosts", "postgresql://h:5432,i:5433/d?user=a@b",
              "postgresql://h:5432,i:5433/d?user=a@b"},
        Shown{"ipv6_and_an_at", "postgresql://[2001:db8::1]/d?user=a@b",
              "postgresql://[2001:db8::1]/d?user=a@b"},
        Shown{"empty_password", "postgresql://tecs:@db/tecs", "postgresql://tecs:***@db/tecs"},
        Shown{"port_is_no_password", "postgresql://tecs@db:5433/tecs", "postgresql://tecs@db:5433/tecs"},
        Shown{"ipv6", "postgresql://u:p@[2001:db8::1]:5433/d", "postgresql://u:***@[2001:db8::1]:5433/d"},
        Shown{"parameter", "postgresql:///tecs?host=/run/postgresql&password=secret&user=u",
              "postgresql:///tecs?host=/run/postgresql&password=***&user=u"},
        Shown{"both_kinds", "postgresql://u:p@h/d?sslpassword=x&password=y",
              "postgresql://u:***@h/d?sslpassword=***&password=***"},
        Shown{"at_in_a_parameter", "postgresql://h:5432/d?user=a@b", "postgresql://h:5432/d?user=a@b"}),
    [](const auto& row) { return row.param.name; });

TEST(StoreName, keeps_what_opens_it) {
  const auto file = StoreName::parse("sqlite:/tmp/v.db");
  ASSERT_TRUE(file);
  EXPECT_EQ(std::get<StoreName::SqliteFile>(file->place()).path, "/tmp/v.db");
  const auto database = StoreName::parse("postgresql://u:p@h/d");
  ASSERT_TRUE(database);
  EXPECT_EQ(std::get<StoreName::PostgresDatabase>(database->place()).uri, "postgresql://u:p@h/d");
}

TEST(StoreName, anything_else_is_refused_and_not_repeated) {
  for (const std::string_view text :
       {std::string_view(), std::string_view("sqlite:"), std::string_view("/tmp/v.db"),
        std::string_view("mysql://u:secret@h/d"), std::string_view("postgresql:/h"),
        std::string_view("sqlite:/tmp/a\0b", 15)}) {
    const auto name = StoreName::parse(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.error().reason, Reason::bad_option);
    EXPECT_EQ(name.error().sentence.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace tecs
