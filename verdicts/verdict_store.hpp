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
#include "verdicts/verdict.hpp"

namespace tecs {

// Every condition that is set must hold.
struct VerdictQuery {
  std::optional<std::string> id{};       // exactly this one
  std::optional<Verdict::Time> since{};  // this time or later
  std::optional<std::string> domain{};   // exactly this d=; letters of either case
  std::optional<Result> result{};
  std::optional<std::size_t> limit{};  // the newest so many
};

// One thread at a time may use a store; any number of stores, in any number of processes, may have the same
// place open.
class VerdictStore {
 public:
  VerdictStore() = default;
  VerdictStore(const VerdictStore&) = delete;
  VerdictStore& operator=(const VerdictStore&) = delete;
  virtual ~VerdictStore() = default;

  // All or nothing, on disk when it returns. A verdict whose id is already there is passed over, so that a
  // batch may be written again when it is not known whether it arrived. Fails with io_error.
  [[nodiscard]] virtual Expected<void> write(std::span<const Verdict> verdicts) = 0;

  // Calls visit for each, newest first; verdicts of the same millisecond in descending order of their id.
  // Stops early when visit returns false. Fails with io_error, possibly after some were visited. visit must
  // not use this store.
  [[nodiscard]] virtual Expected<void> select(const VerdictQuery& query,
                                              const std::function<bool(const Verdict&)>& visit) = 0;
};

enum class StoreMode : std::uint8_t {
  read_only,   // for people's tools: the store must exist, and somebody else may be writing
  read_write,  // for the receiver: the store is created when it does not exist
};

// name: "sqlite:FILE". Fails with bad_option for any other form, with io_error when the store cannot be
// opened, is not a verdict store, or was made by a newer version of this program.
[[nodiscard]] Expected<std::unique_ptr<VerdictStore>> open_verdict_store(std::string_view name,
                                                                         StoreMode mode);

}  // namespace tecs
