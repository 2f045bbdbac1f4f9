#include "verdicts/postgres_text.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/postgresql_server.hpp"

namespace tecs {
namespace {

using namespace std::string_literals;

#define FFFD "\xef\xbf\xbd"

TEST(PostgresText, KeepsTextAndReplacesTheRest) {
  struct Row {
    std::string_view name;
    std::string octets;
    std::string want;
  };
  for (const Row& row : {
           Row{"nothing", "", ""},
           Row{"ASCII with all that is odd", "a\t\n\r\x01\x7f\\'\"", "a\t\n\r\x01\x7f\\'\""},
           Row{"two octets", "\xc2\x80 \xdf\xbf", "\xc2\x80 \xdf\xbf"},
           Row{"three octets", "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf",
               "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"},
           Row{"four octets", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"},
           Row{"U+FFFD itself", FFFD, FFFD},
           Row{"NUL", "a\0b\0"s, "a" FFFD "b" FFFD},
           Row{"ISO 8859-1", "caf\xe9!", "caf" FFFD "!"},
           Row{"an octet that begins nothing", "\x80\xbf\xff", FFFD FFFD FFFD},
           Row{"broken off at the end", "a\xe2\x82", "a" FFFD},
           Row{"broken off by another", "\xf0\x9f\x93|\xe2\x82\xe2\x82\xac", FFFD "|" FFFD "\xe2\x82\xac"},
           Row{"a lead octet alone", "\xe2|\xf0", FFFD "|" FFFD},
           Row{"too long for what it says", "\xc0\xaf|\xe0\x80\xaf", FFFD FFFD "|" FFFD FFFD FFFD},
           Row{"a surrogate", "\xed\xa0\x80", FFFD FFFD FFFD},
           Row{"beyond U+10FFFF", "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD},
           Row{"five octets", "\xf8\x88\x80\x80\x80", FFFD FFFD FFFD FFFD FFFD},
       }) {
    EXPECT_EQ(postgres_text(row.octets), row.want) << row.name;
    EXPECT_EQ(is_postgres_text(row.octets), row.octets == row.want) << row.name;
    EXPECT_TRUE(is_postgres_text(row.want)) << row.name;
  }
}

TEST(PostgresText, EscapesWhatWouldEndAColumn) {
  std::string row = "before";
  append_copy_text(row, "a\tb\nc\rd\\e\\N\0\xff'"s);
  EXPECT_EQ(row, "beforea\\tb\\nc\\rd\\\\e\\\\N" FFFD FFFD "'");
}

// All sequences of two octets, and three and four with the octets at which something changes: what is taken
// for text, PostgreSQL takes; what is made of the rest, too.
TEST(PostgresText, PostgresqlAgrees) {
  constexpr std::string_view edges = "\x01\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc2\xe0\xed\xef\xf0\xf4\xf5\xff";
  std::vector<std::string> samples;
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second)
      samples.push_back({static_cast<char>(first), static_cast<char>(second)});
  for (const char first : edges)
    for (const char second : edges)
      for (const char third : edges)
        for (const char fourth : edges) samples.push_back({first, second, third, fourth});

  const auto database = PostgresDatabase::connect(test::PostgresqlServer::name("postgres"), {});
  ASSERT_TRUE(database) << database.error().sentence;
  ASSERT_TRUE(
      (*database)->execute("CREATE TEMPORARY TABLE texts (text TEXT); CREATE FUNCTION pg_temp.is_text(octets "
                           "BYTEA) RETURNS BIGINT AS $$ "
                           "BEGIN PERFORM convert_from(octets, 'UTF8'); RETURN 1; "
                           "EXCEPTION WHEN OTHERS THEN RETURN 0; END $$ LANGUAGE plpgsql"));
  std::string rows;
  for (const std::string& sample : samples) {
    append_copy_text(rows, sample);
    rows += '\n';
  }
  const auto copied = (*database)->copy("COPY texts FROM STDIN", test::in_one_piece(rows));
  ASSERT_TRUE(copied) << copied.error().sentence;

  std::string hexadecimal;
  std::string want;
  for (const std::string& sample : samples) {
    for (const char octet : sample) {
      constexpr const char* digits = "0123456789abcdef";
      hexadecimal += digits[static_cast<unsigned char>(octet) >> 4U];
      hexadecimal += digits[static_cast<unsigned char>(octet) & 15U];
    }
    hexadecimal += ',';
    want += is_postgres_text(sample) ? '1' : '0';
  }
  hexadecimal.pop_back();
  std::string found;
  const auto read = (*database)->query(
      "SELECT string_agg(pg_temp.is_text(decode(octets, 'hex'))::TEXT, '' ORDER BY place) "
      "FROM string_to_table($1, ',') WITH ORDINALITY AS samples (octets, place)",
      std::vector<SqlValue>{hexadecimal}, [&](const SqlRow& row) {
        found = row.text(0);
        return true;
      });
  ASSERT_TRUE(read) << read.error().sentence;
  EXPECT_TRUE(found == want);
}

}  // namespace
}  // namespace tecs
