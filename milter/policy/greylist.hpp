// The memory of greylisting: an SQLite file, so that a restart makes nobody wait anew.
//
// It is asked in libmilter's threads and works on the file there and then: that is simple, loses nothing, and
// several daemons may share a file. What keeps mail moving: a commit waits for no disk (WAL, synchronous =
// NORMAL; a checkpoint does, once in some hundred commits), nobody waits longer than `patience` for his turn
// or for another's lock, and whatever goes wrong lets the mail through.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "milter/policy/greylist_entry.hpp"
#include "tecs/adapters/repeat_limit.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "verdicts/sqlite_connection.hpp"

namespace tecs {

// Thread safe. The clock must outlive this.
class Greylist {
 public:
  static constexpr std::chrono::milliseconds patience{50};

  // file: of SQLite; it is made when it is not there. Opened when it is first needed, or with open().
  Greylist(std::string file, const Clock& clock, std::shared_ptr<spdlog::logger> log);
  Greylist(const Greylist&) = delete;
  Greylist& operator=(const Greylist&) = delete;
  ~Greylist() = default;

  // For the start, when somebody reads what is wrong. Fails with io_error; admits() will try again.
  [[nodiscard]] Expected<void> open();

  // True: the client may go on. Remembers that it came. name: of greylist_name(). Also true, and once a
  // minute in the log, when the file cannot be used or is full of clients that have not yet come again; after
  // a fault it is left alone for a second.
  [[nodiscard]] bool admits(const std::string& name, const GreylistLimits& limits);

 private:
  class Turn;
  struct Store {
    SqliteConnection connection;
    SqliteStatement find;
    SqliteStatement put;
    SqliteStatement forget;
    SqliteStatement count;
    std::size_t entries;
  };

  [[nodiscard]] Expected<void> ensure_store();
  [[nodiscard]] Expected<Store> open_store() const;
  [[nodiscard]] Expected<GreylistAnswer> ask(const std::string& name, const GreylistLimits& limits);
  [[nodiscard]] Expected<GreylistAnswer> step(const std::string& name, const GreylistLimits& limits);
  [[nodiscard]] Expected<bool> has_room(std::chrono::sys_seconds now, const GreylistLimits& limits);
  void complain(const std::string& sentence);

  const std::string file_;
  const Clock& clock_;
  const std::shared_ptr<spdlog::logger> log_;
  RepeatLimit complaints_;
  std::mutex mutex_;
  std::condition_variable free_;
  bool busy_ = false;  // somebody has the turn; what follows is theirs
  std::optional<Store> store_;
  std::optional<std::chrono::steady_clock::time_point> fault_;  // the last one
};

}  // namespace tecs
