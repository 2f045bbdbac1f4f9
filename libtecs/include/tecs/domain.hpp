// Names that may be printed anywhere: every label was checked, so that a stranger's text never reaches a
// header, a log or a query (RFC 5321 section 4.1.2 sub-domain; A-labels only).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/error.hpp"

namespace tecs {

// A signing domain (d=), in lower case. Immutable value; thread safe.
class TECS_API Domain {
 public:
  // At least two labels, at most 253 octets, no final dot. Fails with bad_domain.
  [[nodiscard]] static Expected<Domain> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  friend auto operator<=>(const Domain&, const Domain&) = default;

 private:
  explicit Domain(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

// A DKIM selector (s=; RFC 6376 section 3.1): one label or more, in lower case. Immutable value; thread safe.
class TECS_API Selector {
 public:
  // Fails with bad_selector.
  [[nodiscard]] static Expected<Selector> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  friend auto operator<=>(const Selector&, const Selector&) = default;

 private:
  explicit Selector(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace tecs
