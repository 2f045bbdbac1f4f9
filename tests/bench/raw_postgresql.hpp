// PostgreSQL by itself: verdicts put into the same table by COPY, and nothing counted.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "verdicts/postgres_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs::bench {

// Whatever fails ends the program.
class RawPostgresql {
 public:
  // Makes the tables of a verdict store.
  explicit RawPostgresql(const StoreName& name);

  // What can be made ready before the time is taken.
  void get_ready(std::span<const Verdict> verdicts);
  // One transaction. The verdicts are those that it was made ready for.
  void write(std::span<const Verdict> verdicts);

 private:
  std::unique_ptr<PostgresDatabase> database_;
  std::string rows_;
};

}  // namespace tecs::bench
