// The keys that the signer signs with.
#include "tecs/signer.hpp"
#include "tools/published_key.hpp"
#include "tools/signer_surroundings.hpp"

namespace tecs {
namespace {

using Key = SignerConfiguration::Key;

class KeyCheck {
 public:
  KeyCheck(const SignerSurroundings& around, const Key& key, std::vector<Finding>& found)
      : around_(around), key_(key), found_(found) {}

  void check(const Machine& machine, TxtSource& dns, const Clock& clock) {
    const auto readable = machine.can_read(key_.path, around_.user);
    if (around_.account && !readable) {
      add({Severity::broken, "key-unreadable", readable.error().sentence + ".", "The signer does not start."},
          "", 0, "chown " + around_.user + ": " + key_.path);
      return;
    }
    auto key = machine.read_key(key_.path);
    if (!key) {
      const bool hidden = key.error().reason == Reason::io_error;
      add({hidden ? Severity::advice : Severity::broken, hidden ? "key-unseen" : "key-file",
           key.error().sentence + ".",
           hidden ? "Whether the key is the one in DNS was not looked at; do this as root."
                  : "The signer does not start."},
          "", 0, hidden ? "sudo tecs check signer" : "chmod 600 " + key_.path);
      return;
    }
    check_dns(*std::move(key), dns, clock);
  }

 private:
  void add(Fault fault, const std::string& file, unsigned line, const std::string& change) {
    found_.push_back({fault.severity, std::move(fault.word), "key of " + key_.domain,
                      std::move(fault.problem), std::move(fault.reason), file, line, false, change});
  }

  [[nodiscard]] std::string command(const char* subcommand) const {
    std::string text = std::string("tecs ") + subcommand + " --domain " + key_.domain;
    if (!key_.selector.empty()) text += " --selector " + key_.selector;
    if (std::string_view(subcommand) == "record") text += " --key " + key_.path;
    return text;
  }

  void check_dns(SigningKey key, TxtSource& dns, const Clock& clock) {
    const auto domain = Domain::parse(key_.domain);
    std::optional<Selector> selector;
    if (!key_.selector.empty()) {
      const auto parsed = Selector::parse(key_.selector);
      if (!parsed) return wrong_name(parsed.error());
      selector = *parsed;
    }
    if (!domain) return wrong_name(domain.error());
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
    const auto published = examine_published_key(Signer(*domain, selector, std::move(key)), now, dns);
    if (!published || published->verification.result == Result::pass) return;
    report(published->verification);
  }

  void wrong_name(const Error& error) {
    add({Severity::broken, "key-name", error.sentence + ".", "The signer does not start."}, key_.file,
        key_.line, "domain = example.org");
  }

  void report(const Verification& verification) {
    const std::string refused = "Every receiver refuses the signatures.";
    if (verification.result == Result::temperror) {
      add({Severity::advice, "key-unknown",
           "DNS does not say which key is published: " + verification.detail() + ".",
           "Whether receivers can verify was not looked at."},
          "", 0, command("lookup"));
    } else if (verification.error->reason == Reason::no_key) {
      add({Severity::broken, "key-unpublished", "No key stands in DNS for " + key_.domain + ".", refused}, "",
          0, command("record"));
    } else if (verification.error->reason == Reason::signature_mismatch ||
               verification.error->reason == Reason::key_type_mismatch) {
      add({Severity::broken, "key-mismatch", "The key in DNS is another than the one in " + key_.path + ".",
           refused},
          "", 0, command("record"));
    } else {
      add({Severity::broken, "key-record", verification.detail() + ".", refused}, "", 0, command("lookup"));
    }
  }

  const SignerSurroundings& around_;
  const Key& key_;
  std::vector<Finding>& found_;
};

}  // namespace

void find_key_faults(const SignerSurroundings& around, const Machine& machine, TxtSource& dns,
                     const Clock& clock, std::vector<Finding>& found) {
  for (const Key& key : around.configuration.keys) KeyCheck(around, key, found).check(machine, dns, clock);
  if (!around.configuration.keys.empty()) return;
  found.push_back({Severity::broken, "no-key", "key", "The configuration names no key to sign with.",
                   "Nothing is signed.", around.configuration.file, 0, false,
                   "key = /etc/tecs/keys/example.org.pem"});
}

}  // namespace tecs
