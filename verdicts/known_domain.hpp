// Domains that have passed at least once, and since when: the age of a domain outlives its verdicts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct KnownDomain {
  std::string domain;
  std::string organizational_domain;
  Verdict::Time first{};  // pass
  Verdict::Time last{};   // the day of the last

  friend bool operator==(const KnownDomain&, const KnownDomain&) = default;
};

// Empty: it never passed. Fails with io_error, as the next.
[[nodiscard]] Expected<std::optional<KnownDomain>> find_known_domain(SqlDatabase& database,
                                                                     const std::string& domain);

// Those first seen from then on, newest first; at most so many.
[[nodiscard]] Expected<std::vector<KnownDomain>> find_new_domains(SqlDatabase& database, Verdict::Time since,
                                                                  std::size_t limit);

}  // namespace tecs
