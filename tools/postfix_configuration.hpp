// The configuration of Postfix as its smtpd services run with it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/machine.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// One line of master.cf, continued lines and all. Lines are numbered from 1.
struct MasterEntry {
  // What stands between white space, or in braces, which may reach over several lines.
  struct Word {
    std::string text;  // on one line, as Postfix reads it
    unsigned line = 0;
    unsigned last_line = 0;
  };
  unsigned line = 0;
  unsigned last_line = 0;
  std::vector<Word> words;
  std::vector<std::string> fields;  // the eight columns: service, type, private, ..., command
  struct Override {
    std::string name;
    std::string value;
    unsigned line = 0;
    bool alone = false;  // it is all of that line, and ends there
  };
  std::vector<Override> overrides;  // of -o, in the order in which they stand
};
// Lines with fewer than eight columns are left out.
[[nodiscard]] std::vector<MasterEntry> parse_master(std::string_view text);

// The line in main.cf where each parameter is set; the last one if there are several, as for Postfix.
[[nodiscard]] std::map<std::string, unsigned> lines_of_main(std::string_view text);

// A line of master.cf that runs smtpd, or smtp where that was asked for. Plain value.
struct SmtpdService {
  MasterEntry entry;
  std::map<std::string, std::string> parameters;  // all there are, overridden and expanded
  // For smtpd_sasl_type = cyrus: the SASL configuration, such as /etc/postfix/sasl/smtpd.conf.
  std::string sasl_file;
  std::optional<std::string> sasl_text;  // none: there is no such file

  [[nodiscard]] const std::string& value(const std::string& parameter) const;  // empty if there is none
  [[nodiscard]] std::string title() const { return entry.fields[0] + "/" + entry.fields[1]; }
  [[nodiscard]] bool chrooted() const;
};

struct PostfixConfiguration {
  std::string directory;
  std::map<std::string, unsigned> main_lines;
  std::vector<SmtpdService> services;
};

// No more services than that are looked at.
inline constexpr std::size_t maximum_smtpd_services = 64;

// Asks postconf(1) for the parameters of each service with this daemon, as it expands them best. Fails with
// unavailable when there is no postconf, with no_input when the directory is no configuration.
[[nodiscard]] Outcome<PostfixConfiguration> read_postfix_configuration(const std::string& directory,
                                                                       const Machine& machine,
                                                                       const std::string& daemon = "smtpd");

}  // namespace tecs
