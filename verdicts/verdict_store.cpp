#include "verdicts/verdict_store.hpp"

#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {

Expected<std::unique_ptr<VerdictStore>> open_verdict_store(std::string_view name, StoreMode mode) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!name.starts_with(sqlite) || name.size() == sqlite.size()) {
    return failure(Reason::bad_option, "a verdict store is written sqlite:FILE");
  }
  return SqliteVerdictStore::open(std::string(name.substr(sqlite.size())), mode);
}

}  // namespace tecs
