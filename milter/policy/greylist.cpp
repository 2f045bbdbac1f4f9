#include "milter/policy/greylist.hpp"

#include <utility>

namespace tecs {
namespace {

using Step = SqliteStatement::Step;

constexpr std::int64_t schema_version = 1;
constexpr std::chrono::seconds rest_after_fault{1};

constexpr const char* schema =
    "CREATE TABLE greylist (client TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL, expires INTEGER NOT "
    "NULL,"
    " known INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX greylist_by_expiry ON greylist (expires);"
    "PRAGMA user_version = 1";

// Looks before it touches anything: the file may be somebody else's.
Expected<bool> has_table(SqliteConnection& connection, const std::string& file) {
  auto statement = connection.prepare(
      "SELECT user_version, (SELECT count(*) FROM sqlite_schema),"
      " (SELECT count(*) FROM sqlite_schema WHERE name = 'greylist') FROM pragma_user_version");
  if (!statement) return tl::unexpected(statement.error());
  if (const auto step = statement->step(); !step) return tl::unexpected(step.error());
  if (statement->integer(1) == 0) return false;
  if (statement->integer(2) == 1 && statement->integer(0) == schema_version) return true;
  return failure(Reason::io_error, file + ": an SQLite file, but not a greylist of this version of TECS");
}

Expected<void> create_table(SqliteConnection& connection, const std::string& file) {
  auto created =
      connection.execute("BEGIN IMMEDIATE")
          .and_then([&] { return has_table(connection, file); })
          .and_then([&](bool found) { return found ? Expected<void>{} : connection.execute(schema); })
          .and_then([&] { return connection.execute("COMMIT"); });
  if (!created) connection.roll_back();
  return created;
}

Expected<std::int64_t> number_of(SqliteStatement& statement) {
  const auto step = statement.step();
  const std::int64_t number = step ? statement.integer(0) : 0;
  statement.reset();
  if (!step) return tl::unexpected(step.error());
  return number;
}

Expected<void> run(SqliteStatement& statement) {
  const auto step = statement.step();
  statement.reset();
  if (!step) return tl::unexpected(step.error());
  return {};
}

std::int64_t seconds(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

std::chrono::sys_seconds time_of(std::int64_t count) {
  return std::chrono::sys_seconds(std::chrono::seconds(count));
}

Expected<std::optional<GreylistEntry>> find_entry(SqliteStatement& find, const std::string& name) {
  find.bind(0, name);
  const auto step = find.step();
  std::optional<GreylistEntry> entry;
  if (step && *step == Step::row) {
    entry = GreylistEntry{time_of(find.integer(0)), time_of(find.integer(1)), find.integer(2) != 0};
  }
  find.reset();
  if (!step) return tl::unexpected(step.error());
  return entry;
}

Expected<void> put_entry(SqliteStatement& put, const std::string& name, const GreylistEntry& entry) {
  put.bind(0, name);
  put.bind(1, seconds(entry.since));
  put.bind(2, seconds(entry.expires));
  put.bind(3, std::int64_t{entry.known});
  return run(put);
}

}  // namespace

// The one who has it may work on the store.
class Greylist::Turn {
 public:
  explicit Turn(Greylist& greylist) : greylist_(greylist) {
    std::unique_lock lock(greylist_.mutex_);
    held_ = greylist_.free_.wait_for(lock, patience, [this] { return !greylist_.busy_; });
    if (held_) greylist_.busy_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!held_) return;
    {
      const std::lock_guard lock(greylist_.mutex_);
      greylist_.busy_ = false;
    }
    greylist_.free_.notify_one();
  }
  [[nodiscard]] bool held() const noexcept { return held_; }

 private:
  Greylist& greylist_;
  bool held_ = false;
};

Greylist::Greylist(std::string file, const Clock& clock, std::shared_ptr<spdlog::logger> log)
    : file_(std::move(file)),
      clock_(clock),
      log_(std::move(log)),
      complaints_(clock, std::chrono::minutes{1}) {}

Expected<void> Greylist::open() {
  const Turn turn(*this);
  if (!turn.held()) return failure(Reason::io_error, file_ + ": busy");
  return ensure_store();
}

bool Greylist::admits(const std::string& name, const GreylistLimits& limits) {
  const Turn turn(*this);
  if (!turn.held()) {
    complain(file_ + ": others hold it up");
    return true;
  }
  if (fault_ && clock_.steady() - *fault_ < rest_after_fault) return true;
  const auto answer = ask(name, limits);
  if (answer) return *answer == GreylistAnswer::pass;
  // Opened anew next time: the file may have been replaced or mended by then.
  store_.reset();
  fault_ = clock_.steady();
  complain(answer.error().sentence);
  return true;
}

void Greylist::complain(const std::string& sentence) {
  if (complaints_.due()) log_->error("greylist: {}; mail is let through without it", sentence);
}

Expected<void> Greylist::ensure_store() {
  if (store_) return {};
  auto opened = open_store();
  if (!opened) return tl::unexpected(opened.error());
  store_.emplace(std::move(*opened));
  return {};
}

Expected<Greylist::Store> Greylist::open_store() const {
  auto connection = SqliteConnection::open(file_, SqliteConnection::Access::create, patience);
  if (!connection) return tl::unexpected(connection.error());
  const auto ready = has_table(*connection, file_).and_then([&](bool found) {
    return connection->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").and_then([&] {
      return found ? Expected<void>{} : create_table(*connection, file_);
    });
  });
  if (!ready) return tl::unexpected(ready.error());

  auto find = connection->prepare("SELECT since, expires, known FROM greylist WHERE client = ?");
  if (!find) return tl::unexpected(find.error());
  auto put = connection->prepare("INSERT OR REPLACE INTO greylist VALUES (?, ?, ?, ?)");
  if (!put) return tl::unexpected(put.error());
  auto forget = connection->prepare("DELETE FROM greylist WHERE expires <= ?");
  if (!forget) return tl::unexpected(forget.error());
  auto count = connection->prepare("SELECT count(*) FROM greylist");
  if (!count) return tl::unexpected(count.error());
  const auto entries = number_of(*count);
  if (!entries) return tl::unexpected(entries.error());
  return Store{std::move(*connection), std::move(*find),  std::move(*put),
               std::move(*forget),     std::move(*count), static_cast<std::size_t>(*entries)};
}

Expected<GreylistAnswer> Greylist::ask(const std::string& name, const GreylistLimits& limits) {
  if (const auto opened = ensure_store(); !opened) return tl::unexpected(opened.error());
  // IMMEDIATE: the lock is waited for here, and not found taken in the middle.
  auto answer = store_->connection.execute("BEGIN IMMEDIATE").and_then([&] { return step(name, limits); });
  if (answer) {
    if (const auto done = store_->connection.execute("COMMIT"); !done) answer = tl::unexpected(done.error());
  }
  if (!answer) store_->connection.roll_back();
  return answer;
}

Expected<GreylistAnswer> Greylist::step(const std::string& name, const GreylistLimits& limits) {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  const auto former = find_entry(store_->find, name);
  if (!former) return tl::unexpected(former.error());
  if (!*former) {
    const auto room = has_room(now, limits);
    if (!room) return tl::unexpected(room.error());
    if (!*room) {
      complain("full with " + std::to_string(store_->entries) + " clients");
      return GreylistAnswer::pass;
    }
  }
  const GreylistStep next = greylist_step(*former, now, limits);
  if (*former == next.entry) return next.answer;
  const auto put = put_entry(store_->put, name, next.entry);
  if (!put) return tl::unexpected(put.error());
  if (!*former) ++store_->entries;
  return next.answer;
}

// Nobody who is known, or who waits, is forgotten for a stranger's sake: strangers can come from as many
// networks as they like.
Expected<bool> Greylist::has_room(std::chrono::sys_seconds now, const GreylistLimits& limits) {
  if (store_->entries < limits.maximum_entries) return true;
  store_->forget.bind(0, seconds(now));
  if (const auto forgotten = run(store_->forget); !forgotten) return tl::unexpected(forgotten.error());
  const auto entries = number_of(store_->count);
  if (!entries) return tl::unexpected(entries.error());
  store_->entries = static_cast<std::size_t>(*entries);
  return store_->entries < limits.maximum_entries;
}

}  // namespace tecs
