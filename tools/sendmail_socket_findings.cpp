// The files of tecs-milter's sockets, as Sendmail's user sees them.
#include "tools/postfix_words.hpp"
#include "tools/sendmail_rules.hpp"

namespace tecs {
namespace {

using Kind = SocketStanding::Kind;

// "smmta", "smmta:smmta"; without the option it is root that connects.
std::string user_of(const SendmailConfiguration& configuration) {
  const auto option = configuration.option("RunAsUser");
  const std::string user = option ? option->text.substr(0, option->text.find(':')) : "";
  return user.empty() ? "root" : user;
}

}  // namespace

void check_sendmail_socket(const SendmailDoor& door, const std::string& address, const SocketView& sockets,
                           SendmailFindings& findings) {
  const PostfixSocket socket = parse_postfix_socket(address);
  if (!socket.is_unix) return;
  const std::string user = user_of(findings.configuration());
  const SocketStanding standing = sockets(socket.path, user);
  const std::string problem = standing.explanation + ".";
  switch (standing.kind) {
    case Kind::usable:
      return;
    case Kind::unknown:
      findings.elsewhere({Severity::advice, door.word + "-unseen", problem,
                          "Whether Sendmail can use the socket was not looked at; do this as root."},
                         "", "sudo tecs check sendmail");
      return;
    case Kind::forbidden:
      findings.elsewhere({Severity::broken, door.word + "-mode", problem, door.loss}, "",
                         "usermod -a -G tecs " + user);
      return;
    case Kind::absent:
    case Kind::not_a_socket:
      findings.elsewhere({Severity::broken, door.word, problem,
                          door.loss + " Is tecs-milter running, and is this its " + door.option + "?"},
                         "/etc/tecs/milter.conf", door.option + " = unix:" + socket.path);
  }
}

}  // namespace tecs
