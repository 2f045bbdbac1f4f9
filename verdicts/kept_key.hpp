// A key that a receiver wrote down when it verified with it (Verdict::key_record), to verify with once more.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tecs/key_source.hpp"

namespace tecs {

// Immutable; any number of threads may ask at once.
class KeptKey final : public KeySource {
 public:
  // key_record: as KeyRecord::format() writes it. Of any other text, lookup() gives the error of parse().
  explicit KeptKey(std::string_view key_record)
      : record_(KeyRecord::parse(key_record).map([](KeyRecord record) {
          return std::shared_ptr<const KeyRecord>(std::make_shared<const KeyRecord>(std::move(record)));
        })) {}

  // The same under whatever name: which one it was is not kept.
  [[nodiscard]] KeyLookup lookup(const std::string& /*name*/) override { return {.record = record_}; }

 private:
  Expected<std::shared_ptr<const KeyRecord>> record_;
};

}  // namespace tecs
