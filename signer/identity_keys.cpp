#include "signer/identity_keys.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "tecs/adapters/key_file.hpp"

namespace tecs {
namespace {

// Fewer are not worth a thread.
constexpr std::size_t keys_a_thread = 100;

// What the threads share. They take paths in their order, so all that stands before an error is read.
class KeyReading {
 public:
  explicit KeyReading(const std::vector<std::string>& paths) : paths_(paths), keys_(paths.size()) {}

  // Any number of threads at once.
  void read_all() {
    while (const auto index = take()) {
      auto key = read_key_file(paths_[*index]);
      const std::lock_guard lock(mutex_);
      if (key) {
        keys_[*index] = *std::move(key);
      } else if (!error_ || *index < error_->index) {
        error_ = KeyFileError{*index, std::move(key.error())};
      }
    }
  }

  // Once all threads have ended.
  [[nodiscard]] tl::expected<std::vector<SigningKey>, KeyFileError> result() {
    if (error_) return tl::unexpected(*std::move(error_));
    std::vector<SigningKey> keys;
    keys.reserve(keys_.size());
    for (std::optional<SigningKey>& key : keys_) keys.push_back(*std::move(key));
    return keys;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    if (error_ || next_ == paths_.size()) return std::nullopt;
    return next_++;
  }

  const std::vector<std::string>& paths_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::vector<std::optional<SigningKey>> keys_;
  std::optional<KeyFileError> error_;
};

}  // namespace

tl::expected<std::vector<SigningKey>, KeyFileError> read_key_files(const std::vector<std::string>& paths) {
  KeyReading reading(paths);
  const std::size_t useful =
      std::min<std::size_t>(std::thread::hardware_concurrency(), paths.size() / keys_a_thread);
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < useful; ++i) others.emplace_back([&reading] { reading.read_all(); });
    reading.read_all();
  }
  return reading.result();
}

}  // namespace tecs
