#include "verdicts/postgres_error.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::string_literals;

TEST(PostgresError, TellsARefusedRowFromTroubleThatCanPass) {
  struct Row {
    std::string_view name, sqlstate;
    Reason want;
  };
  for (const Row& row : {
           Row{"character_not_in_repertoire", "22021", Reason::protocol_error},
           Row{"numeric_value_out_of_range", "22003", Reason::protocol_error},
           Row{"not_null_violation", "23502", Reason::protocol_error},
           Row{"program_limit_exceeded: too long for an index", "54000", Reason::protocol_error},
           Row{"nothing was said", "", Reason::io_error},
           Row{"connection_failure", "08006", Reason::io_error},
           Row{"read_only_sql_transaction", "25006", Reason::io_error},
           Row{"serialization_failure", "40001", Reason::io_error},
           Row{"deadlock_detected", "40P01", Reason::io_error},
           Row{"insufficient_privilege", "42501", Reason::io_error},
           Row{"undefined_table", "42P01", Reason::io_error},
           Row{"disk_full", "53100", Reason::io_error},
           Row{"too_many_connections", "53300", Reason::io_error},
           Row{"lock_not_available", "55P03", Reason::io_error},
           Row{"query_canceled", "57014", Reason::io_error},
           Row{"admin_shutdown", "57P01", Reason::io_error},
           Row{"io_error", "58030", Reason::io_error},
           Row{"internal_error", "XX000", Reason::io_error},
       }) {
    EXPECT_EQ(reason_of_sqlstate(row.sqlstate), row.want) << row.name;
  }
}

TEST(PostgresError, MakesOneLineOfAMessage) {
  struct Row {
    std::string_view name;
    std::string message, want;
  };
  for (const Row& row : {
           Row{"one line", "permission denied for table \"a\"\n", "permission denied for table \"a\""},
           Row{"two hosts", "first failed\nsecond failed\n", "first failed; second failed"},
           Row{"advice is left out", "no such file\n\tIs the server running?\n", "no such file"},
           Row{"what a stranger wrote", "bad \x1b[2J\xff\0!"s, "bad \\x1B[2J\\xFF\\x00!"},
           Row{"nothing", "", ""},
       }) {
    EXPECT_EQ(postgres_sentence(row.message), row.want) << row.name;
  }
  EXPECT_LT(postgres_sentence(std::string(100'000, 'x')).size(), 1'000U);
  EXPECT_LT(postgres_sentence(std::string(100'000, '\xff')).size(), 3'000U);
}

}  // namespace
}  // namespace tecs
