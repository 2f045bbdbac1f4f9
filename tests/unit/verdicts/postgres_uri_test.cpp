#include "verdicts/postgres_uri.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(PostgresUri, TakesWhatLibpqTakes) {
  for (const char* uri : {
           "postgresql://",
           "postgres://tecs@db.example.net/verdicts",
           "postgresql://tecs:s%40cr%2Fet%3F@db.example.net:5433/"
           "verdicts?sslmode=verify-full&connect_timeout=3",
           "postgresql://tecs@[2001:db8::1]:5432/verdicts",
           "postgresql://tecs@/verdicts?host=/run/postgresql",
           "postgresql://tecs@db1:5432,db2:5433/verdicts?target_session_attrs=read-write",
       }) {
    const auto checked = check_postgres_uri(uri);
    EXPECT_TRUE(checked) << uri << ": " << checked.error().sentence;
  }
}

TEST(PostgresUri, NeverRepeatsAPassword) {
  struct Row {
    std::string_view name, uri, want;
  };
  for (const Row& row : {
           Row{"@ as itself", "postgresql://tecs:sec@ret@db/verdicts", "an @ stands in its host"},
           Row{"/ as itself", "postgresql://tecs:secret/ret@db/verdicts", "its port is not a number"},
           Row{"/ after digits", "postgresql://tecs:4711/secret@db/verdicts",
               "an @ stands in the name of its database"},
           Row{"/ first", "postgresql://tecs:/secret@db/verdicts", "an @ stands in the name of its database"},
           Row{", and /", "postgresql://tecs:12,secret/x@db/verdicts",
               "an @ stands in the name of its database"},
           Row{"@ and /", "postgresql://u:p@a/secret@db", "an @ stands in the name of its database"},
           Row{"% as itself", "postgresql://tecs:secret%zz@db/verdicts", "libpq cannot read it"},
           Row{"%00", "postgresql://tecs:secret%00@db/verdicts", "libpq cannot read it"},
           Row{"two parameters in one", "postgresql://db/verdicts?password=sec=ret", "libpq cannot read it"},
           Row{"a parameter without a value", "postgresql://db/verdicts?secret", "libpq cannot read it"},
           Row{"an address without an end", "postgresql://tecs:secret@[2001:db8::1/verdicts",
               "libpq cannot read it"},
           Row{"no such parameter", "postgresql://tecs:secret@db/verdicts?ssl_mode=require", "\"ssl_mode\""},
       }) {
    const auto checked = check_postgres_uri(std::string(row.uri));
    ASSERT_FALSE(checked) << row.name;
    EXPECT_EQ(checked.error().reason, Reason::bad_option) << row.name;
    EXPECT_NE(checked.error().sentence.find(row.want), std::string::npos)
        << row.name << ": " << checked.error().sentence;
    EXPECT_EQ(checked.error().sentence.find("sec"), std::string::npos)
        << row.name << ": " << checked.error().sentence;
    EXPECT_EQ(checked.error().sentence.find("ret"), std::string::npos)
        << row.name << ": " << checked.error().sentence;
  }
}

}  // namespace
}  // namespace tecs
