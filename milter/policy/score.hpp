// How much speaks against a connection: positive counts against, as administrators know it from SpamAssassin
// and rspamd.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// A number of thousandths, so that sums are exact and are printed as people wrote them. Immutable value.
class Score {
 public:
  // "4", "-0.2", "1.125": at most three decimals, from -1000 to 1000. Fails with bad_option.
  [[nodiscard]] static Expected<Score> parse(std::string_view text);

  constexpr Score() noexcept = default;
  [[nodiscard]] static constexpr Score of_thousandths(std::int32_t thousandths) noexcept {
    return Score(thousandths);
  }

  // With one decimal, or as many as it needs: "4.0", "-5.2", "0.125".
  [[nodiscard]] std::string format() const;
  // The number that is printed as format() prints it.
  [[nodiscard]] double value() const noexcept { return thousandths_ / 1000.0; }

  // Sums of some ten scores are far from overflow.
  constexpr Score& operator+=(Score other) noexcept {
    thousandths_ += other.thousandths_;
    return *this;
  }
  friend constexpr auto operator<=>(const Score&, const Score&) = default;

 private:
  explicit constexpr Score(std::int32_t thousandths) noexcept : thousandths_(thousandths) {}

  std::int32_t thousandths_ = 0;
};

}  // namespace tecs
