// Where verdicts are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tecs/error.hpp"
#include "verdicts/store_name.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/verdict_database.hpp"

namespace tecs {

// Every condition that is set must hold.
struct VerdictQuery {
  std::optional<std::string> id{};                     // exactly this one
  std::optional<Verdict::Time> since{};                // this time or later
  std::optional<Verdict::Time> until{};                // before this time
  std::optional<std::string> domain{};                 // exactly this d=; letters of either case
  std::optional<std::string> organizational_domain{};  // likewise
  std::optional<Result> result{};
  std::optional<std::string> reason{};  // a word of Reason
  std::optional<std::string> receiver{};
  std::optional<std::string> network{};  // exactly this client_network
  std::optional<std::size_t> limit{};    // the newest so many
  bool oldest_first = false;             // the other way round, the limit too
};

// One thread at a time may use a store; any number of stores, in any number of processes, may have the same
// place open.
class VerdictStore {
 public:
  VerdictStore() = default;
  VerdictStore(const VerdictStore&) = delete;
  VerdictStore& operator=(const VerdictStore&) = delete;
  virtual ~VerdictStore() = default;

  // What may take long and can be done before there is anything to write; otherwise the first call does it.
  // Fails with io_error, and need not be called again.
  [[nodiscard]] virtual Expected<void> prepare() { return {}; }

  // All or nothing, on disk when it returns. A verdict whose id is already there is passed over, so that a
  // batch may be written again when it is not known whether it arrived; so is one from before the time up to
  // which the store was pruned, since whether it was counted is not known any more. Fails with io_error,
  // which can pass, or with protocol_error: what stands in one of them is refused, and would be again.
  [[nodiscard]] virtual Expected<void> write(std::span<const Verdict> verdicts) = 0;

  // Calls visit for each, newest first unless asked otherwise; verdicts of the same millisecond in the order
  // of their ids, likewise. Stops early when visit returns false. Fails with io_error, possibly after some
  // were visited. visit must not use this store.
  //
  // What is visited is not one state of the store, since no such state is held while visit runs: none is
  // visited twice, all that are there from beginning to end are visited, and one that is written or deleted
  // meanwhile may be or not. It comes to an end however many are written.
  [[nodiscard]] virtual Expected<void> select(const VerdictQuery& query,
                                              const std::function<bool(const Verdict&)>& visit) = 0;
};

// Fails as open_verdict_database() does.
[[nodiscard]] Expected<std::unique_ptr<VerdictStore>> open_verdict_store(const StoreName& name,
                                                                         StoreMode mode);

}  // namespace tecs
