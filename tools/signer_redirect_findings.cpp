// The firewall's rules, as the connections of the MTA and of the signer meet them.
#include <algorithm>

#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

using Kind = NatOutcome::Kind;

constexpr const char* rules_file = "/etc/nftables.conf";
constexpr const char* include_line = "include \"/etc/tecs/tecs-signer.nft\"";

// Nobody has these (RFC 5737, RFC 3849), so they stand for any server in the world.
const IpAddress& far_server(AddressFamily family) {
  static const IpAddress ipv4 = IpAddress::parse("203.0.113.25").value();
  static const IpAddress ipv6 = IpAddress::parse("2001:db8::25").value();
  return family == AddressFamily::ipv4 ? ipv4 : ipv6;
}

const IpAddress& loopback(AddressFamily family) {
  static const IpAddress ipv4 = IpAddress::parse("127.0.0.1").value();
  static const IpAddress ipv6 = IpAddress::parse("::1").value();
  return family == AddressFamily::ipv4 ? ipv4 : ipv6;
}

std::string name_of(AddressFamily family) {
  return family == AddressFamily::ipv4 ? "IPv4" : "IPv6";
}

// For one address family.
class RedirectCheck {
 public:
  RedirectCheck(const SignerSurroundings& around, AddressFamily family, std::vector<Finding>& found)
      : around_(around), family_(family), found_(found) {}

  void check_original_destination() {
    const bool gateway = check_gateway();
    const NatOutcome mta = around_.rules->path(packet_of_mta(around_, family_));
    switch (mta.kind) {
      case Kind::untouched:
        if (!gateway) report_missing();
        break;
      case Kind::unsure:
        report_unsure(mta);
        break;
      case Kind::redirected:
        check_target(mta);
        break;
    }
    if (gateway || mta.kind != Kind::untouched) check_loop();
  }

  void check_fixed_upstream() {
    const NatOutcome mta = around_.rules->path(packet_of_mta(around_, family_));
    if (mta.kind == Kind::untouched) return;
    if (leads_to_signer(mta)) {
      add({Severity::advice, "needless-redirect",
           "Connections to port 25 are redirected to the signer, which has a fixed next hop.",
           "All mail goes to " + around_.configuration.upstream + ", whatever its domain's MX."},
          around_.configuration.file, around_.configuration.upstream_line, "upstream = original-destination",
          true);
    }
    if (around_.configuration.upstream.ends_with(":25")) check_loop();
  }

 private:
  void add(Fault fault, const std::string& file, unsigned line, const std::string& change,
           bool replaces = false) {
    found_.push_back({fault.severity, std::move(fault.word), "redirect, " + name_of(family_),
                      std::move(fault.problem), std::move(fault.reason), file, line, replaces, change});
  }

  [[nodiscard]] MailPacket packet_of_signer() const {
    MailPacket packet{.hook = MailPacket::Hook::output, .destination = far_server(family_)};
    packet.user = around_.account->user;
    if (!around_.account->groups.empty()) packet.group = around_.account->groups.front();
    packet.of_signer = true;
    return packet;
  }

  [[nodiscard]] std::string listening_port() const {
    return std::to_string(around_.configuration.listeners.front().port);
  }
  [[nodiscard]] std::string sparing_rule() const {
    // What connects to this host itself, such as a program that hands mail to the MTA, is to reach it.
    return "fib daddr type != local tcp dport 25 meta skuid != \"" + around_.user +
           "\" redirect to :" + listening_port();
  }

  [[nodiscard]] bool leads_to_signer(const NatOutcome& outcome) const {
    const IpAddress target = outcome.address.value_or(loopback(family_));
    const auto& listeners = around_.configuration.listeners;
    return std::any_of(listeners.begin(), listeners.end(),
                       [&](const auto& each) { return each.takes(target, outcome.port); });
  }

  void report_missing() {
    add({Severity::broken, "no-redirect",
         "Outgoing connections to port 25 over " + name_of(family_) + " are not redirected to the signer.",
         "Mail that goes out over " + name_of(family_) + " is not signed."},
        rules_file, 0, include_line);
  }

  void report_unsure(const NatOutcome& outcome) {
    add({Severity::advice, "redirect-unsure",
         "Whether port 25 over " + name_of(family_) +
             " is redirected depends on a rule that is not understood: " + outcome.rule,
         "Send a mail, and look for its line in the log of the signer."},
        "", 0, "nft list ruleset");
  }

  void check_target(const NatOutcome& outcome) {
    if (outcome.port != 0 && leads_to_signer(outcome)) return;
    const IpAddress target = outcome.address.value_or(loopback(family_));
    const std::string written =
        family_ == AddressFamily::ipv4 ? target.format() : "[" + target.format() + "]";
    add({Severity::broken, "redirect-elsewhere",
         "The rule for " + name_of(family_) + " sends port 25 to " + written + ":" +
             std::to_string(outcome.port) + ", where the signer does not listen.",
         "Mail over " + name_of(family_) + " waits in the queue of the MTA."},
        around_.configuration.file, around_.configuration.listeners.back().line,
        "listen = " + written + ":" + std::to_string(outcome.port));
  }

  void check_loop() {
    if (!around_.account) return;  // said elsewhere
    const NatOutcome own = around_.rules->path(packet_of_signer());
    if (own.kind == Kind::redirected) {
      add({Severity::broken, "loop",
           "The signer's own connections to port 25 are redirected, too: the rule does not spare its user " +
               around_.user + ".",
           "They come back to it, which it sees and ends: no mail over " + name_of(family_) + " goes out."},
          rules_file, 0, sparing_rule());
    } else if (own.kind == Kind::unsure) {
      add({Severity::advice, "loop-unsure",
           "Whether the rule spares the signer's own connections depends on what is not understood: " +
               own.rule,
           "If it does not, no mail goes out, and the log of the signer says that its own connection came "
           "back."},
          rules_file, 0, sparing_rule());
    }
  }

  // Whether mail of other hosts, which this one forwards, is redirected to the signer.
  bool check_gateway() {
    const NatOutcome forwarded =
        around_.rules->path({.hook = MailPacket::Hook::prerouting, .destination = far_server(family_)});
    if (forwarded.kind == Kind::untouched || forwarded.port == 0) return false;
    const auto& listeners = around_.configuration.listeners;
    const bool ours = std::any_of(listeners.begin(), listeners.end(),
                                  [&](const auto& each) { return each.port == forwarded.port; });
    if (!ours) return false;
    const bool reachable = std::any_of(listeners.begin(), listeners.end(), [&](const auto& each) {
      return forwarded.address
                 ? each.takes(*forwarded.address, forwarded.port)
                 : each.port == forwarded.port && !each.address.loopback() &&
                       (each.address.family() == family_ || each.takes(far_server(family_), each.port));
    });
    if (!reachable) {
      add({Severity::broken, "gateway-listener",
           "What other hosts send to port 25 is redirected to an address of this host's network, and the "
           "signer "
           "listens on loopback only.",
           "Their mail over " + name_of(family_) + " waits in their queues."},
          around_.configuration.file, around_.configuration.listeners.back().line,
          family_ == AddressFamily::ipv4 ? "listen = 0.0.0.0:" + std::to_string(forwarded.port)
                                         : "listen = [::]:" + std::to_string(forwarded.port));
    }
    check_source();
    check_incoming(forwarded);
    return true;
  }

  void check_source() {
    const SignerConfiguration& configuration = around_.configuration;
    if (!configuration.source.empty() && configuration.source != "mta") return;
    add({Severity::broken, "gateway-source",
         "Mail of other hosts is redirected here, and source is mta: this host does not have their "
         "addresses.",
         "Their mail over " + name_of(family_) + " waits in their queues."},
        configuration.file, configuration.source_line, "source = system", configuration.source_line != 0);
  }

  void check_incoming(const NatOutcome& forwarded) {
    for (const IpAddress& own : around_.own_addresses) {
      if (own.family() != family_ || own.loopback()) continue;
      const NatOutcome incoming = around_.rules->path(
          {.hook = MailPacket::Hook::prerouting, .destination = own, .to_this_host = true});
      if (incoming.kind == Kind::untouched || incoming.port != forwarded.port) continue;
      add({Severity::broken, "gateway-incoming",
           "The rule for other hosts' mail also takes mail that comes to " + own.format() +
               ", this host itself.",
           "What comes in is sent on by the signer, in your name, instead of reaching the MTA here."},
          rules_file, 0,
          "fib daddr type != local tcp dport 25 redirect to :" + std::to_string(forwarded.port));
      return;
    }
  }

  const SignerSurroundings& around_;
  AddressFamily family_;
  std::vector<Finding>& found_;
};

bool mentions_redirect(const std::string& text) {
  return text.find("tecs-signer.nft") != std::string::npos ||
         (text.find("dport") != std::string::npos &&
          (text.find("redirect") != std::string::npos || text.find("dnat") != std::string::npos));
}

}  // namespace

MailPacket packet_of_mta(const SignerSurroundings& around, AddressFamily family) {
  MailPacket packet{.hook = MailPacket::Hook::output, .destination = far_server(family)};
  packet.user = around.mta_user;
  if (!around.account) return packet;
  packet.other_than_user = around.account->user;
  if (!around.account->groups.empty()) packet.other_than_group = around.account->groups.front();
  return packet;
}

void find_redirect_faults(const SignerSurroundings& around, std::vector<Finding>& found) {
  if (!around.rules) return;
  for (const AddressFamily family : {AddressFamily::ipv4, AddressFamily::ipv6}) {
    if (family == AddressFamily::ipv6 && !around.mta_uses_ipv6) continue;
    RedirectCheck check(around, family, found);
    if (around.configuration.original_destination()) {
      check.check_original_destination();
    } else {
      check.check_fixed_upstream();
    }
  }
  const bool missing =
      std::any_of(found.begin(), found.end(), [](const Finding& each) { return each.word == "no-redirect"; });
  if (!around.configuration.original_destination() || missing || around.rules->has_iptables_rules()) return;
  if (!mentions_redirect(around.kept_rules.text)) {
    found.push_back(
        {Severity::advice, "not-kept", "redirect", std::string(rules_file) + " does not have the redirect.",
         "After the next start of this machine mail goes out unsigned.", rules_file, 0, false, include_line});
  } else if (around.kept_rules.disabled) {
    found.push_back({Severity::advice, "not-kept", "redirect",
                     "nftables.service, which loads " + std::string(rules_file) + ", is disabled.",
                     "After the next start of this machine mail goes out unsigned.", "", 0, false,
                     "systemctl enable nftables"});
  }
}

}  // namespace tecs
