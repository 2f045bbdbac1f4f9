#include "tools/nat_rules.hpp"

#include <algorithm>

#include "tecs/printable_text.hpp"
#include "tools/iptables_rules.hpp"

namespace tecs {
namespace {

using Json = nlohmann::json;

constexpr int deepest_jump = 16;  // as the kernel has it
constexpr std::size_t longest_rule = 300;

bool is_of(const std::string& family, const MailPacket& packet) {
  const bool ipv4 = packet.destination.family() == AddressFamily::ipv4;
  return family == "inet" || family == (ipv4 ? "ip" : "ip6");
}

std::string table_nat(AddressFamily family) {
  return family == AddressFamily::ipv4 ? "ip nat" : "ip6 nat";
}

std::uint16_t port_in(const Json* value) {
  if (value == nullptr || !value->is_number_integer()) return 0;
  const auto number = value->get<std::int64_t>();
  return number > 0 && number <= 65535 ? static_cast<std::uint16_t>(number) : std::uint16_t{0};
}

}  // namespace

// One packet's way through the chains.
struct NatRules::Walk {
  // back: to the chain that jumped here. leave: the base chain is through.
  enum class Verdict { next, back, leave, redirected };

  const NatRules& rules;
  const MailPacket& packet;
  NatOutcome outcome = {};
  // What may have decided before, if its conditions hold; none: an end of the chain.
  std::vector<std::optional<NatOutcome>> doubts = {};

  static NatOutcome target_of(const Json* target, const std::string& rule) {
    NatOutcome outcome{NatOutcome::Kind::redirected, std::nullopt, 0, rule};
    if (target == nullptr) return outcome;
    outcome.port = port_in(member(*target, "port"));
    if (const auto address = IpAddress::parse(text_of(member(*target, "addr")))) outcome.address = *address;
    return outcome;
  }

  void doubt(std::optional<NatOutcome> may_be, const std::string& rule) {
    if (doubts.empty() && outcome.rule.empty()) outcome.rule = rule;
    doubts.push_back(std::move(may_be));
  }

  // A statement that is no condition. sure: all conditions before it hold.
  Verdict act(const Chain& chain, const Json& statement, bool sure, const std::string& rule, int depth) {
    const Json* jump = member(statement, "jump");
    if (jump != nullptr) return follow(chain, text_of(member(*jump, "target")), sure, rule, depth);
    if (const Json* away = member(statement, "goto")) {
      const Verdict verdict = visit(chain, text_of(member(*away, "target")), depth);
      const bool decided = verdict == Verdict::redirected || verdict == Verdict::leave;
      if (sure) return decided ? verdict : Verdict::back;
      // Unlike after a jump, what follows here counts only if the rule did not hold.
      doubt(verdict == Verdict::redirected ? std::optional(outcome) : std::nullopt, rule);
      return Verdict::next;
    }
    const Json* target = member(statement, "redirect");
    if (target == nullptr) target = member(statement, "dnat");
    const Json* extension = member(statement, "xt");
    const std::string name = extension != nullptr ? text_of(member(*extension, "name")) : "";
    if (target != nullptr || name == "REDIRECT" || name == "DNAT") {
      if (!sure) {
        doubt(target_of(target, rule), rule);
        return Verdict::next;
      }
      outcome = target_of(target, rule);
      return Verdict::redirected;
    }
    const bool returns = member(statement, "return") != nullptr;
    if (!returns && member(statement, "accept") == nullptr && member(statement, "drop") == nullptr) {
      return Verdict::next;
    }
    if (sure) return returns ? Verdict::back : Verdict::leave;
    doubt(std::nullopt, rule);
    return Verdict::next;
  }

  // next: there is no such chain, or it decides nothing.
  Verdict visit(const Chain& chain, const std::string& name, int depth) {
    const auto next = std::find_if(rules.chains_.begin(), rules.chains_.end(), [&](const Chain& each) {
      return each.table == chain.table && each.name == name;
    });
    if (next == rules.chains_.end() || depth == deepest_jump) return Verdict::next;
    return walk(*next, depth + 1);
  }

  Verdict follow(const Chain& chain, const std::string& name, bool sure, const std::string& rule, int depth) {
    const Verdict verdict = visit(chain, name, depth);
    if (verdict != Verdict::redirected && verdict != Verdict::leave) return Verdict::next;
    if (sure) return verdict;
    doubt(verdict == Verdict::redirected ? std::optional(outcome) : std::nullopt, rule);
    return Verdict::next;
  }

  Verdict map(const Chain& chain, const Json& verdicts, bool sure, const std::string& rule, int depth) {
    const Json* key = member(verdicts, "key");
    const Json* data = member(verdicts, "data");
    const Json* set = data != nullptr ? member(*data, "set") : nullptr;
    if (key == nullptr || set == nullptr || !set->is_array()) {
      doubt(std::nullopt, rule);
      return Verdict::next;
    }
    for (const Json& pair : *set) {
      if (!pair.is_array() || pair.size() != 2) continue;
      const Holds one = equals(*key, pair[0], packet, rules.sets_, chain.table);
      if (one == Holds::no) continue;
      const Verdict verdict = act(chain, pair[1], sure && one == Holds::yes, rule, depth);
      if (verdict != Verdict::next || one == Holds::yes) return verdict;
    }
    return Verdict::next;
  }

  Verdict apply(const Chain& chain, const Json& rule, int depth) {
    const std::string text =
        chain.table + " " + chain.name + ": " + printable_text(rule.dump(), longest_rule);
    bool sure = true;
    for (const Json& statement : rule) {
      if (const Json* match = member(statement, "match")) {
        const Holds held = holds(*match, packet, rules.sets_, chain.table);
        if (held == Holds::no) return Verdict::next;
        sure = sure && held == Holds::yes;
        continue;
      }
      const Json* extension = member(statement, "xt");
      if (extension != nullptr && text_of(member(*extension, "type")) == "match") {
        sure = false;
        continue;
      }
      const Json* verdicts = member(statement, "vmap");
      const Verdict verdict = verdicts != nullptr ? map(chain, *verdicts, sure, text, depth)
                                                  : act(chain, statement, sure, text, depth);
      if (verdict != Verdict::next) return verdict;
    }
    return Verdict::next;
  }

  Verdict walk(const Chain& chain, int depth) {
    for (const Json& rule : chain.rules) {
      const Verdict verdict = apply(chain, rule, depth);
      if (verdict != Verdict::next) return verdict;
    }
    return Verdict::next;
  }
};

NatRules::Chain& NatRules::chain(const std::string& family, const std::string& table,
                                 const std::string& name) {
  const std::string whole = family + " " + table;
  const auto found = std::find_if(chains_.begin(), chains_.end(), [&](const Chain& each) {
    return each.table == whole && each.name == name;
  });
  if (found != chains_.end()) return *found;
  chains_.push_back({family, whole, name, "", 0, {}});
  return chains_.back();
}

void NatRules::add(const Json& object) {
  const auto place = [](const Json& item, const char* name) {
    return std::array{text_of(member(item, "family")), text_of(member(item, "table")),
                      text_of(member(item, name))};
  };
  if (const Json* set = member(object, "set")) {
    const auto [family, table, name] = place(*set, "name");
    const Json* elements = member(*set, "elem");
    sets_[family + " " + table + " " + name] = elements != nullptr ? *elements : Json::array();
  } else if (const Json* item = member(object, "chain")) {
    const auto [family, table, name] = place(*item, "name");
    Chain& made = chain(family, table, name);
    if (text_of(member(*item, "type")) != "nat") return;
    made.hook = text_of(member(*item, "hook"));
    const Json* priority = member(*item, "prio");
    made.priority = priority != nullptr && priority->is_number_integer() ? priority->get<long>() : 0;
  } else if (const Json* rule = member(object, "rule")) {
    const auto [family, table, name] = place(*rule, "chain");
    const Json* statements = member(*rule, "expr");
    if (statements == nullptr || !statements->is_array()) return;
    has_iptables_rules_ =
        has_iptables_rules_ || std::any_of(statements->begin(), statements->end(),
                                           [](const Json& each) { return member(each, "xt") != nullptr; });
    chain(family, table, name).rules.push_back(*statements);
  }
}

Expected<NatRules> NatRules::parse(const std::string& json) {
  const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const Json* objects = document.is_discarded() ? nullptr : member(document, "nftables");
  if (objects == nullptr || !objects->is_array()) {
    return failure(Reason::bad_option, "nft -j list ruleset printed no rule set");
  }
  NatRules rules;
  for (const Json& object : *objects) rules.add(object);
  return rules;
}

bool NatRules::has_table_nat(AddressFamily family) const {
  return std::any_of(chains_.begin(), chains_.end(),
                     [&](const Chain& each) { return each.table == table_nat(family); });
}

void NatRules::use_iptables(AddressFamily family, const std::string& saved) {
  std::erase_if(chains_, [&](const Chain& each) { return each.table == table_nat(family); });
  for (const Json& object : parse_iptables(family == AddressFamily::ipv4 ? "ip" : "ip6", saved)) {
    add(object);
    has_iptables_rules_ = has_iptables_rules_ || member(object, "rule") != nullptr;
  }
}

NatOutcome NatRules::path(const MailPacket& packet) const {
  const std::string hook = packet.hook == MailPacket::Hook::output ? "output" : "prerouting";
  std::vector<const Chain*> bases;
  for (const Chain& each : chains_) {
    if (each.hook == hook && is_of(each.family, packet)) bases.push_back(&each);
  }
  std::stable_sort(bases.begin(), bases.end(),
                   [](const Chain* a, const Chain* b) { return a->priority < b->priority; });
  Walk walk{*this, packet};
  // What one base chain accepts still goes through the next; the first translation counts.
  for (const Chain* base : bases) {
    if (walk.walk(*base, 0) == Walk::Verdict::redirected) break;
    walk.outcome.kind = NatOutcome::Kind::untouched;
  }
  NatOutcome& end = walk.outcome;
  const bool all_the_same =
      std::all_of(walk.doubts.begin(), walk.doubts.end(), [&](const std::optional<NatOutcome>& may_be) {
        return end.kind == NatOutcome::Kind::redirected && may_be && may_be->address == end.address &&
               may_be->port == end.port;
      });
  if (all_the_same) return end;
  if (end.kind == NatOutcome::Kind::untouched) {
    for (const auto& may_be : walk.doubts) {
      if (may_be) end = *may_be;
    }
  }
  end.kind = NatOutcome::Kind::unsure;
  return end;
}

}  // namespace tecs
