#include "verdicts/deferred_store.hpp"

#include <utility>

namespace tecs {
namespace {

template <typename Part>
class Deferred {
 public:
  using Open = std::function<Expected<std::unique_ptr<Part>>()>;
  explicit Deferred(Open open) : open_(std::move(open)) {}

  [[nodiscard]] Expected<Part*> get() {
    if (part_) return part_.get();
    return open_().map([&](std::unique_ptr<Part> opened) {
      part_ = std::move(opened);
      return part_.get();
    });
  }

 private:
  const Open open_;
  std::unique_ptr<Part> part_;  // null: to be opened
};

class DeferredVerdictStore final : public VerdictStore {
 public:
  explicit DeferredVerdictStore(Deferred<VerdictStore>::Open open) : store_(std::move(open)) {}

  [[nodiscard]] Expected<void> prepare() override {
    return store_.get().and_then([](VerdictStore* store) { return store->prepare(); });
  }
  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override {
    return store_.get().and_then([&](VerdictStore* store) { return store->write(verdicts); });
  }
  [[nodiscard]] Expected<void> select(const VerdictQuery& query,
                                      const std::function<bool(const Verdict&)>& visit) override {
    return store_.get().and_then([&](VerdictStore* store) { return store->select(query, visit); });
  }

 private:
  Deferred<VerdictStore> store_;
};

class DeferredForwardQueue final : public ForwardQueue {
 public:
  explicit DeferredForwardQueue(Deferred<ForwardQueue>::Open open) : queue_(std::move(open)) {}

  [[nodiscard]] Expected<std::vector<QueuedVerdict>> front(std::size_t maximum) override {
    return queue_.get().and_then([&](ForwardQueue* queue) { return queue->front(maximum); });
  }
  [[nodiscard]] Expected<void> remove_to(std::int64_t sequence) override {
    return queue_.get().and_then([&](ForwardQueue* queue) { return queue->remove_to(sequence); });
  }
  [[nodiscard]] Expected<std::size_t> length() override {
    return queue_.get().and_then([](ForwardQueue* queue) { return queue->length(); });
  }

 private:
  Deferred<ForwardQueue> queue_;
};

}  // namespace

std::unique_ptr<VerdictStore> defer_store(std::function<Expected<std::unique_ptr<VerdictStore>>()> open) {
  return std::make_unique<DeferredVerdictStore>(std::move(open));
}

std::unique_ptr<ForwardQueue> defer_queue(std::function<Expected<std::unique_ptr<ForwardQueue>>()> open) {
  return std::make_unique<DeferredForwardQueue>(std::move(open));
}

}  // namespace tecs
