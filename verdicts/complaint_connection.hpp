// What a verdict store has of the connection that a complaint is about, and of the keys of that time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value: what of a verdict is evidence.
struct ConnectionVerdict {
  std::string id;
  Verdict::Time time{};
  std::string receiver;
  std::string server;
  std::string client;
  std::string result;
  std::string domain;
  std::string selector;
  std::chrono::sys_seconds epoch{};  // that was signed: the receiver's own and the offset
  std::string key_record;
  std::uint64_t messages = 0;
};

// All fail as SqlDatabase does. Empty: the store has no such verdict.
[[nodiscard]] Expected<std::optional<ConnectionVerdict>> find_connection_by_id(SqlDatabase& database,
                                                                               const std::string& id);

// Epochs, the first and the last of them included.
struct SignedPeriod {
  std::chrono::sys_seconds first{};
  std::chrono::sys_seconds last{};
};
// A pass for exactly that connection, with an epoch of that period. One among more than 10,000 verdicts of
// the domain after it, within the day before the epoch and some minutes after it, is not found.
[[nodiscard]] Expected<std::optional<ConnectionVerdict>> find_connection(SqlDatabase& database,
                                                                         const std::string& domain,
                                                                         const ConnectionTuple& tuple,
                                                                         const SignedPeriod& period);

// The key records with which this domain and selector passed within a week of the epoch, the nearest first
// before it, then after it; each once. Eight at most, and from the nearest 500 verdicts each way.
[[nodiscard]] Expected<std::vector<std::string>> find_kept_keys(SqlDatabase& database,
                                                                const Credential& credential, Epoch epoch);

}  // namespace tecs
