#include "milter/receiver_stores.hpp"

#include <utility>
#include <variant>

#include "verdicts/deferred_store.hpp"
#include "verdicts/former_store.hpp"
#include "verdicts/sqlite_verdict_store.hpp"

namespace tecs {
namespace {

using Former = std::shared_ptr<FormerStore>;

Expected<std::unique_ptr<VerdictStore>> open_own(const StoreName& name, bool forward) {
  return SqliteVerdictStore::open(std::get<StoreName::SqliteFile>(name.place()).path, StoreMode::read_write,
                                  SqliteStoreOptions{.forward = forward});
}

Expected<std::unique_ptr<ForwardQueue>> open_queue(const StoreName& name) {
  return open_verdict_database(name, StoreMode::read_write).map(make_forward_queue);
}

Expected<std::unique_ptr<VerdictStore>> own_store(const MilterOptions& options, const Former& former) {
  const auto open = [name = options.store, forward = options.forward.has_value()] {
    return open_own(name, forward);
  };
  if (!former) return open();
  return defer_store([former, open] { return former->bring_up_to_date().and_then(open); });
}

Expected<std::unique_ptr<ForwardQueue>> own_queue(const MilterOptions& options, const Former& former) {
  const auto open = [name = options.store] { return open_queue(name); };
  if (!former) return open();
  return defer_queue([former, open] { return former->bring_up_to_date().and_then(open); });
}

Expected<std::optional<VerdictForwarder::Parts>> open_forwarding(const MilterOptions& options,
                                                                 const Former& former, const Clock& clock,
                                                                 const std::shared_ptr<spdlog::logger>& log) {
  if (!options.forward) return std::nullopt;
  return own_queue(options, former).map([&](std::unique_ptr<ForwardQueue> queue) {
    return std::optional<VerdictForwarder::Parts>(
        {std::move(queue),
         [name = *options.forward] { return open_verdict_store(name, StoreMode::read_write); },
         options.forward->text(), log, clock});
  });
}

// A former store either has no queue or is looked at after the next start.
Expected<std::unique_ptr<ForwardQueue>> find_left_over(const MilterOptions& options, const Former& former,
                                                       spdlog::logger& log) {
  if (options.forward || former) return nullptr;
  auto queue = open_queue(options.store);
  if (!queue) return queue;
  const auto length = (*queue)->length();
  if (!length) return tl::unexpected(length.error());
  if (*length == 0) return nullptr;
  log.warn(
      "{} verdicts wait to be forwarded, and forward is not set; \"tecs verdicts prune --forget-queue\" "
      "forgets that they wait",
      *length);
  return queue;
}

}  // namespace

Expected<ReceiverStores> ReceiverStores::open(const MilterOptions& options, const Clock& clock,
                                              const std::shared_ptr<spdlog::logger>& log) {
  const auto& file = std::get<StoreName::SqliteFile>(options.store.place());
  const auto former = FormerStore::find(file.path, clock, log);
  if (!former) return tl::unexpected(former.error());
  auto own = own_store(options, *former);
  if (!own) return tl::unexpected(own.error());
  auto forwarding = open_forwarding(options, *former, clock, log);
  if (!forwarding) return tl::unexpected(forwarding.error());
  auto left_over = find_left_over(options, *former, *log);
  if (!left_over) return tl::unexpected(left_over.error());
  return ReceiverStores{*std::move(own), *std::move(forwarding), *std::move(left_over)};
}

}  // namespace tecs
