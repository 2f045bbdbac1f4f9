// The score of a connection, and the action it stands for (DESIGN section 5). A pure function of what was
// verified and what was configured.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "milter/policy/action.hpp"
#include "milter/policy/score.hpp"
#include "milter/policy/symbol.hpp"
#include "tecs/verification.hpp"
#include "verdicts/reputation.hpp"

namespace tecs {

// Each is reached by a score that is just as much; empty: never. The severest action that is reached counts.
//
// The defaults go with the default weights: a connection that is unsigned, or signed by somebody unknown, is
// left alone; a signature that is wrong is greylisted; a replay and a bad reputation are rejected, also with
// the bonus for DNSSEC; a good reputation is accepted, also with a weak key.
struct Thresholds {
  std::optional<Score> accept = Score::of_thousandths(-4000);  // at or below
  std::optional<Score> delay = Score::of_thousandths(2000);    // at or above, like those that follow
  std::optional<Score> greylist = Score::of_thousandths(4000);
  std::optional<Score> reject = Score::of_thousandths(4500);
};

struct FiredSymbol {
  Symbol symbol;
  bool counted;  // false: in dry run

  friend bool operator==(const FiredSymbol&, const FiredSymbol&) = default;
};

struct Judgement {
  Score score;
  std::vector<FiredSymbol> symbols;
  Action action = Action::none;

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// "TECS_PASS,REP_GOOD". A symbol in dry run has a question mark: "TECS_FAIL?".
[[nodiscard]] std::string format_symbols(const std::vector<FiredSymbol>& symbols);

// What speaks for and against a connection. Plain value.
struct Policy {
  Weights weights{};
  Thresholds thresholds{};
  std::set<Symbol> dry_run{};  // listed when they fire, but not counted

  // verification: what became of the AUTH; a default-made one when there was none. reputation: of its domain,
  // empty when nobody was asked.
  [[nodiscard]] Judgement judge(const Verification& verification,
                                const std::optional<Reputation>& reputation) const;

  // The same for a connection that a list of the administrator's exempts: listed and scored, never acted on.
  [[nodiscard]] Judgement exempt(const Verification& verification,
                                 const std::optional<Reputation>& reputation) const;

 private:
  [[nodiscard]] Action action_of(Score score) const noexcept;
};

}  // namespace tecs
