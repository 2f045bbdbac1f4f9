#include "tools/postfix_findings.hpp"

#include <algorithm>
#include <array>

namespace tecs {
namespace {

enum class Role { public_port, submission, other };

// "25", "192.0.2.1:25", "[2001:db8::1]:smtp"; "smtpd" of type pass is what postscreen hands connections to.
Role role_of(const SmtpdService& service) {
  const std::string& name = service.entry.fields[0];
  const std::size_t colon = name.rfind(':');
  const std::string port = colon == std::string::npos ? name : name.substr(colon + 1);
  constexpr std::array<std::string_view, 5> of_users{"submission", "submissions", "smtps", "587", "465"};
  if (std::find(of_users.begin(), of_users.end(), port) != of_users.end()) return Role::submission;
  const bool is_public = port == "smtp" || port == "25" || service.entry.fields[1] == "pass";
  return is_public ? Role::public_port : Role::other;
}

bool has_milter(const SmtpdService& service, const TecsDoors& doors) {
  const auto milters = parse_postfix_milters(service.value("smtpd_milters"));
  return std::any_of(milters.begin(), milters.end(),
                     [&](const PostfixMilter& milter) { return doors.is_milter_door(milter); });
}

bool has_sasl(const SmtpdService& service, const TecsDoors& doors) {
  return is_yes(service.value("smtpd_sasl_auth_enable")) && doors.is_sasl_door(service);
}

// Where people log in.
void check_submission(const TecsDoors& doors, PostfixServiceFindings& findings) {
  const SmtpdService& service = findings.service();
  if (has_sasl(service, doors)) {
    const bool relays = login_permits_relaying(service);
    const Fault fault{relays ? Severity::unsafe : Severity::broken, "submission-door",
                      "This service, where people log in, has tecs-milter for its SASL server.",
                      relays ? "A signature is a login there, and strangers who sign may relay."
                             : "A signature is a login there, which it must not be."};
    if (service.value("smtpd_sasl_type") == "cyrus") {
      findings.elsewhere(fault, service.sasl_file, "# no tecs_socket", true);
    } else {
      findings.for_service(fault, "smtpd_sasl_path", "private/auth");
    }
  } else if (has_milter(service, doors)) {
    std::string others;
    for (const PostfixMilter& milter : parse_postfix_milters(service.value("smtpd_milters"))) {
      if (!doors.is_milter_door(milter)) others += (others.empty() ? "" : ", ") + milter.text;
    }
    findings.for_service(
        {Severity::advice, "submission-milter", "Mail of your own users goes through tecs-milter.",
         "They do not sign, and are scored and noted as connections without a signature."},
        "smtpd_milters", others);
  }
}

void check_service(const TecsDoors& doors, const SocketView& sockets, PostfixServiceFindings& findings) {
  const SmtpdService& service = findings.service();
  const bool enabled = is_yes(service.value("smtpd_sasl_auth_enable"));
  if (enabled && !doors.is_sasl_door(service) && service.value("smtpd_sasl_type") != "cyrus") {
    findings.for_service({Severity::broken, "no-sasl-door", "smtpd_sasl_path is not that of tecs-milter.",
                          "AUTH TECS-1 is not offered, and nobody can sign."},
                         "smtpd_sasl_path", "unix:/run/tecs/sasl");
    return;
  }
  find_sasl_faults(findings);
  if (enabled) {
    find_relay_faults(findings);
    find_route_faults(findings);
  }
  find_milter_faults(doors, findings);
  find_socket_faults(doors, sockets, findings);
}

}  // namespace

std::vector<Finding> find_postfix_faults(const PostfixConfiguration& configuration, const TecsDoors& doors,
                                         const SocketView& sockets) {
  std::vector<Finding> found;
  bool meant_for_tecs = false;
  for (const SmtpdService& service : configuration.services) {
    PostfixServiceFindings findings(configuration, service, found);
    const Role role = role_of(service);
    if (role == Role::submission) {
      check_submission(doors, findings);
    } else if (has_sasl(service, doors) || (role == Role::public_port && has_milter(service, doors))) {
      meant_for_tecs = true;
      check_service(doors, sockets, findings);
    }
  }
  if (meant_for_tecs) return found;
  found.push_back(
      {Severity::broken, "no-service", "master.cf",
       "No smtpd service for port 25 has tecs-milter, or its sockets cannot be told by their names.",
       "Nobody can sign. docs/postfix.md shows the lines; --sasl-socket names a socket without "
       "\"tecs\" in its path.",
       configuration.directory + "/master.cf", 0, false,
       "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=unix:/run/tecs/sasl "
       "-o smtpd_milters=unix:/run/tecs/milter -o milter_default_action=accept "
       "-o smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination"});
  return found;
}

}  // namespace tecs
