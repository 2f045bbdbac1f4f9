#include "tools/reputation_options.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <filesystem>
#include <utility>
#include <variant>

#include "program/option_value.hpp"
#include "program/options.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr unsigned day = 24 * 60 * 60;
constexpr unsigned day_in_milliseconds = day * 1000;

// A share of 1.
struct Share {
  double value;
  [[nodiscard]] static Expected<Share> parse(std::string_view text) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const bool read = error == std::errc{} && end == text.data() + text.size();
    // Written so that what is not a number is refused too.
    if (!read || !(number >= 0 && number <= 1))
      return failure(Reason::bad_option, "must be a number from 0 to 1, such as 0.03");
    return Share{number};
  }
};

// What A records say: "127.0.0.2=bad,127.0.0.3=medium" or "none".
struct Listed {
  ReputationSourceName::AddressMap addresses;
  [[nodiscard]] static Expected<Listed> parse(std::string_view text) {
    if (text == "none") return Listed{};
    // As a receiver writes it, for a zone that does not matter.
    const auto name = ReputationSourceName::parse("dns:zone.invalid?" + std::string(text));
    if (!name) return tl::unexpected(name.error());
    return Listed{std::get<ReputationSourceName::Zone>(name->place()).addresses};
  }
};

using Count = Number<0, 1'000'000'000>;
using Networks = Number<1, most_destinations>;
using Days = Duration<day_in_milliseconds, 3650UL * day>;
using Age = Duration<0, 3650UL * day>;
using Ttl = Duration<1000, 7UL * day>;
// RFC 2308 section 5: more than some hours are not sensible; and nobody learns of a new name before.
using NegativeTtl = Duration<1000, 3UL * 60 * 60>;
using Contact = ParsedBy<parse_contact>;

OptionTable configuration_table() {
  OptionTable table;
  add_store_option(table);
  add_rules_options(table);
  add_zone_options(table);
  add_rater_option(table);
  table.add_options()("config", po::value<std::string>());
  return table;
}

double share(const OptionValues& values, const char* name) {
  return get<Share>(values, name).value;
}

std::chrono::seconds in_seconds(std::chrono::milliseconds duration) {
  return std::chrono::floor<std::chrono::seconds>(duration);
}

tl::unexpected<Failure> missing(const std::string& option) {
  return failed(ExitCode::usage, "--" + option + ": is not there, and does not stand in the configuration");
}

}  // namespace

void add_configuration_options(OptionTable& table) {
  table.add_options()(
      "configuration",
      po::value<std::string>()->value_name("FILE")->default_value("/etc/tecs/reputation.conf"),
      "lines of 'OPTION = VALUE', with the options of all subcommands");
  add_store_option(table);
}

void add_rules_options(OptionTable& table) {
  auto add = table.add_options();
  add("half-life", value_of<Days>("TIME", "30d"), "after so long evidence counts half");
  add("minimum-volume", value_of<Count>("MESSAGES", "400"), "with fewer messages nothing is good or medium");
  add("minimum-complaints", value_of<Count>("COMPLAINTS", "3"), "with fewer complaints nothing is bad");
  add("minimum-destinations", value_of<Networks>("NETWORKS", "2"),
      "complaints without a verdict here make nothing bad, unless the mail went to so many networks");
  add("minimum-age", value_of<Age>("TIME", "7d"),
      "since its first pass; what is younger is neither good nor medium");
  add("full-age", value_of<Days>("TIME", "90d"), "from then on nothing is held against a domain's youth");
  add("good-rate", value_of<Share>("SHARE", "0.01"),
      "complaints per message: a good domain surely has no more");
  add("bad-rate", value_of<Share>("SHARE", "0.03"),
      "complaints per message: a bad domain surely has as many");
  add("good-number", value_of<Share>("NUMBER", "0.5"), "a good domain's number is no higher");
  add("failures-weight", value_of<Share>("NUMBER", "0.05"), "what bad signatures add to the number at most");
  add("replays-weight", value_of<Share>("NUMBER", "0.1"), "what replays add to the number at most");
  add("youth-weight", value_of<Share>("NUMBER", "0.1"), "what youth adds to the number at most");
}

void add_zone_options(OptionTable& table) {
  auto add = table.add_options();
  add("zone", value_of<Domain>("ZONE"), "the zone's name, such as rep.example.net");
  add("out", po::value<std::string>()->value_name("FILE"), "the master file");
  add("ns", values_of<Domain>("NAME"),
      "a name server of the zone, outside of it; several times for several (default: localhost, which will "
      "do\nfor a server that your own resolver asks directly)");
  add("contact", value_of<Contact>("ADDRESS"), "for mail about the zone (default: hostmaster@ZONE)");
  add("ttl", value_of<Ttl>("TIME", "5m"), "how long resolvers may keep a record");
  add("negative-ttl", value_of<NegativeTtl>("TIME", "1m"), "how long they may keep it that there is none");
  add("listed", value_of<Listed>("MAP", "127.0.0.2=bad,127.0.0.3=medium"),
      "which states have an A record besides the TXT record, or none");
}

void add_rater_option(OptionTable& table) {
  table.add_options()("rater", value_of<Domain>("NAME"),
                      "who says so, in a reputon (default: the zone, or localhost)");
}

Outcome<OptionValues> with_configuration(const OptionValues& given) {
  const auto& option = given["configuration"];
  const std::string file = option.as<std::string>();
  std::error_code error;
  std::vector<const char*> arguments;
  if (!option.defaulted() || std::filesystem::exists(file, error)) arguments = {"--config", file.c_str()};
  auto values = read_options(arguments, configuration_table());
  if (!values) return failed(ExitCode::configuration, values.error().sentence);
  for (const auto& [name, value] : given) {
    if (value.defaulted() && values->count(name) != 0) continue;
    values->erase(name);
    values->emplace(name, value);
  }
  return *std::move(values);
}

Outcome<ReputationRules> read_rules(const OptionValues& values) {
  const ReputationRules rules{
      .half_life = get<Days>(values, "half-life").value,
      .minimum_volume = static_cast<double>(get<Count>(values, "minimum-volume").value),
      .minimum_complaints = static_cast<std::int64_t>(get<Count>(values, "minimum-complaints").value),
      .minimum_destinations = get<Networks>(values, "minimum-destinations").value,
      .minimum_age = get<Age>(values, "minimum-age").value,
      .full_age = get<Days>(values, "full-age").value,
      .good_rate = share(values, "good-rate"),
      .bad_rate = share(values, "bad-rate"),
      .good_number = share(values, "good-number"),
      .failures_weight = share(values, "failures-weight"),
      .replays_weight = share(values, "replays-weight"),
      .youth_weight = share(values, "youth-weight")};
  if (!(rules.good_rate < rules.bad_rate))
    return failed(ExitCode::usage, "good-rate must be less than bad-rate");
  // Else a domain without any complaint would be bad.
  if (rules.minimum_complaints < 1) return failed(ExitCode::usage, "minimum-complaints must be 1 at least");
  return rules;
}

Outcome<ZoneOptions> read_zone_options(const OptionValues& values) {
  const auto zone = get_optional<Domain>(values, "zone");
  if (!zone) return missing("zone");
  const auto file = option_text(values, "out");
  if (!file || file->empty()) return missing("out");
  ZoneOptions options{
      .settings = {.zone = *zone, .name_servers = {}, .contact = "hostmaster." + zone->text()},
      .file = *file};
  ReputationZoneSettings& settings = options.settings;
  for (const Domain& server : get_list<Domain>(values, "ns")) {
    if (is_in_zone(server.text(), *zone)) {
      return failed(ExitCode::usage, "--ns: " + server.text() +
                                         " is in the zone, where it would need an address; name a server "
                                         "outside of it");
    }
    settings.name_servers.push_back(server.text());
  }
  options.has_name_servers = !settings.name_servers.empty();
  if (!options.has_name_servers) settings.name_servers.emplace_back("localhost");
  if (const auto contact = get_optional<Contact>(values, "contact")) settings.contact = contact->value;
  settings.ttl = in_seconds(get<Ttl>(values, "ttl").value);
  settings.negative_ttl = in_seconds(get<NegativeTtl>(values, "negative-ttl").value);
  settings.listed = get<Listed>(values, "listed").addresses;
  return options;
}

std::string read_rater(const OptionValues& values) {
  for (const char* name : {"rater", "zone"}) {
    if (const auto domain = get_optional<Domain>(values, name)) return domain->text();
  }
  return "localhost";
}

}  // namespace tecs
