// A source of keys that answers as the test says and counts how often it was asked.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "tecs/key_source.hpp"

namespace tecs::test {

class ScriptedSource final : public KeySource {
 public:
  using Script = std::function<KeyLookup(const std::string& name)>;
  explicit ScriptedSource(Script script) : script_(std::move(script)) {}

  KeyLookup lookup(const std::string& name) override {
    {
      const std::scoped_lock lock(mutex_);
      ++asked_[name];
      changed_.notify_all();
    }
    return script_(name);
  }

  [[nodiscard]] int asked(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return asked_[name];
  }
  void wait_until_asked(const std::string& name) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_[name] > 0; });
  }

 private:
  Script script_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> asked_;
};

inline KeyLookup found(std::chrono::seconds ttl, bool dnssec = false) {
  return {std::make_shared<const KeyRecord>(), ttl, dnssec};
}
inline KeyLookup absent(std::chrono::seconds ttl) {
  return {std::shared_ptr<const KeyRecord>(), ttl, false};
}
inline KeyLookup failed(Reason reason, std::chrono::seconds ttl = std::chrono::seconds(0)) {
  return {failure(reason, "a sentence"), ttl, false};
}

}  // namespace tecs::test
