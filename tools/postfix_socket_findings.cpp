// The files of tecs-milter's sockets, as a smtpd sees them that may be chrooted.
#include "tools/cyrus_configuration.hpp"
#include "tools/postfix_rules.hpp"

namespace tecs {
namespace {

using Kind = SocketStanding::Kind;

struct Door {
  std::string word;       // of the findings
  std::string parameter;  // that names it
  std::string option;     // of tecs-milter that names it
  std::string loss;       // a sentence: what happens without it
};

Door sasl_door() {
  return {"sasl-socket", "smtpd_sasl_path", "sasl-socket",
          "An smtpd that cannot reach its SASL server ends, and the port serves nobody."};
}

// What the Cyrus plugin connects to, once smtpd is in its chroot.
Door plugin_door() {
  return {"sasl-socket", "tecs_socket", "sasl-socket", "Without it every signature is put off with 454."};
}

Door milter_door() {
  return {"milter-socket", "smtpd_milters", "milter-socket",
          "Without the milter all mail gets milter_default_action, and no signature passes."};
}

// In a chroot a path of the whole machine means another file.
void check_chroot(const Door& door, const std::string& path, const std::string& file,
                  PostfixServiceFindings& findings) {
  const std::string queue = findings.value("queue_directory") + "/";
  const Fault fault{Severity::broken, door.word + "-chroot",
                    findings.service().title() + " is chrooted: " + path + " in " + door.parameter +
                        " is for it " + file + ", which it cannot use.",
                    door.loss};
  // A path that is relative to the queue directory is right for both kinds of service.
  if (path.starts_with(queue) && door.parameter == "smtpd_sasl_path") {
    findings.for_service(fault, door.parameter, "unix:" + path.substr(queue.size()));
  } else if (path.starts_with(queue) && door.parameter == "tecs_socket") {
    findings.elsewhere(fault, findings.service().sasl_file,
                       "tecs_socket: unix:" + path.substr(queue.size() - 1), true);
  } else {
    findings.without_chroot(fault);
  }
}

void check_door(const Door& door, const std::string& address, const SocketView& sockets,
                PostfixServiceFindings& findings) {
  const PostfixSocket socket = parse_postfix_socket(address);
  if (!socket.is_unix) return;
  const bool chrooted = findings.service().chrooted();
  const std::string file = file_of_socket(socket.path, findings.value("queue_directory"), chrooted);
  const SocketStanding standing = sockets(file, findings.value("mail_owner"));
  const std::string problem = standing.explanation + ".";
  switch (standing.kind) {
    case Kind::usable:
      return;
    case Kind::unknown:
      findings.elsewhere({Severity::advice, door.word + "-unseen", problem,
                          "Whether Postfix can use the socket was not looked at; do this as root."},
                         "", "sudo tecs check postfix");
      return;
    case Kind::forbidden:
      findings.elsewhere({Severity::broken, door.word + "-mode", problem, door.loss}, "",
                         "install -d -o tecs -g postfix -m 2750 " + file.substr(0, file.rfind('/')) +
                             " && systemctl restart tecs-milter");
      return;
    case Kind::absent:
    case Kind::not_a_socket:
      if (chrooted && socket.path.starts_with('/')) return check_chroot(door, socket.path, file, findings);
      findings.elsewhere({Severity::broken, door.word, problem,
                          door.loss + " Is tecs-milter running, and is this its " + door.option + "?"},
                         milter_configuration_file, door.option + " = unix:" + file);
  }
}

}  // namespace

void find_socket_faults(const TecsDoors& doors, const SocketView& sockets, PostfixServiceFindings& findings) {
  const SmtpdService& service = findings.service();
  if (service.value("smtpd_sasl_type") == "cyrus" && service.sasl_text) {
    const auto socket = CyrusConfiguration(*service.sasl_text).value("tecs_socket");
    if (socket) check_door(plugin_door(), *socket, sockets, findings);
  }
  if (findings.value("smtpd_sasl_type") == "dovecot" && is_yes(findings.value("smtpd_sasl_auth_enable")))
    check_door(sasl_door(), findings.value("smtpd_sasl_path"), sockets, findings);
  for (const PostfixMilter& milter : parse_postfix_milters(findings.value("smtpd_milters"))) {
    if (doors.is_milter_door(milter)) check_door(milter_door(), milter.address, sockets, findings);
  }
}

}  // namespace tecs
