#include "tools/verdict_table.hpp"

#include <charconv>
#include <numeric>
#include <ostream>
#include <string_view>
#include <system_error>

#include "tecs/endpoint.hpp"
#include "tools/plain_text.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t time_width = 19;
constexpr std::size_t result_width = 9;
constexpr std::size_t domain_width = 18;
constexpr std::size_t client_width = 15;
constexpr std::size_t score_width = 5;
constexpr std::size_t action_width = 10;
constexpr std::size_t remark_width = 18;
constexpr std::array widths{time_width,  result_width, domain_width, client_width,
                            score_width, action_width, remark_width};
static_assert(std::accumulate(widths.begin(), widths.end(), widths.size() - 1) == 100);

enum class Keep { beginning, end };

std::string cell(std::string_view octets, std::size_t width, Keep keep) {
  std::string text = octets.empty() ? "-" : plain_text(octets);
  if (text.size() > width) {
    text = keep == Keep::beginning ? text.substr(0, width - 1) + "~"
                                   : "~" + text.substr(text.size() - width + 1);
  }
  text.resize(width, ' ');
  return text;
}

void print_row(std::ostream& out, const std::array<std::string, widths.size()>& cells) {
  std::string line;
  for (const std::string& text : cells) line += line.empty() ? text : " " + text;
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

// Ports say little to a person, and are in the other formats.
std::string address_of(const std::string& client) {
  const auto endpoint = Endpoint::parse(client);
  return endpoint ? endpoint->address().format() : client;
}

// The point stands under the point as long as the score is one that an administrator would set.
std::string score_of(const Verdict& verdict) {
  if (!verdict.score) return cell("", score_width, Keep::beginning);
  std::array<char, 32> text{};
  const auto written =
      std::to_chars(text.begin(), text.end(), *verdict.score, std::chars_format::fixed, /*precision=*/1);
  std::string score =
      written.ec == std::errc{} ? std::string(text.data(), written.ptr) : std::string("large");
  if (score.size() < score_width) score.insert(0, score_width - score.size(), ' ');
  return cell(score, score_width, Keep::beginning);
}

std::string action_of(const Verdict& verdict) {
  const bool taken = verdict.mode != "monitor" || verdict.action.empty();
  return taken ? verdict.action : "(" + verdict.action + ")";
}

std::string remark(const Verdict& verdict) {
  const std::string testing = verdict.testing ? "t=y " : "";
  if (verdict.result == Result::pass) {
    std::string key = verdict.algorithm.substr(0, verdict.algorithm.find('-'));
    if (key == "rsa") key += " " + std::to_string(verdict.key_bits);
    return testing + key + (verdict.dnssec ? " dnssec" : "");
  }
  if (verdict.result == Result::none) return verdict.helo.empty() ? "" : "helo " + verdict.helo;
  return testing + verdict.reason;
}

}  // namespace

VerdictTable::VerdictTable(std::ostream& out) : out_(out) {
  constexpr std::array<std::string_view, widths.size()> names{"TIME (UTC)", "RESULT", "DOMAIN", "CLIENT",
                                                              "SCORE",      "ACTION", "REMARK"};
  std::array<std::string, widths.size()> cells;
  for (std::size_t i = 0; i < names.size(); ++i) cells[i] = cell(names[i], widths[i], Keep::beginning);
  print_row(out_, cells);
}

void VerdictTable::print(const Verdict& verdict) {
  std::string time = encode_field(verdict.time).substr(0, time_width);  // without the milliseconds
  if (const std::size_t separator = time.find('T'); separator != std::string::npos) time[separator] = ' ';
  print_row(out_, {cell(time, time_width, Keep::beginning),
                   cell(word(verdict.result), result_width, Keep::beginning),
                   cell(verdict.domain, domain_width, Keep::end),
                   cell(address_of(verdict.client), client_width, Keep::beginning), score_of(verdict),
                   cell(action_of(verdict), action_width, Keep::beginning),
                   cell(remark(verdict), remark_width, Keep::beginning)});
  ++counts_.at(static_cast<std::size_t>(verdict.result));
}

void VerdictTable::print_summary() const {
  const std::size_t total = std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
  out_ << '\n' << total << (total == 1 ? " verdict" : " verdicts");
  const char* separator = ": ";
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    out_ << separator << counts_[i] << ' ' << word(static_cast<Result>(i));
    separator = ", ";
  }
  out_ << '\n';
}

}  // namespace tecs
