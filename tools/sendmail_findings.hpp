// What is unsafe, broken or could be better in a Sendmail that TECS is meant for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/finding.hpp"
#include "tools/sendmail_configuration.hpp"
#include "tools/socket_standing.hpp"

namespace tecs {

struct SendmailFiles {
  std::string cf;                        // path of sendmail.cf
  std::string cf_text;                   //
  std::string sasl;                      // path of Sendmail.conf, of Cyrus SASL
  std::optional<std::string> sasl_text;  // none: there is no such file
  bool has_plugin = false;               // libsasltecs.so is where Cyrus SASL looks for it
};

// milter_socket: how tecs-milter's filter is told from others, as in the S= of its line; without it, by
// "tecs" in its name or socket. Asks nothing but `sockets`.
[[nodiscard]] std::vector<Finding> find_sendmail_faults(const SendmailFiles& files,
                                                        const std::optional<std::string>& milter_socket,
                                                        const SocketView& sockets);

}  // namespace tecs
