#include "verdicts/postgres_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <optional>
#include <vector>

#include "verdicts/postgres_error.hpp"
#include "verdicts/postgres_uri.hpp"

namespace tecs {
namespace {

// So many rows that nobody wants are read rather than connecting anew.
constexpr std::uint64_t most_unwanted_rows = 1'000;
// What is handed to libpq at once.
constexpr std::size_t copy_piece = std::size_t{1} << 20U;

// A server that is no longer there, or whose network is not, is found out within a minute also when nothing
// is asked of it. The URI has the last word: its own settings override those that stand before it.
std::unique_ptr<PGconn, void (*)(PGconn*)> connect(const std::string& uri, const PostgresOptions& options) {
  const std::string timeout = std::to_string(options.connect_timeout.count());
  const std::string silence = std::to_string(std::min<std::int64_t>(options.longest_silence.count(), 60'000));
  const std::array<const char*, 9> names{"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                         "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                                         "dbname",           "client_encoding",  nullptr};
  const std::array<const char*, 9> values{timeout.c_str(), "30",        "10",   "3",    silence.c_str(),
                                          "tecs",          uri.c_str(), "UTF8", nullptr};
  return {PQconnectdbParams(names.data(), values.data(), 1), PQfinish};
}

void ignore_notice(void*, const PGresult*) {}

// A server that was told to give up synced commits would lose verdicts that it has acknowledged. A writer
// that dies without a word must not keep the others from the rows that it had locked.
std::string settings(const PostgresOptions& options) {
  return "SET statement_timeout = " + std::to_string(options.statement_timeout.count()) +
         "; SET idle_in_transaction_session_timeout = '5min'; SET default_transaction_read_only = " +
         (options.read_only ? "on" : "off") +
         "; SELECT set_config('synchronous_commit', 'on', false) "
         "WHERE current_setting('synchronous_commit') = 'off'";
}

}  // namespace

void PostgresResult::Clear::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

bool PostgresResult::is_null(int column) const noexcept {
  return PQgetisnull(result_.get(), 0, column) == 1;
}

std::string_view PostgresResult::text(int column) const noexcept {
  return {PQgetvalue(result_.get(), 0, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), 0, column))};
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

Expected<PostgresConnection> PostgresConnection::open(const StoreName& name, const PostgresOptions& options) {
  const std::string& uri = std::get<StoreName::PostgresDatabase>(name.place()).uri;
  if (const auto readable = check_postgres_uri(uri); !readable) return tl::unexpected(readable.error());
  std::unique_ptr<pg_conn, Finish> made(connect(uri, options).release());
  if (!made) return failure(Reason::io_error, name.text() + ": out of memory");
  PostgresConnection connection(std::move(made), name.text(), options);
  if (PQstatus(connection.connection_.get()) != CONNECTION_OK) return connection.failed();
  PQsetNoticeReceiver(connection.connection_.get(), ignore_notice, nullptr);
  if (PQsetnonblocking(connection.connection_.get(), 1) != 0) return connection.failed();
  if (const auto ready = connection.set_up(options); !ready) return tl::unexpected(ready.error());
  return connection;
}

Expected<void> PostgresConnection::set_up(const PostgresOptions& options) {
  if (auto set = execute(settings(options)); !set) return set;
  // PostgreSQL 14 and later on Linux: a statement ends when nobody waits for it any more. Others do without.
  const auto checked = execute("SET client_connection_check_interval = '2s'");
  return checked || !lost() ? Expected<void>{} : checked;
}

bool PostgresConnection::lost() noexcept {
  if (!connection_) return true;
  PGconn* connection = connection_.get();
  // Somebody left in the middle of an answer.
  if (PQtransactionStatus(connection) == PQTRANS_ACTIVE) return true;
  while (PQstatus(connection) == CONNECTION_OK) {
    pollfd socket{PQsocket(connection), POLLIN, 0};
    if (poll(&socket, 1, 0) <= 0) return false;
    if (PQconsumeInput(connection) == 0) return true;
  }
  return true;
}

bool PostgresConnection::in_transaction() const noexcept {
  return connection_ && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
}

bool PostgresConnection::in_failed_transaction() const noexcept {
  return connection_ && PQtransactionStatus(connection_.get()) == PQTRANS_INERROR;
}

tl::unexpected<Error> PostgresConnection::failed() const {
  return failure(Reason::io_error, name_ + ": " + postgres_sentence(PQerrorMessage(connection_.get())));
}

tl::unexpected<Error> PostgresConnection::give_up(const std::string& why) {
  connection_.reset();
  return failure(Reason::io_error, name_ + ": " + why);
}

// The details of a message are left out: they repeat what stands in rows.
tl::unexpected<Error> PostgresConnection::refused(const PostgresResult& result) const {
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view sqlstate = state == nullptr ? "" : state;
  std::string sentence = name_ + ": ";
  sentence += postgres_sentence(message == nullptr ? PQresultErrorMessage(result.get()) : message);
  // insufficient_privilege: who it is that lacks it may come from ~/.pgpass or the environment.
  if (sqlstate == "42501") sentence += " (as the role " + postgres_sentence(PQuser(connection_.get())) + ")";
  return failure(reason_of_sqlstate(sqlstate), std::move(sentence));
}

// Also reads while it waits to write: a server that cannot get rid of its answer takes nothing more.
Expected<void> PostgresConnection::wait(bool also_to_write) {
  const auto silence = std::min<std::chrono::milliseconds::rep>(longest_silence_.count(), INT_MAX);
  const int events = also_to_write ? POLLIN | POLLOUT : POLLIN;
  pollfd socket{PQsocket(connection_.get()), static_cast<short>(events), 0};
  const int ready = poll(&socket, 1, static_cast<int>(silence));
  if (ready == 0) {
    return give_up("the server did not answer within " +
                   std::to_string(std::chrono::ceil<std::chrono::seconds>(longest_silence_).count()) + " s");
  }
  if (ready < 0) return errno == EINTR ? Expected<void>{} : give_up("its socket cannot be waited for");
  // What the server said before it went is still to be read.
  if ((socket.revents & ~POLLOUT) != 0) static_cast<void>(PQconsumeInput(connection_.get()));
  return {};
}

Expected<void> PostgresConnection::flush() {
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return failed();
    if (auto waited = wait(true); !waited) return waited;
  }
}

Expected<PostgresResult> PostgresConnection::next_result() {
  while (PQisBusy(connection_.get()) == 1 && PQstatus(connection_.get()) == CONNECTION_OK) {
    if (const auto waited = wait(false); !waited) return tl::unexpected(waited.error());
  }
  return PostgresResult(PQgetResult(connection_.get()));
}

// Reads all that the server answers: as long as something is left, nothing else can be asked.
Expected<std::uint64_t> PostgresConnection::collect(const Visit& visit) {
  std::optional<Error> error;
  std::uint64_t count = 0;
  bool wanted = true;
  std::uint64_t unwanted = 0;
  while (true) {
    const auto result = next_result();
    if (!result) return tl::unexpected(result.error());
    if (!*result) break;
    const ExecStatusType status = PQresultStatus(result->get());
    if (status == PGRES_SINGLE_TUPLE) {
      if (wanted && visit) {
        wanted = visit(*result);
      } else if (++unwanted > most_unwanted_rows && may_be_left_) {
        connection_.reset();
        return count;
      }
    } else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      const std::string_view changed = PQcmdTuples(result->get());
      std::from_chars(changed.data(), changed.data() + changed.size(), count);
    } else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      return give_up("a statement asks for a COPY where none belongs");
    } else if (status != PGRES_EMPTY_QUERY && !error) {
      error = refused(*result).value();
    }
  }
  if (error) return tl::unexpected(std::move(*error));
  return count;
}

Expected<void> PostgresConnection::execute(const std::string& sql) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) return failed();
  return flush().and_then([&] { return collect({}); }).map([](std::uint64_t) {});
}

Expected<void> PostgresConnection::prepare(const std::string& statement, const std::string& sql,
                                           std::span<const PostgresParameter> parameters) {
  std::vector<Oid> types;
  types.reserve(parameters.size());
  for (const PostgresParameter& parameter : parameters) types.push_back(parameter.type);
  if (PQsendPrepare(connection_.get(), statement.c_str(), sql.c_str(), static_cast<int>(types.size()),
                    types.data()) == 0)
    return failed();
  return flush().and_then([&] { return collect({}); }).map([](std::uint64_t) {});
}

Expected<std::uint64_t> PostgresConnection::run(const std::string& statement,
                                                std::span<const PostgresParameter> parameters,
                                                const Visit& visit) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const PostgresParameter& parameter : parameters)
    values.push_back(parameter.text ? parameter.text->c_str() : nullptr);
  may_be_left_ = !in_transaction();
  if (PQsendQueryPrepared(connection_.get(), statement.c_str(), static_cast<int>(values.size()),
                          values.data(), nullptr, nullptr, 0) == 0)
    return failed();
  if (visit && PQsetSingleRowMode(connection_.get()) == 0) return give_up("rows cannot be had one by one");
  return flush().and_then([&] { return collect(visit); });
}

// True once the server wants rows.
Expected<void> PostgresConnection::wait_for_copy() {
  while (true) {
    const auto result = next_result();
    if (!result) return tl::unexpected(result.error());
    if (!*result) return give_up("no statement asks for the rows of a COPY");
    const ExecStatusType status = PQresultStatus(result->get());
    if (status == PGRES_COPY_IN) return {};
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) continue;
    const auto error = refused(*result);
    static_cast<void>(collect({}));
    return error;
  }
}

// The server has answered before it had all rows.
Expected<void> PostgresConnection::copy_refused() {
  const auto answer = collect({});
  return answer ? Expected<void>(give_up("the rows of a COPY are not taken"))
                : tl::unexpected(answer.error());
}

Expected<void> PostgresConnection::copy(const std::string& sql,
                                        const std::function<std::string()>& next_rows) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) return failed();
  if (auto wanted = flush().and_then([&] { return wait_for_copy(); }); !wanted) return wanted;
  // 0 stands for "not before something is written".
  const auto put = [&](auto call) -> Expected<void> {
    while (true) {
      const int done = call();
      if (done < 0) return copy_refused();
      if (auto flushed = flush(); !flushed) return flushed;
      if (done > 0) return {};
    }
  };
  for (std::string rows = next_rows(); !rows.empty(); rows = next_rows()) {
    for (std::size_t at = 0; at < rows.size(); at += copy_piece) {
      const auto octets = static_cast<int>(std::min(copy_piece, rows.size() - at));
      auto sent = put([&] { return PQputCopyData(connection_.get(), rows.data() + at, octets); });
      if (!sent) return sent;
    }
  }
  return put([&] { return PQputCopyEnd(connection_.get(), nullptr); })
      .and_then([&] { return collect({}); })
      .map([](std::uint64_t) {});
}

}  // namespace tecs
