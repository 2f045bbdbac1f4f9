#include "milter/policy/policy.hpp"

namespace tecs {
namespace {

constexpr unsigned strong_rsa_bits = 2048;

// PROTOCOL section 5: with t=y in the key record, a result other than pass is scored as none.
Symbol symbol_of(const Verification& verification) {
  if (verification.result == Result::pass) return Symbol::tecs_pass;
  if (verification.testing) return Symbol::tecs_none;
  switch (verification.result) {
    case Result::fail:
      return verification.error && verification.error->reason == Reason::replay ? Symbol::tecs_replay
                                                                                : Symbol::tecs_fail;
    case Result::policy:
      return Symbol::tecs_policy;
    case Result::permerror:
      return Symbol::tecs_permerror;
    case Result::temperror:
      return Symbol::tecs_temperror;
    default:
      return Symbol::tecs_none;
  }
}

Symbol symbol_of(Reputation reputation) {
  switch (reputation) {
    case Reputation::good:
      return Symbol::rep_good;
    case Reputation::medium:
      return Symbol::rep_medium;
    case Reputation::bad:
      return Symbol::rep_bad;
    default:
      return Symbol::rep_unknown;
  }
}

bool weak(const Verification& verification) {
  return verification.algorithm && key_type_of(*verification.algorithm) == KeyType::rsa &&
         verification.key_bits != 0 && verification.key_bits < strong_rsa_bits;
}

// What a credential claims about a domain counts only as far as it was proved: else a stranger could borrow
// the reputation, or the DNSSEC, of somebody else with a signature that is wrong.
std::vector<Symbol> symbols_of(const Verification& verification,
                               const std::optional<Reputation>& reputation) {
  std::vector<Symbol> symbols{symbol_of(verification)};
  const bool pass = symbols.front() == Symbol::tecs_pass;
  const bool signature_is_right = pass || symbols.front() == Symbol::tecs_policy;
  if (pass && reputation) symbols.push_back(symbol_of(*reputation));
  if (signature_is_right && weak(verification)) symbols.push_back(Symbol::tecs_weak_key);
  if (pass && verification.dnssec) symbols.push_back(Symbol::tecs_dnssec);
  return symbols;
}

}  // namespace

std::string format_symbols(const std::vector<FiredSymbol>& symbols) {
  std::string text;
  for (const FiredSymbol& fired : symbols) {
    if (!text.empty()) text += ',';
    text += word(fired.symbol);
    if (!fired.counted) text += '?';
  }
  return text;
}

Judgement Policy::judge(const Verification& verification, const std::optional<Reputation>& reputation) const {
  Judgement judgement;
  for (const Symbol symbol : symbols_of(verification, reputation)) {
    const bool counted = !dry_run.contains(symbol);
    judgement.symbols.push_back(FiredSymbol{symbol, counted});
    if (counted) judgement.score += weights.of(symbol);
  }
  judgement.action = action_of(judgement.score);
  return judgement;
}

Judgement Policy::exempt(const Verification& verification,
                         const std::optional<Reputation>& reputation) const {
  Judgement judgement = judge(verification, reputation);
  judgement.symbols.insert(judgement.symbols.begin(), FiredSymbol{Symbol::exempt, true});
  judgement.action = Action::none;
  return judgement;
}

Action Policy::action_of(Score score) const noexcept {
  if (thresholds.reject && score >= *thresholds.reject) return Action::reject;
  if (thresholds.greylist && score >= *thresholds.greylist) return Action::greylist;
  if (thresholds.delay && score >= *thresholds.delay) return Action::delay;
  if (thresholds.accept && score <= *thresholds.accept) return Action::accept;
  return Action::none;
}

}  // namespace tecs
