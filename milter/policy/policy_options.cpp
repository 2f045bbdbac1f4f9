#include "milter/policy/policy_options.hpp"

#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "milter/policy/list_file.hpp"
#include "program/option_value.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

struct ModeOption {
  PolicyMode value;
  static Expected<ModeOption> parse(std::string_view text) {
    if (const auto mode = parse_policy_mode(text)) return ModeOption{*mode};
    return failure(Reason::bad_option, "must be monitor or enforce");
  }
};

struct Threshold {
  std::optional<Score> value;
  static Expected<Threshold> parse(std::string_view text) {
    if (text == "never") return Threshold{std::nullopt};
    return Score::parse(text).map([](Score score) { return Threshold{score}; });
  }
};

struct SymbolOption {
  Symbol value;
  static Expected<SymbolOption> parse(std::string_view text) {
    const auto symbol = parse_symbol(text);
    if (symbol && *symbol != Symbol::exempt) return SymbolOption{*symbol};
    return failure(Reason::bad_option, "must be a symbol with a weight, such as TECS_FAIL or REP_BAD");
  }
};

struct WeightOption {
  Symbol symbol;
  Score weight;
  static Expected<WeightOption> parse(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      return failure(Reason::bad_option, "must be SYMBOL=NUMBER, such as TECS_NONE=3.5");
    }
    const auto named = SymbolOption::parse(text.substr(0, equals));
    if (!named) return tl::unexpected(named.error());
    return Score::parse(text.substr(equals + 1)).map([&](Score number) {
      return WeightOption{named->value, number};
    });
  }
};

struct GreylistFile {
  std::string path;
  static Expected<GreylistFile> parse(std::string_view text) {
    constexpr std::string_view prefix = "sqlite:";
    if (!text.starts_with(prefix) || text.size() == prefix.size()) {
      return failure(Reason::bad_option, "must be sqlite: and the path of a file");
    }
    return GreylistFile{std::string(text.substr(prefix.size()))};
  }
};

struct RelayGuardOption {
  RelayGuard value;
  static Expected<RelayGuardOption> parse(std::string_view text) {
    if (text == "postfix") return RelayGuardOption{RelayGuard::postfix};
    if (text == "yes") return RelayGuardOption{RelayGuard::all};
    if (text == "no") return RelayGuardOption{RelayGuard::none};
    return failure(Reason::bad_option, "must be postfix, yes or no");
  }
};

constexpr unsigned long day = 24UL * 60 * 60;
// Postfix gives up on a milter after 30 seconds (milter_command_timeout).
using DelayTime = Duration<1, 25>;
using GreylistDelay = Duration<1000, day>;
using GreylistTime = Duration<1000, 3650 * day>;
using DelayLimit = Number<0, 1000>;
using GreylistSize = Number<1, 10'000'000>;
using Ipv4Bits = Number<8, 32>;
using Ipv6Bits = Number<16, 128>;

void add_score_options(po::options_description_easy_init& add) {
  add("mode", value_of<ModeOption>("MODE", "monitor"),
      "monitor: mark and log what a score stands for; enforce: do it");
  add("weight", values_of<WeightOption>("SYMBOL=NUMBER"),
      "what a symbol counts; positive counts against. Once for each symbol");
  add("dry-run", values_of<SymbolOption>("SYMBOL"),
      "list this symbol, as SYMBOL?, but do not count it. Once for each symbol");
  add("accept-score", value_of<Threshold>("NUMBER", "-4"), "at or below: accept; or never");
  add("delay-score", value_of<Threshold>("NUMBER", "2"), "at or above: delay; or never");
  add("greylist-score", value_of<Threshold>("NUMBER", "4"), "at or above: greylist; or never");
  add("reject-score", value_of<Threshold>("NUMBER", "4.5"), "at or above: reject; or never");
}

void add_action_options(po::options_description_easy_init& add) {
  add("exempt-networks", po::value<std::string>()->value_name("FILE"),
      "addresses and networks, one a line, to which nothing is done");
  add("exempt-domains", po::value<std::string>()->value_name("FILE"),
      "signing domains, one a line (.example.org: those below), to which nothing is done");
  add("delay-time", value_of<DelayTime>("TIME", "8s"), "how long MAIL waits, up to 25s");
  add("delay-limit", value_of<DelayLimit>("COUNT", "20"), "connections delayed at a time; the others go on");
  add("greylist", value_of<GreylistFile>("sqlite:FILE", "sqlite:/var/lib/tecs/greylist.db"),
      "where greylisting remembers clients");
  add("greylist-delay", value_of<GreylistDelay>("TIME", "5m"), "before that a new client is to come again");
  add("greylist-window", value_of<GreylistTime>("TIME", "2d"), "after that it counts as new again");
  add("greylist-lifetime", value_of<GreylistTime>("TIME", "35d"), "unseen so long a client is forgotten");
  add("greylist-size", value_of<GreylistSize>("CLIENTS", "100000"), "clients remembered at most");
  add("greylist-ipv4-bits", value_of<Ipv4Bits>("BITS", "24"), "the network that an unsigned client is");
  add("greylist-ipv6-bits", value_of<Ipv6Bits>("BITS", "64"), "likewise for IPv6");
  add("relay-guard", value_of<RelayGuardOption>("MTA", "postfix"),
      "refuse recipients of other hosts to clients whose only login is TECS-1; yes: with any MTA; or no");
  add("relay-domains", po::value<std::string>()->value_name("FILE"),
      "domains, one a line, that this host relays for and the guard spares");
}

std::optional<std::string> path(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::nullopt : std::optional(values[name].as<std::string>());
}

template <typename Time>
std::chrono::seconds whole_seconds(const po::variables_map& values, const char* name) {
  return std::chrono::ceil<std::chrono::seconds>(get<Time>(values, name).value);
}

Expected<Weights> read_weights(const po::variables_map& values) {
  Weights weights;
  std::set<Symbol> given;
  for (const WeightOption& option : get_list<WeightOption>(values, "weight")) {
    if (!given.insert(option.symbol).second) {
      return failure(Reason::bad_option, "weight: " + std::string(word(option.symbol)) + " is given twice");
    }
    weights.set(option.symbol, option.weight);
  }
  return weights;
}

std::set<Symbol> read_dry_run(const po::variables_map& values) {
  std::set<Symbol> symbols;
  for (const SymbolOption& option : get_list<SymbolOption>(values, "dry-run")) symbols.insert(option.value);
  return symbols;
}

Thresholds read_thresholds(const po::variables_map& values) {
  return Thresholds{get<Threshold>(values, "accept-score").value, get<Threshold>(values, "delay-score").value,
                    get<Threshold>(values, "greylist-score").value,
                    get<Threshold>(values, "reject-score").value};
}

// Of two that are out of order one would silently never be reached.
Expected<void> check(const Thresholds& thresholds) {
  using Named = std::pair<const char*, std::optional<Score>>;
  const std::array<Named, 4> ascending{{{"accept-score", thresholds.accept},
                                        {"delay-score", thresholds.delay},
                                        {"greylist-score", thresholds.greylist},
                                        {"reject-score", thresholds.reject}}};
  const Named* lower = nullptr;
  for (const Named& named : ascending) {
    if (!named.second) continue;
    if (lower != nullptr && *named.second <= *lower->second) {
      return failure(Reason::bad_option, std::string(named.first) + " (" + named.second->format() +
                                             ") must be above " + lower->first + " (" +
                                             lower->second->format() + "), or never");
    }
    lower = &named;
  }
  return {};
}

template <typename List>
Expected<List> load_list_if_any(const std::optional<std::string>& file) {
  return file ? load_list<List>(*file) : List{};
}

}  // namespace

void add_policy_options(po::options_description& table) {
  auto add = table.add_options();
  add_score_options(add);
  add_action_options(add);
}

Expected<PolicyOptions> read_policy_options(const po::variables_map& values) {
  const auto weights = read_weights(values);
  if (!weights) return tl::unexpected(weights.error());
  PolicyOptions options{
      get<ModeOption>(values, "mode").value,
      Policy{*weights, read_thresholds(values), read_dry_run(values)},
      path(values, "exempt-networks"),
      path(values, "exempt-domains"),
      path(values, "relay-domains"),
      get<RelayGuardOption>(values, "relay-guard").value,
      get<GreylistFile>(values, "greylist").path,
      GreylistLimits{whole_seconds<GreylistDelay>(values, "greylist-delay"),
                     whole_seconds<GreylistTime>(values, "greylist-window"),
                     whole_seconds<GreylistTime>(values, "greylist-lifetime"),
                     get<GreylistSize>(values, "greylist-size").value},
      get<Ipv4Bits>(values, "greylist-ipv4-bits").value,
      get<Ipv6Bits>(values, "greylist-ipv6-bits").value,
      get<DelayTime>(values, "delay-time").value,
      get<DelayLimit>(values, "delay-limit").value,
  };
  if (const auto checked = check(options.policy.thresholds); !checked) {
    return tl::unexpected(checked.error());
  }
  if (options.greylist.window <= options.greylist.delay) {
    return failure(Reason::bad_option, "greylist-window must be longer than greylist-delay");
  }
  return options;
}

Expected<std::shared_ptr<const ReceptionRules>> load_reception_rules(const PolicyOptions& options) {
  auto exempt_networks = load_list_if_any<NetworkList>(options.exempt_networks);
  if (!exempt_networks) return tl::unexpected(exempt_networks.error());
  auto exempt_domains = load_list_if_any<DomainList>(options.exempt_domains);
  if (!exempt_domains) return tl::unexpected(exempt_domains.error());
  auto relay_domains = load_list_if_any<DomainList>(options.relay_domains);
  if (!relay_domains) return tl::unexpected(relay_domains.error());
  return std::make_shared<const ReceptionRules>(ReceptionRules{
      options.mode, options.policy, *std::move(exempt_networks), *std::move(exempt_domains), options.greylist,
      options.greylist_ipv4_bits, options.greylist_ipv6_bits, options.delay_time, options.delay_limit,
      options.relay_guard, *std::move(relay_domains)});
}

}  // namespace tecs
