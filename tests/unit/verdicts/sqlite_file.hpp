// Files and SQLite files as somebody else would touch them.
#pragma once

#include <sqlite3.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tecs::test {

inline void write_file(const std::string& path, const std::string& octets) {
  std::ofstream(path, std::ios::binary) << octets;
}

inline std::string read_file(const std::string& path) {
  std::ostringstream octets;
  octets << std::ifstream(path, std::ios::binary).rdbuf();
  return octets.str();
}

// A connection without any of the settings that the store makes.
class SqliteFile {
 public:
  explicit SqliteFile(const std::string& path) {
    if (sqlite3_open(path.c_str(), &connection_) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(connection_));
    // Whoever changes the journal locks all others out for a moment.
    sqlite3_busy_timeout(connection_, 10'000);
  }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;
  ~SqliteFile() { sqlite3_close(connection_); }

  void execute(const std::string& sql) {
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(connection_));
    }
  }

  // The first column of the first row.
  std::string text(const std::string& sql) {
    std::string found;
    const auto take = [](void* place, int, char** values, char**) {
      *static_cast<std::string*>(place) = values[0] == nullptr ? "" : values[0];
      return 1;
    };
    sqlite3_exec(connection_, sql.c_str(), take, &found, nullptr);
    return found;
  }

 private:
  sqlite3* connection_ = nullptr;
};

}  // namespace tecs::test
