#include "verdicts/reputation_zone_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t maximum_name = 253;  // RFC 1035 section 2.3.4, without the final dot and the root

// How often a secondary server asks, how soon it asks again, and after how long it gives up answering when it
// cannot ask. Not options: NOTIFY does the work, and all that follows from an old list is old answers.
constexpr std::string_view secondary_timers = "3600 600 604800";
constexpr std::string_view soa = "@ IN SOA ";
constexpr std::string_view text_record = " IN TXT \"";
constexpr std::string_view test_entry = "test";

std::string first_line(const Domain& zone) {
  return "; " + zone.text() + ": written by \"tecs reputation publish\", which will write it anew.\n";
}

std::string_view address_of(Reputation reputation,
                            const std::vector<std::pair<Reputation, std::string>>& listed) {
  const auto found =
      std::find_if(listed.begin(), listed.end(), [&](const auto& each) { return each.first == reputation; });
  return found == listed.end() ? std::string_view() : found->second;
}

class Writer {
 public:
  Writer(const ReputationZoneSettings& settings, std::uint32_t serial) : zone_(settings.zone) {
    // bad first: the first is what TEST is listed with.
    for (const Reputation each :
         {Reputation::bad, Reputation::medium, Reputation::unknown, Reputation::good}) {
      for (const auto& [address, reputation] : settings.listed) {
        if (reputation == each && address_of(each, listed_).empty())
          listed_.emplace_back(each, address.format());
      }
    }
    write_head(settings, serial);
  }

  void add(const ReputationZoneEntry& entry) {
    const auto domain = Domain::parse(entry.domain);
    if (!domain) {
      file_.no_domains.push_back(printable_text(entry.domain, maximum_name));
    } else if (domain->text().size() + 1 + zone_.text().size() > maximum_name) {
      file_.too_long.push_back(domain->text());
    } else {
      write_records(domain->text(), entry.reputation);
      ++file_.published[entry.reputation];
    }
  }

  [[nodiscard]] ReputationZoneFile take() && { return std::move(file_); }

 private:
  void write_head(const ReputationZoneSettings& settings, std::uint32_t serial) {
    file_.text = first_line(zone_);
    file_.text += "$ORIGIN " + zone_.text() + ".\n";
    file_.text += "$TTL " + std::to_string(settings.ttl.count()) + "\n";
    file_.text += std::string(soa) + settings.name_servers.front() + ". " + settings.contact + ". " +
                  std::to_string(serial) + " ";
    file_.text += secondary_timers;
    file_.text += " " + std::to_string(settings.negative_ttl.count()) + "\n";
    for (const std::string& server : settings.name_servers) file_.text += "@ IN NS " + server + ".\n";
    // A reader that knows words asks for TXT, one that knows addresses for A: both find TEST.
    write_records(test_entry, listed_.empty() ? Reputation::bad : listed_.front().first);
  }

  void write_records(std::string_view name, Reputation reputation) {
    file_.text.append(name).append(text_record).append(word(reputation)).append("\"\n");
    const std::string_view address = address_of(reputation, listed_);
    if (!address.empty()) file_.text.append(name).append(" IN A ").append(address).append("\n");
  }

  const Domain& zone_;
  std::vector<std::pair<Reputation, std::string>> listed_;
  ReputationZoneFile file_;
};

// Takes what stands before the next of these characters off the text, and that character.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

bool is_mailbox_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '+' || c == '.';
}

}  // namespace

Expected<std::string> parse_contact(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view mailbox = at == std::string_view::npos ? "" : text.substr(0, at);
  const auto domain = Domain::parse(at == std::string_view::npos ? text : text.substr(at + 1));
  const bool good = domain && mailbox.size() <= 63 && (at == std::string_view::npos) == mailbox.empty() &&
                    std::all_of(mailbox.begin(), mailbox.end(), is_mailbox_character) &&
                    mailbox.size() + 1 + domain->text().size() <= maximum_name;
  if (!good) return failure(Reason::bad_option, "a mail address, such as hostmaster@example.net");
  if (mailbox.empty()) return domain->text();
  // RFC 1035 section 8: the mailbox is one label, in which a dot is written with a backslash.
  std::string name;
  for (const char c : mailbox) name.append(c == '.' ? "\\." : std::string(1, c));
  return name + "." + domain->text();
}

bool is_in_zone(std::string_view name, const Domain& zone) noexcept {
  const std::string_view origin = zone.text();
  if (!name.ends_with(origin)) return false;
  return name.size() == origin.size() || name[name.size() - origin.size() - 1] == '.';
}

ReputationZoneFile write_reputation_zone(const ReputationZoneSettings& settings, std::uint32_t serial,
                                         const std::vector<ReputationZoneEntry>& entries) {
  Writer writer(settings, serial);
  for (const ReputationZoneEntry& entry : entries) writer.add(entry);
  return std::move(writer).take();
}

Expected<std::uint32_t> read_zone_serial(std::string_view text, const Domain& zone) {
  const std::string first = first_line(zone);
  if (text.starts_with(first)) {
    text.remove_prefix(first.size());
    while (!text.empty()) {
      std::string_view line = take_until(text, '\n');
      if (!line.starts_with(soa)) continue;
      line.remove_prefix(soa.size());
      take_until(line, ' ');  // the name server
      take_until(line, ' ');  // the contact
      const std::string_view digits = take_until(line, ' ');
      std::uint32_t serial = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), serial);
      if (error == std::errc{} && end == digits.data() + digits.size() && !digits.empty()) return serial;
      break;
    }
  }
  return failure(Reason::bad_zone_file,
                 "is not the zone " + zone.text() + " as \"tecs reputation publish\" writes it");
}

bool is_zone_entry(std::string_view line) noexcept {
  const std::size_t end = line.find(text_record);
  return end != std::string_view::npos && line.substr(0, end) != test_entry;
}

}  // namespace tecs
