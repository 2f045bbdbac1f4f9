#include "tools/reputation_publish.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "tools/folder_lock.hpp"
#include "tools/replaced_file.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/published_zone.hpp"
#include "verdicts/reputation_rows.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr std::size_t most_named = 10;

struct FormerFile {
  std::string text;                     // no more of it than was asked for
  std::optional<std::uint32_t> serial;  // empty: there is no file, or it is to be overwritten all the same
};

// No more than so many octets: a file that is longer is another one.
Outcome<std::string> read_beginning(const std::string& path, std::size_t octets) {
  std::ifstream file(path, std::ios::binary);
  std::string text(octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(octets));
  if (file.bad() || (!file && !file.eof())) return failed(ExitCode::no_input, path + ": cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Outcome<FormerFile> read_former(const ZoneOptions& options, bool force) {
  std::error_code error;
  const auto status = std::filesystem::status(options.file, error);
  if (status.type() == std::filesystem::file_type::not_found) return FormerFile{};
  if (!std::filesystem::is_regular_file(status))
    return failed(ExitCode::cannot_create, options.file + ": is not a file");
  auto head = read_beginning(options.file, zone_file_head);
  if (!head) return tl::unexpected(head.error());
  const auto serial = read_zone_serial(*head, options.settings.zone);
  if (serial) return FormerFile{*std::move(head), *serial};
  // An empty file is nobody's.
  if (force || head->empty()) return FormerFile{*std::move(head), std::nullopt};
  return failed(ExitCode::cannot_create,
                options.file + ": " + serial.error().sentence + "; --force overwrites it");
}

std::size_t count_entries(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::size_t entries = 0;
  for (std::string line; std::getline(file, line);) entries += is_zone_entry(line) ? 1U : 0U;
  return entries;
}

// A store that lost its contents, or is another one, is not to take a good zone off the net.
Outcome<void> check_size(const ZoneOptions& options, const FormerFile& former, std::size_t entries) {
  if (!former.serial) return {};
  const std::size_t before = count_entries(options.file);
  if (2 * entries >= before) return {};
  return failed(ExitCode::data_error, options.file + ": has " + std::to_string(before) +
                                          " domains, and the store now " + std::to_string(entries) +
                                          ": is it whole, and the right one? --force publishes it all the "
                                          "same");
}

Outcome<std::vector<ReputationZoneEntry>> read_entries(SqlDatabase& database) {
  std::vector<ReputationZoneEntry> entries;
  const auto read = read_reputation(database, [&](const ReputationRow& row) {
    entries.push_back({row.domain, row.state});
    return true;
  });
  if (!read) return failed(read.error());
  return entries;
}

Outcome<bool> is_unchanged(const ZoneOptions& options, const FormerFile& former,
                           const std::vector<ReputationZoneEntry>& entries) {
  if (!former.serial) return false;
  const std::string same = write_reputation_zone(options.settings, *former.serial, entries).text;
  return read_beginning(options.file, same.size() + 1).map([&](const std::string& text) {
    return text == same;
  });
}

void name_left_out(const std::vector<std::string>& names, std::string_view why, std::ostream& err) {
  for (std::size_t i = 0; i < names.size() && i < most_named; ++i)
    err << "left out: " << names[i] << ", " << why << '\n';
  if (names.size() > most_named)
    err << "left out: " << names.size() - most_named << " more, as " << why << '\n';
}

void report(const ReputationZoneFile& file, const ZoneOptions& options, std::uint32_t serial,
            const Environment& environment) {
  name_left_out(file.too_long, "a name that is too long with the zone", environment.err);
  name_left_out(file.no_domains, "a text that is no domain name", environment.err);
  if (!options.has_name_servers) {
    environment.err << "the zone names localhost as its name server; --ns says which one it is\n";
  }
  const auto count = [&](Reputation state) {
    const auto found = file.published.find(state);
    return found == file.published.end() ? 0 : found->second;
  };
  environment.out << options.settings.zone.text() << " serial " << serial << ": " << count(Reputation::good)
                  << " good, " << count(Reputation::medium) << " medium, " << count(Reputation::bad)
                  << " bad, " << count(Reputation::unknown) << " unknown\n";
}

Outcome<ExitCode> publish_to(const ZoneOptions& options, SqlDatabase& database, const OptionValues& given,
                             const Environment& environment) {
  // From the reading of the store on: else whoever read it first could be the last to write.
  const auto lock = FolderLock::take(options.file);
  if (!lock) return tl::unexpected(lock.error());
  const auto former = read_former(options, given["force"].as<bool>());
  if (!former) return tl::unexpected(former.error());
  const auto entries = read_entries(database);
  if (!entries) return tl::unexpected(entries.error());
  if (!given["force"].as<bool>()) {
    const auto checked = check_size(options, *former, entries->size());
    if (!checked) return tl::unexpected(checked.error());
  }
  const auto unchanged = is_unchanged(options, *former, *entries);
  if (!unchanged) return tl::unexpected(unchanged.error());
  if (*unchanged && !given["refresh"].as<bool>()) {
    environment.err << options.settings.zone.text() << " serial " << *former->serial
                    << ": unchanged, nothing was written\n";
    return ExitCode::ok;
  }
  // The serial is taken before the file is there: one that is lost with a crash is left out, none comes
  // twice.
  const auto now = std::chrono::floor<std::chrono::milliseconds>(environment.clock.now());
  const auto serial = take_zone_serial(database, options.settings.zone, former->serial, now);
  if (!serial) return failed(serial.error());
  const ReputationZoneFile file = write_reputation_zone(options.settings, *serial, *entries);
  const auto replaced = replace_file(options.file, file.text);
  if (!replaced) return tl::unexpected(replaced.error());
  report(file, options, *serial, environment);
  return ExitCode::ok;
}

Outcome<ExitCode> publish(const OptionValues& given, const Environment& environment) {
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto options = read_zone_options(*values);
  if (!options) return tl::unexpected(options.error());
  const auto database = open_database(*values, StoreUse::change);
  if (!database) return tl::unexpected(database.error());
  return publish_to(*options, **database, given, environment);
}

}  // namespace

ExitCode run_reputation_publish(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_zone_options(table);
  auto add = table.add_options();
  add("refresh", po::bool_switch(), "write the file, with a new serial, also when nothing changed");
  add("force", po::bool_switch(),
      "overwrite a file that is another one than this zone's, or that has more than twice as many domains");
  add_configuration_options(table);
  const ProgramText text{
      .name = "tecs reputation publish",
      .usage =
          "--zone ZONE --out FILE [--ns NAME]... [--contact ADDRESS]\n"
          "                               [--ttl TIME] [--negative-ttl TIME] [--listed MAP] [--refresh] "
          "[--force]\n"
          "                               [--configuration FILE] [--store STORE]",
      .description =
          "Writes the result of the last 'tecs reputation compute' as a zone: at DOMAIN.ZONE a TXT record\n"
          "with good, medium, bad or unknown, and an A record for what is listed (RFC 5782), with the test\n"
          "entry that lists have. Domains that are unknown are left out, unless they were set so by hand.\n"
          "Receivers ask with 'reputation = dns:ZONE'.\n"
          "The file is replaced in one step, with a serial that is greater than all before; when nothing\n"
          "changed, it stays as it is, with 0 as the exit status. Afterwards tell the name server to load "
          "it\n"
          "('nsd-control reload ZONE', 'rndc reload ZONE'), after signing it if it is signed. Any A record\n"
          "is a listing to readers who do not know the addresses, so 'good' has none unless --listed says "
          "so.",
      .examples =
          "tecs reputation publish --zone rep.example.net --out /etc/nsd/rep.zone --ns ns1.example.net\n"
          "tecs reputation publish --zone rep.example.net --out rep.zone --listed 127.0.0.2=bad\n"
          "tecs reputation compute && tecs reputation publish && nsd-control reload rep.example.net"};
  return run_subcommand({text, table, publish}, arguments, environment);
}

}  // namespace tecs
