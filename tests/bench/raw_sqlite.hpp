// SQLite by itself: verdicts put into the same table by hand, and nothing counted.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "verdicts/verdict.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tecs::bench {

// Whatever fails ends the program.
class RawSqlite {
 public:
  // Makes the file, with the tables and settings of a verdict store.
  explicit RawSqlite(const std::string& file);

  // What can be made ready before the time is taken.
  void get_ready(std::span<const Verdict> verdicts);
  // One transaction. The verdicts are those that it was made ready for.
  void write(std::span<const Verdict> verdicts);

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  void execute(const std::string& sql);
  void insert(const Verdict& verdict, const std::string& time);

  std::unique_ptr<sqlite3, Close> connection_;
  std::unique_ptr<sqlite3_stmt, Close> insert_;
  std::vector<std::string> times_;
};

}  // namespace tecs::bench
