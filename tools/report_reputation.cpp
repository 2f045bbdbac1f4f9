#include "tools/report_reputation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string_view sign_of(Reputation reputation) noexcept {
  switch (reputation) {
    case Reputation::good:
      return "●";
    case Reputation::medium:
      return "▲";
    case Reputation::bad:
      return "■";
    case Reputation::unknown:
      break;
  }
  return "○";
}

}  // namespace

std::string reputation_badge(const std::optional<ReportedReputation>& reputation) {
  if (!reputation) return "<span class=\"badge none\">none</span>";
  const std::string state(word(reputation->state));
  std::string html = "<span class=\"badge " + state + "\"><i aria-hidden=\"true\">" +
                     std::string(sign_of(reputation->state)) + "</i> " + state + "</span>";
  if (!reputation->of_organizational.empty()) {
    html += " <small>of " + html_stranger_text(reputation->of_organizational) + "</small>";
  }
  return html;
}

std::string reputation_number(const std::optional<ReportedReputation>& reputation) {
  if (!reputation) return "–";
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.begin(), text.end(), std::clamp(reputation->number, 0.0, 1.0),
                                     std::chars_format::fixed, /*precision=*/2);
  return {text.data(), written.ptr};
}

}  // namespace tecs
