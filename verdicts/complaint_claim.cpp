#include "verdicts/complaint_claim.hpp"

#include <algorithm>
#include <charconv>

#include "tecs/tag_list.hpp"
#include "verdicts/uuid.hpp"

namespace tecs {
namespace {

using std::chrono::sys_seconds;

auto bad(std::string_view field, std::string_view what) {
  return malformed(ComplaintReason::bad_field, std::string(field) + ": " + std::string(what));
}
auto contradiction(std::string sentence) {
  return malformed(ComplaintReason::contradiction, std::move(sentence));
}

// RFC 5965 section 3.5 and the registry of feedback types.
Claimed<std::string> read_feedback_type(const ArfFields& fields) {
  constexpr std::string_view name = "Feedback-Type";
  constexpr std::size_t longest = 40;
  const auto text = fields.only(name);
  if (!text) return tl::unexpected(text.error());
  std::string type(*text);
  for (char& character : type) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    const bool of_token = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    if (!of_token && character != '-' && character != '_') return bad(name, "not a word");
  }
  if (type.empty() || type.size() > longest) return bad(name, "missing or too long");
  // RFC 6430 and RFC 6591: these reports are no complaints.
  if (type == "not-spam" || type == "auth-failure")
    return refusal(ComplaintStatus::unverified, ComplaintReason::not_a_complaint,
                   "a report of the type " + type + " is no complaint");
  return type;
}

Claimed<std::optional<VerdictReference>> read_verdict(const ArfFields& fields) {
  constexpr std::string_view name = "TECS-Verdict";
  const auto text = fields.only(name);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return std::optional<VerdictReference>();
  const std::size_t semicolon = text->find(';');
  std::string_view id = text->substr(0, semicolon);
  id = id.substr(0, id.find_last_not_of(" \t") + 1);
  auto uuid = parse_uuid(id);
  if (!uuid) return bad(name, "does not begin with the id of a verdict");
  VerdictReference reference{.id = *std::move(uuid), .receiver = {}};
  if (semicolon == std::string_view::npos) return std::optional(reference);
  const auto tags = TagList::parse(text->substr(semicolon + 1));
  if (!tags) return bad(name, "not a tag-list behind the id, or a tag stands twice");
  reference.receiver = std::string(tags->find("receiver").value_or(""));
  return std::optional(reference);
}

Claimed<std::optional<TecsCredentialField>> read_credential(const ArfFields& fields) {
  const auto text = fields.only(TecsCredentialField::name);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return std::optional<TecsCredentialField>();
  return TecsCredentialField::parse(*text).map(
      [](TecsCredentialField field) { return std::optional(std::move(field)); });
}

// Source-IP (RFC 5965 section 3.2) and Source-Port (RFC 6692).
Claimed<void> read_source(const ArfFields& fields, ComplaintClaim& claim) {
  const auto address = fields.only("Source-IP");
  if (!address) return tl::unexpected(address.error());
  if (!address->empty()) {
    const auto parsed = IpAddress::parse(*address);
    if (!parsed) return bad("Source-IP", "not an IP address");
    claim.source_address = *parsed;
  }
  const auto port = fields.only("Source-Port");
  if (!port) return tl::unexpected(port.error());
  if (port->empty()) return {};
  std::uint16_t number = 0;
  const char* const end = port->data() + port->size();
  const auto [rest, error] = std::from_chars(port->data(), end, number);
  if (error != std::errc{} || rest != end || number == 0) return bad("Source-Port", "not a port");
  claim.source_port = number;
  return {};
}

// May stand several times (RFC 5965 section 3.3).
Claimed<void> read_domains(const ArfFields& fields, ComplaintClaim& claim) {
  for (const std::string_view text : fields.all("Reported-Domain")) {
    const auto domain = Domain::parse(text);
    if (!domain) return bad("Reported-Domain", "not a domain name");
    claim.reported_domains.push_back(*domain);
  }
  return {};
}

Claimed<void> check_credential(const ComplaintClaim& claim, sys_seconds now) {
  // The clocks of others may be wrong, but not by more than this.
  constexpr std::chrono::hours latest{1};
  const TecsCredentialField& field = *claim.credential;
  if (!field.epoch && !claim.arrival_date)
    return bad(TecsCredentialField::name, "epoch= is missing, and there is no Arrival-Date either");
  if ((field.epoch ? field.epoch->time() : *claim.arrival_date) > now + latest)
    return bad(TecsCredentialField::name, "the time of the connection is still to come");
  if (!claim.fits_source(field.tuple.source()))
    return contradiction("Source-IP or Source-Port is another than the source of TECS-Credential");
  if (!claim.fits_domain(field.credential.domain))
    return contradiction("Reported-Domain is another than the domain of TECS-Credential");
  return {};
}

bool is_below(const std::string& domain, const std::string& other) {
  return domain == other || (domain.ends_with(other) && domain[domain.size() - other.size() - 1] == '.');
}

}  // namespace

bool ComplaintClaim::fits_domain(const Domain& domain) const {
  // A reporter may name the organizational domain, or the host.
  return reported_domains.empty() ||
         std::any_of(reported_domains.begin(), reported_domains.end(), [&](const Domain& reported) {
           return is_below(reported.text(), domain.text()) || is_below(domain.text(), reported.text());
         });
}

bool ComplaintClaim::fits_source(const Endpoint& source) const {
  return (!source_address || *source_address == source.address()) &&
         (!source_port || *source_port == source.port());
}

Claimed<ComplaintClaim> read_claim(const ArfMessage& message, sys_seconds now) {
  ComplaintClaim claim;
  claim.reporter = message.reporter;
  claim.message = message.message;
  claim.arrival_date = message.arrival_date;
  auto type = read_feedback_type(message.fields);
  if (!type) return tl::unexpected(type.error());
  claim.feedback_type = *std::move(type);
  auto verdict = read_verdict(message.fields);
  if (!verdict) return tl::unexpected(verdict.error());
  claim.verdict = *std::move(verdict);
  auto credential = read_credential(message.fields);
  if (!credential) return tl::unexpected(credential.error());
  claim.credential = *std::move(credential);
  if (const auto read = read_source(message.fields, claim); !read) return tl::unexpected(read.error());
  if (const auto read = read_domains(message.fields, claim); !read) return tl::unexpected(read.error());
  if (claim.credential) {
    if (const auto checked = check_credential(claim, now); !checked) return tl::unexpected(checked.error());
  } else if (!claim.verdict) {
    return refusal(ComplaintStatus::unverified, ComplaintReason::no_evidence,
                   "it has neither TECS-Credential nor TECS-Verdict");
  }
  return claim;
}

}  // namespace tecs
