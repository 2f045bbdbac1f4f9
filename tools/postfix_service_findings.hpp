// Findings about one smtpd service, with the line of main.cf or master.cf to change.
#pragma once

#include <string>
#include <vector>

#include "tools/finding.hpp"
#include "tools/postfix_configuration.hpp"

namespace tecs {

// All that is referred to must outlive this.
class PostfixServiceFindings {
 public:
  PostfixServiceFindings(const PostfixConfiguration& configuration, const SmtpdService& service,
                         std::vector<Finding>& findings)
      : configuration_(configuration), service_(service), findings_(findings) {}

  [[nodiscard]] const SmtpdService& service() const { return service_; }
  [[nodiscard]] const std::string& value(const std::string& parameter) const {
    return service_.value(parameter);
  }

  // Whether somebody wrote it down, for this service or for all, and it is not Postfix's own default.
  [[nodiscard]] bool is_set(const std::string& parameter) const;

  // Mended by -o parameter=value for this service alone, whatever main.cf has for others.
  void for_service(Fault fault, const std::string& parameter, const std::string& value);
  // Mended in main.cf for all.
  void for_all(Fault fault, const std::string& parameter, const std::string& value);
  // Mended in column 5 of the service.
  void without_chroot(Fault fault);
  // Mended elsewhere; an empty file: change is a command. replaces: a line that is there has to go.
  void elsewhere(Fault fault, const std::string& file, const std::string& change, bool replaces = false);

 private:
  // The override of the parameter that holds for this service; null if there is none.
  [[nodiscard]] const MasterEntry::Override* override_of(const std::string& parameter) const;
  void add(Fault fault, const std::string& file, unsigned line, bool replaces, const std::string& change);
  [[nodiscard]] std::string master() const { return configuration_.directory + "/master.cf"; }

  const PostfixConfiguration& configuration_;
  const SmtpdService& service_;
  std::vector<Finding>& findings_;
};

}  // namespace tecs
