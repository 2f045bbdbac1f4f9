// What stands behind tecs_txt_answer: what the caller's look-up found so far.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tecs.h"
#include "tecs/key_source.hpp"

struct tecs_txt_answer {
 public:
  // Beyond what may stand at one name a little is kept, so that it is seen to be too much, and no more.
  void add(const char* text, std::size_t length) noexcept;
  void append(const char* string, std::size_t length) noexcept;

  // Fails with dns_error when an addition found no memory or no octets.
  [[nodiscard]] tecs::Expected<tecs::TxtAnswer> found() const;

  std::chrono::seconds ttl{0};
  bool dnssec = false;

 private:
  [[nodiscard]] std::size_t room() const noexcept;

  std::vector<std::string> texts;
  std::size_t octets = 0;
  bool broken = false;
};
