// The milter tecs-milter among the milters of a service, and what the others are told.
#include <algorithm>
#include <array>

#include "tools/postfix_rules.hpp"

namespace tecs {
namespace {

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

// Beside the SASL socket, which is called sasl where the documentation was followed.
std::string milter_beside(const std::string& sasl_path) {
  const PostfixSocket socket = parse_postfix_socket(sasl_path);
  if (!socket.is_unix || !socket.path.ends_with("/sasl")) return "unix:/run/tecs/milter";
  return "unix:" + socket.path.substr(0, socket.path.size() - 4) + "milter";
}

// From the first change on ours is the first of them.
void check_place(const std::vector<PostfixMilter>& all, const PostfixMilter& ours, std::ptrdiff_t place,
                 PostfixServiceFindings& findings) {
  std::vector<std::string> milters;
  milters.reserve(all.size());
  for (const PostfixMilter& milter : all) milters.push_back(milter.text);
  if (place > 0) {
    std::rotate(milters.begin(), milters.begin() + place, milters.begin() + place + 1);
    findings.for_service(
        {Severity::broken, "milter-order", "Other milters of smtpd_milters come before tecs-milter.",
         "They see forged Authentication-Results that tecs-milter would have removed, and it would remove "
         "theirs."},
        "smtpd_milters", joined(milters, ", "));
  }
  if (ours.address.starts_with("inet")) {
    milters.front() = milter_beside(findings.value("smtpd_sasl_path"));
    findings.for_service(
        {Severity::advice, "milter-over-tcp", "tecs-milter is reached by TCP, " + ours.address + ".",
         "That costs Postfix some 40 ms a message; a unix socket costs nothing like it."},
        "smtpd_milters", joined(milters, ", "));
  }
}

void check_default_action(const PostfixMilter& ours, PostfixServiceFindings& findings) {
  const auto own = ours.settings.find("default_action");
  const bool has_own = own != ours.settings.end();
  const std::string& action = has_own ? own->second : findings.value("milter_default_action");
  if (action == "reject") {
    findings.for_service({Severity::broken, "default-action", "The default action of tecs-milter is reject.",
                          "Mail bounces whenever tecs-milter is restarted."},
                         "milter_default_action", "accept");
  } else if (!has_own && !findings.is_set("milter_default_action")) {
    findings.for_service(
        {Severity::advice, "default-action", "milter_default_action is not set, and is tempfail.",
         "No mail comes in while tecs-milter is away; write tempfail down if that is what you want."},
        "milter_default_action", "accept");
  }
}

void check_macros(PostfixServiceFindings& findings) {
  constexpr std::array parameters{"milter_connect_macros",     "milter_helo_macros",
                                  "milter_mail_macros",        "milter_rcpt_macros",
                                  "milter_data_macros",        "milter_end_of_header_macros",
                                  "milter_end_of_data_macros", "milter_unknown_command_macros"};
  for (const char* parameter : parameters) {
    std::vector<std::string> macros = postfix_list(findings.value(parameter));
    if (std::erase_if(macros, [](const std::string& macro) { return macro.starts_with("{auth_"); }) == 0)
      continue;
    findings.for_service(
        {Severity::unsafe, "auth-macros", std::string(parameter) + " tells the other milters of the login.",
         "They take a stranger who signed for one of your users: OpenDKIM signs their mail, rspamd trusts "
         "it."},
        parameter, joined(macros, " "));
  }
}

void check_tie(PostfixServiceFindings& findings) {
  const std::string& defaults = findings.value("milter_macro_defaults");
  if (defaults.find("tecs_pid=") != std::string::npos) return;
  findings.for_all({Severity::advice, "untied-doors", "milter_macro_defaults does not pass tecs_pid.",
                    "tecs-milter then has to guess which of several connections from one address signed."},
                   "milter_macro_defaults",
                   defaults + (defaults.empty() ? "" : ", ") + "tecs_pid=$process_id");
}

}  // namespace

bool TecsDoors::is_milter_door(const PostfixMilter& milter) const {
  if (!milter_socket) return milter.address.find("tecs") != std::string::npos;
  const PostfixSocket named = parse_postfix_socket(*milter_socket);
  return named.is_unix ? parse_postfix_socket(milter.address).path == named.path
                       : milter.address == *milter_socket;
}

void find_milter_faults(const TecsDoors& doors, PostfixServiceFindings& findings) {
  const std::string& text = findings.value("smtpd_milters");
  const std::vector<PostfixMilter> milters = parse_postfix_milters(text);
  const auto ours = std::find_if(milters.begin(), milters.end(),
                                 [&](const PostfixMilter& milter) { return doors.is_milter_door(milter); });
  if (ours == milters.end()) {
    findings.for_service(
        {Severity::broken, "no-milter", "smtpd_milters does not have tecs-milter.",
         "It cannot tell which connection was signed, and nobody's signature passes."},
        "smtpd_milters",
        milter_beside(findings.value("smtpd_sasl_path")) + (text.empty() ? "" : ", " + text));
  } else {
    check_place(milters, *ours, ours - milters.begin(), findings);
    check_default_action(*ours, findings);
  }
  const auto overrides = postfix_list(findings.value("receive_override_options"));
  if (std::find(overrides.begin(), overrides.end(), "no_milters") != overrides.end()) {
    findings.for_service({Severity::broken, "no-milters", "receive_override_options has no_milters.",
                          "tecs-milter is not asked."},
                         "receive_override_options", "");
  }
  if (milters.size() > (ours == milters.end() ? 0U : 1U)) check_macros(findings);
  check_tie(findings);
}

}  // namespace tecs
