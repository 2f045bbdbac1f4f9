#include "verdicts/postgres_database.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "tecs/adapters/file_descriptor.hpp"
#include "unit/verdicts/postgresql_server.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class PostgresConnected : public testing::Test {
 protected:
  std::unique_ptr<PostgresDatabase> connect(const PostgresOptions& options = {}) const {
    auto connected = PostgresDatabase::connect(name, options);
    EXPECT_TRUE(connected) << connected.error().sentence;
    return connected ? std::move(*connected) : nullptr;
  }
  static std::int64_t integer(SqlDatabase& database, const std::string& sql) {
    std::int64_t number = 0;
    const auto read = database.query(sql, {}, [&](const SqlRow& row) {
      number = row.integer(0);
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return number;
  }
  static std::int64_t backend_of(SqlDatabase& database) {
    return integer(database, "SELECT pg_backend_pid()");
  }

  test::PostgresqlDatabase database;
  StoreName name = database.name();
};

TEST_F(PostgresConnected, ATransactionDoesNotGoOnInAnotherConnection) {
  const auto mine = connect();
  const auto other = connect();
  ASSERT_TRUE(mine->execute("CREATE TABLE things (name TEXT)"));
  const auto insert = [&] { return mine->execute("INSERT INTO things VALUES ('a thing')"); };
  const auto done = mine->transaction([&] {
    EXPECT_TRUE(insert());
    EXPECT_TRUE(
        other->execute("SELECT pg_terminate_backend(" + std::to_string(backend_of(*mine)) + ", 10000)"));
    EXPECT_FALSE(insert());
    const auto again = insert();
    EXPECT_FALSE(again);
    EXPECT_THAT(again.error().sentence, HasSubstr("lost in the middle of a transaction"));
    return Expected<void>{};
  });
  EXPECT_FALSE(done) << "the body overlooks it";
  EXPECT_EQ(integer(*mine, "SELECT count(*) FROM things"), 0);
}

TEST_F(PostgresConnected, ATransactionInWhichAStatementFailedIsNotTakenForStored) {
  const auto mine = connect();
  const auto done = mine->transaction([&] {
    EXPECT_FALSE(mine->execute("SELECT nothing FROM nowhere"));
    return Expected<void>{};
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().sentence, HasSubstr("nothing was stored"));
  EXPECT_EQ(integer(*mine, "SELECT 7"), 7) << "it can be used";
}

// A process of the server's that is stopped, and goes on at the end.
class Stopped {
 public:
  explicit Stopped(std::int64_t process) : process_(static_cast<pid_t>(process)) { kill(process_, SIGSTOP); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;
  ~Stopped() { kill(process_, SIGCONT); }

 private:
  pid_t process_;
};

TEST_F(PostgresConnected, AServerThatHangsIsGivenUp) {
  if (getuid() != 0) GTEST_SKIP() << "only root can stop the processes of somebody else";
  const auto mine = connect({.longest_silence = 1500ms});
  {
    const Stopped hanging(backend_of(*mine));
    const auto asked = mine->execute("SELECT 1");
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().reason, Reason::io_error);
    EXPECT_EQ(asked.error().sentence, name.text() + ": the server did not answer within 2 s");
    EXPECT_EQ(integer(*mine, "SELECT 7"), 7) << "another process of the server's answers";
  }
}

// It takes what fits into the socket, and no more.
TEST_F(PostgresConnected, AServerThatHangsInTheMiddleOfABatchIsGivenUp) {
  if (getuid() != 0) GTEST_SKIP() << "only root can stop the processes of somebody else";
  const auto mine = connect({.longest_silence = 1500ms});
  ASSERT_TRUE(mine->execute("CREATE TABLE things (name TEXT)"));
  std::string rows;
  while (rows.size() < 20'000'000) rows += "another row that must wait until the server takes it\n";
  const Stopped hanging(backend_of(*mine));
  const auto copied = mine->copy("COPY things FROM STDIN", test::in_one_piece(rows));
  ASSERT_FALSE(copied);
  EXPECT_THAT(copied.error().sentence, HasSubstr("did not answer"));
}

TEST_F(PostgresConnected, AStatementThatTakesTooLongIsEndedByTheServer) {
  const auto mine = connect({.statement_timeout = 500ms});
  const auto slept = mine->execute("SELECT pg_sleep(60)");
  ASSERT_FALSE(slept);
  EXPECT_EQ(slept.error().reason, Reason::io_error);
  EXPECT_EQ(slept.error().sentence, name.text() + ": canceling statement due to statement timeout");
  EXPECT_EQ(integer(*mine, "SELECT 7"), 7);
}

// A socket that is listened to and never answered.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_.number(), any, size) != 0 || listen(socket_.number(), 5) != 0 ||
        getsockname(socket_.number(), any, &size) != 0)
      throw std::runtime_error("no socket");
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] StoreName name() const {
    return StoreName::parse("postgresql://tecs:secret@127.0.0.1:" + std::to_string(port_) + "/verdicts")
        .value();
  }

 private:
  FileDescriptor socket_;
  std::uint16_t port_ = 0;
};

TEST_F(PostgresConnected, AServerThatAcceptsAndSaysNothingIsGivenUp) {
  const SilentServer silent;
  const auto connected = PostgresDatabase::connect(silent.name(), {.connect_timeout = 2s});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().reason, Reason::io_error);
  EXPECT_THAT(connected.error().sentence, HasSubstr("timeout expired"));
  EXPECT_THAT(connected.error().sentence, HasSubstr("tecs:***@127.0.0.1"));
  EXPECT_THAT(connected.error().sentence, Not(HasSubstr("secret")));
}

TEST_F(PostgresConnected, AServerThatIsNotThereIsNamed) {
  const auto connected = PostgresDatabase::connect(
      StoreName::parse("postgresql://tecs:secret@/verdicts?host=/nowhere&port=7").value(), {});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().reason, Reason::io_error);
  EXPECT_EQ(connected.error().sentence,
            "postgresql://tecs:***@/verdicts?host=/nowhere&port=7: connection to server on socket "
            "\"/nowhere/.s.PGSQL.7\" failed: No such file or directory");
}

TEST_F(PostgresConnected, CopyIsOnlyTakenWhereItBelongs) {
  const auto mine = connect();
  ASSERT_TRUE(mine->execute("CREATE TABLE things (name TEXT)"));
  for (const char* sql : {"COPY things FROM STDIN", "COPY things TO STDOUT"}) {
    EXPECT_FALSE(mine->execute(sql)) << sql;
    EXPECT_EQ(integer(*mine, "SELECT 7"), 7) << "after " << sql;
  }
  for (const char* sql : {"SELECT 1", "COPY nowhere FROM STDIN", "COPY things FROM STDIN (FORMAT BINARY)"}) {
    EXPECT_FALSE(mine->copy(sql, test::in_one_piece("a\n"))) << sql;
    EXPECT_EQ(integer(*mine, "SELECT 7"), 7) << "after " << sql;
  }
  EXPECT_FALSE(mine->copy("COPY things FROM STDIN", test::in_one_piece("two\tcolumns\n")));
  EXPECT_TRUE(mine->copy("COPY things FROM STDIN", test::in_one_piece("one\n")));
  EXPECT_EQ(integer(*mine, "SELECT count(*) FROM things"), 1);
}

// The server refuses the first row while the last are still on their way.
TEST_F(PostgresConnected, ACopyThatIsRefusedAtOnceSaysWhy) {
  const auto mine = connect();
  ASSERT_TRUE(mine->execute("CREATE TABLE numbers (number BIGINT)"));
  std::string rows = "not a number\n";
  while (rows.size() < 20'000'000) rows += "12345678901234567\n";
  const auto copied = mine->copy("COPY numbers FROM STDIN", test::in_one_piece(rows));
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().reason, Reason::protocol_error);
  EXPECT_THAT(copied.error().sentence, HasSubstr("invalid input syntax for type bigint"));
  EXPECT_EQ(integer(*mine, "SELECT count(*) FROM numbers"), 0);
}

}  // namespace
}  // namespace tecs
