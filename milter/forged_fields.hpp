// Which fields of one name must not stay in a message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tecs {

// Plain value.
class ForgedFields {
 public:
  // Each deletion makes the MTA go through the whole header, so a message made of nothing else would keep it
  // busy for hours.
  static constexpr std::size_t maximum = 100;

  // To be called for each field of that name, in the order of the message.
  void add(bool forged) {
    ++occurrences_;
    if (!forged || too_many()) return;  // that is known, and memory is not for strangers
    forged_.push_back(occurrences_);
  }

  [[nodiscard]] bool too_many() const noexcept { return forged_.size() > maximum; }

  // The first of the message is 1. Deleting the lower ones first would shift the others and leave forged
  // fields standing (CVE-2022-48521).
  [[nodiscard]] std::vector<std::uint32_t> highest_first() const {
    return {forged_.rbegin(), forged_.rend()};
  }

 private:
  std::uint32_t occurrences_ = 0;
  std::vector<std::uint32_t> forged_;  // ascending
};

}  // namespace tecs
