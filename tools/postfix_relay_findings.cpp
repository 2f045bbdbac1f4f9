// Who may send mail to where, once a signature counts as a login.
#include "tools/postfix_restrictions.hpp"
#include "tools/postfix_rules.hpp"

namespace tecs {
namespace {

using Client = PostfixRestrictions::Client;
using End = PostfixRestrictions::Outcome;

constexpr const char* relay_list = "smtpd_relay_restrictions";
constexpr const char* recipient_list = "smtpd_recipient_restrictions";
constexpr const char* safe_value = "permit_mynetworks,reject_unauth_destination";
constexpr const char* login = "permit_sasl_authenticated";

bool gets_through(const PostfixRestrictions& restrictions, Client client) {
  return restrictions.outside_mail(relay_list, client).end != End::refused &&
         restrictions.outside_mail(recipient_list, client).end != End::refused;
}

// What decides whether a client that has authenticated gets through, if that cannot be told from the
// configuration alone; else empty.
std::string unseen_permission(const PostfixRestrictions& restrictions) {
  const auto relay = restrictions.outside_mail(relay_list, Client::authenticated);
  const auto recipient = restrictions.outside_mail(recipient_list, Client::authenticated);
  if (relay.end == End::refused && relay.unseen.empty()) return "";
  if (recipient.end == End::refused && recipient.unseen.empty()) return "";
  return relay.unseen.empty() ? recipient.unseen : relay.unseen;
}

// What lets a login through, where nothing lets everybody through.
std::string permission_by_login(const PostfixRestrictions& restrictions) {
  const auto relay = restrictions.outside_mail(relay_list, Client::authenticated);
  return relay.by_login.empty() ? restrictions.outside_mail(recipient_list, Client::authenticated).by_login
                                : relay.by_login;
}

// All that the list asks now is still asked, but about our own domains only.
std::string with_refusal_first(const PostfixRestrictions& restrictions) {
  const std::string rest =
      restrictions.without(relay_list, {"permit_mynetworks", "reject_unauth_destination"});
  return rest.empty() ? safe_value : "permit_mynetworks reject_unauth_destination " + rest;
}

void check_relaying(const PostfixRestrictions& restrictions, PostfixServiceFindings& findings) {
  if (gets_through(restrictions, Client::unknown)) {
    findings.for_service(
        {Severity::unsafe, "relay-for-all",
         "Neither smtpd_relay_restrictions nor smtpd_recipient_restrictions stops mail for other domains.",
         "Postfix refuses to run like this, or sends anybody's mail anywhere."},
        relay_list, safe_value);
  } else if (gets_through(restrictions, Client::authenticated)) {
    findings.for_service(
        {Severity::unsafe, "relay-by-login",
         permission_by_login(restrictions) + " is reached before reject_unauth_destination.",
         "A signature counts as a login here, and anybody with a key in DNS can sign: strangers may relay."},
        relay_list, safe_value);
  } else if (const std::string unseen = unseen_permission(restrictions); !unseen.empty()) {
    findings.for_service(
        {Severity::unsafe, "relay-unseen",
         unseen + " is asked before reject_unauth_destination, and what it permits was not looked at.",
         "If it permits a stranger who signs anything at all, that stranger may relay."},
        relay_list, with_refusal_first(restrictions));
  } else if (restrictions.outside_mail(relay_list, Client::authenticated).end != End::refused) {
    findings.for_service({Severity::advice, "relay-restrictions",
                          "Only smtpd_recipient_restrictions keeps strangers who sign from relaying.",
                          "A line there that permits more, for whatever reason, would open the relay."},
                         relay_list, safe_value);
  }
}

void check_skipping(const PostfixRestrictions& restrictions, PostfixServiceFindings& findings) {
  for (const std::string& list : restrictions.lists()) {
    if (list == relay_list || !restrictions.names(list, login)) continue;
    findings.for_service(
        {Severity::advice, "skipped-checks", "permit_sasl_authenticated stands in " + list + ".",
         "Any stranger who signs passes over the checks that come after it."},
        list, restrictions.without(list, {login}));
  }
}

// A signature's user name, tecs:example.org, owns no sender address.
void check_sender_login(const PostfixRestrictions& restrictions, PostfixServiceFindings& findings) {
  for (const std::string& list : restrictions.lists()) {
    for (const char* restriction :
         {"reject_sender_login_mismatch", "reject_authenticated_sender_login_mismatch"}) {
      if (!restrictions.names(list, restriction)) continue;
      const std::string rest = restrictions.without(list, {restriction});
      findings.for_service(
          {Severity::broken, "sender-login", std::string(restriction) + " stands in " + list + ".",
           "It refuses all mail of a client that has signed, whose login owns no sender address."},
          list, (rest.empty() ? "" : rest + " ") + "reject_unauthenticated_sender_login_mismatch");
    }
  }
}

}  // namespace

bool login_permits_relaying(const SmtpdService& service) {
  const PostfixRestrictions restrictions(service);
  return gets_through(restrictions, Client::authenticated) || !unseen_permission(restrictions).empty();
}

void find_relay_faults(PostfixServiceFindings& findings) {
  const PostfixRestrictions restrictions(findings.service());
  check_relaying(restrictions, findings);
  check_skipping(restrictions, findings);
  check_sender_login(restrictions, findings);
  if (is_no(findings.value("smtpd_delay_reject"))) {
    findings.for_service({Severity::advice, "early-reject",
                          "smtpd_delay_reject = no: clients are refused before they can sign.",
                          "Their verdicts then say none, whoever they are."},
                         "smtpd_delay_reject", "yes");
  }
  if (findings.value("local_header_rewrite_clients").find(login) != std::string::npos) {
    findings.for_service(
        {Severity::advice, "header-rewriting", "local_header_rewrite_clients has permit_sasl_authenticated.",
         "Incomplete addresses in a stranger's mail would be completed with your domain."},
        "local_header_rewrite_clients", "permit_inet_interfaces");
  }
}

}  // namespace tecs
