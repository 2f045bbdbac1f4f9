// The rules of `tecs check sendmail`. None does I/O but through what it is given.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/finding.hpp"
#include "tools/sendmail_configuration.hpp"
#include "tools/sendmail_findings.hpp"

namespace tecs {

// Findings with the file that the change belongs into. All that is referred to must outlive this.
class SendmailFindings {
 public:
  explicit SendmailFindings(const SendmailFiles& files) : files_(files), configuration_(files.cf_text) {}

  [[nodiscard]] const SendmailFiles& files() const { return files_; }
  [[nodiscard]] const SendmailConfiguration& configuration() const { return configuration_; }

  // sendmail.cf is made of the .mc file beside it, where the change belongs.
  // A define() that is added holds, as it comes later; other lines are to be changed where they stand.
  void in_mc(Fault fault, const std::string& change, bool replaces = false) {
    const std::string stem =
        files_.cf.ends_with(".cf") ? files_.cf.substr(0, files_.cf.size() - 3) : files_.cf;
    elsewhere(std::move(fault), stem + ".mc", change, replaces);
  }
  // The first of several lines for one option holds.
  void in_sasl(Fault fault, const std::string& change, bool replaces = false) {
    elsewhere(std::move(fault), files_.sasl, change, replaces);
  }
  // An empty file: change is a command.
  void elsewhere(Fault fault, const std::string& file, const std::string& change, bool replaces = false) {
    found_.push_back({fault.severity, std::move(fault.word), "sendmail", std::move(fault.problem),
                      std::move(fault.reason), file, 0, replaces, change});
  }

  // " (/etc/mail/sendmail.cf:12)"
  [[nodiscard]] std::string at(unsigned line) const {
    return " (" + files_.cf + ":" + std::to_string(line) + ")";
  }
  [[nodiscard]] std::vector<Finding> take() { return std::move(found_); }

 private:
  const SendmailFiles& files_;
  const SendmailConfiguration configuration_;
  std::vector<Finding> found_;
};

[[nodiscard]] inline std::string m4_define(const std::string& name, const std::string& value) {
  return "define(`" + name + "', `" + value + "')dnl";
}

// words with the separator between them.
[[nodiscard]] inline std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

// A socket of tecs-milter that Sendmail connects to.
struct SendmailDoor {
  std::string word;    // of the findings
  std::string option;  // of tecs-milter that names it
  std::string loss;    // a sentence: what happens without it
};
void check_sendmail_socket(const SendmailDoor& door, const std::string& address, const SocketView& sockets,
                           SendmailFindings& findings);

// Cyrus SASL: its configuration, our plugin and the socket that this connects to.
void find_sendmail_sasl_faults(const SocketView& sockets, SendmailFindings& findings);
// tecs-milter among the filters, its socket, and what the others are told. milter_socket: as in
// find_sendmail_faults().
void find_sendmail_filter_faults(const std::optional<std::string>& milter_socket, const SocketView& sockets,
                                 SendmailFindings& findings);

}  // namespace tecs
