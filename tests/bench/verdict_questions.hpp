// What people ask of a verdict store, of the store and of the bare engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs::bench {

// Over the verdicts of ninety_days(): what it is called, and how it is asked. Both return how many rows
// answered.
struct Question {
  std::string name;
  Expected<std::size_t> (*of_store)(SqlDatabase& database, std::uint64_t verdicts);
  // Over the rows of the verdicts, by the indices that they have; $1, $2 are the values.
  std::string of_rows;
  std::vector<SqlValue> values;
};

[[nodiscard]] std::vector<Question> questions(std::uint64_t verdicts);

}  // namespace tecs::bench
