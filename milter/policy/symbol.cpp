#include "milter/policy/symbol.hpp"

namespace tecs {
namespace {

struct Row {
  std::string_view word;
  std::int32_t thousandths;  // the default weight
};

// In the order of the enumerators.
constexpr std::array<Row, symbol_count> rows{{{"EXEMPT", 0},
                                              {"TECS_PASS", -1000},
                                              {"TECS_NONE", 500},
                                              {"TECS_FAIL", 4000},
                                              {"TECS_POLICY", 1000},
                                              {"TECS_PERMERROR", 1000},
                                              {"TECS_TEMPERROR", 0},
                                              {"TECS_REPLAY", 6000},
                                              {"REP_GOOD", -4000},
                                              {"REP_UNKNOWN", 0},
                                              {"REP_MEDIUM", 1000},
                                              {"REP_BAD", 6000},
                                              {"TECS_WEAK_KEY", 500},
                                              {"TECS_DNSSEC", -200}}};

constexpr std::size_t index_of(Symbol symbol) noexcept {
  return static_cast<std::size_t>(symbol);
}

static_assert(index_of(Symbol::tecs_dnssec) + 1 == symbol_count);

}  // namespace

std::string_view word(Symbol symbol) noexcept {
  return rows[index_of(symbol)].word;
}

std::optional<Symbol> parse_symbol(std::string_view word) noexcept {
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (rows[index].word == word) return static_cast<Symbol>(index);
  }
  return std::nullopt;
}

Weights::Weights() noexcept {
  for (std::size_t index = 0; index < rows.size(); ++index) {
    weights_[index] = Score::of_thousandths(rows[index].thousandths);
  }
}

Score Weights::of(Symbol symbol) const noexcept {
  return weights_[index_of(symbol)];
}

void Weights::set(Symbol symbol, Score weight) noexcept {
  weights_[index_of(symbol)] = weight;
}

}  // namespace tecs
