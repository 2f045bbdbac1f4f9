#include "tools/key_name_report.hpp"

#include <ostream>
#include <utility>

#include "tecs/printable_text.hpp"
#include "tecs/tag_list.hpp"
#include "tecs/verifier.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_value = 60;  // of a tag
constexpr std::size_t longest_text = 240;  // of what is no tag-list
constexpr unsigned recommended_rsa_bits = 2048;

bool too_short(const KeyRecord& record) {
  return record.type == KeyType::rsa && record.key && record.key->bits() < VerifierOptions{}.minimum_rsa_bits;
}

std::string shortened(std::string_view text, std::size_t maximum) {
  std::string result = printable_text(text, maximum);
  if (text.size() > maximum) result += " (" + std::to_string(text.size()) + " octets)";
  return result;
}

void print_fields(const std::string& text, std::ostream& out) {
  const auto tags = TagList::parse(text);
  if (!tags) {
    out << "    " << shortened(text, longest_text) << '\n';
    return;
  }
  for (const auto& tag : tags->tags()) {
    out << "    " << shortened(tag.name, longest_value) << '=' << shortened(tag.value, longest_value) << '\n';
  }
}

std::string judge_record(const std::string& text) {
  if (!mentions_tag(text, "p")) return "skipped: it has no p=, so it is not a key record";
  const auto record = KeyRecord::parse(text);
  if (!record) return "a key record that cannot be used: " + record.error().sentence;
  return "a key record: " + describe_key(*record) + (record->testing ? ", testing" : "");
}

void print_answer(const KeyNameReport& report, std::ostream& out) {
  const TxtAnswer& answer = *report.answer;
  const std::size_t count = answer.texts.size();
  if (count == 0) {
    out << "no TXT record\n";
    return;
  }
  out << count << (count == 1 ? " TXT record" : " TXT records") << ", ttl " << answer.ttl.count()
      << " s, dnssec " << (answer.dnssec ? "yes" : "no") << '\n';
  for (std::size_t i = 0; i < count; ++i) {
    out << "  record " << i + 1 << ": " << judge_record(answer.texts[i]) << '\n';
    print_fields(answer.texts[i], out);
  }
}

void print_remarks(const KeyNameReport& report, std::ostream& out) {
  if (!report.selected) {
    out << "  wrong: " << report.selected.error().sentence << " ("
        << word(result_of(report.selected.error().reason)) << ")\n";
    return;
  }
  if (*report.selected == nullptr) return;
  const KeyRecord& record = **report.selected;
  if (!record.key) {
    out << "  wrong: an empty p=: the key is revoked (fail)\n";
  } else if (too_short(record)) {
    out << "  wrong: " << record.key->bits() << " bits are fewer than the "
        << VerifierOptions{}.minimum_rsa_bits << " that verifiers accept (policy)\n";
  } else if (record.type == KeyType::rsa && record.key->bits() < recommended_rsa_bits) {
    out << "  remark: receivers may give a key of fewer than " << recommended_rsa_bits
        << " bits less weight\n";
  }
  if (record.testing)
    out << "  remark: t=y, the domain is testing: a result other than pass counts as none\n";
}

}  // namespace

KeyStanding KeyNameReport::standing() const {
  if (!answer) return KeyStanding::no_answer;
  if (!selected) return KeyStanding::unusable;
  if (*selected == nullptr) return KeyStanding::no_key;
  return (*selected)->key && !too_short(**selected) ? KeyStanding::usable : KeyStanding::unusable;
}

KeyNameReport examine_key_name(const std::string& name, TxtSource& source) {
  auto answer = source.lookup(name);
  auto selected = answer.and_then([](const TxtAnswer& found) { return select_key_record(found.texts); });
  return {name, std::move(answer), std::move(selected)};
}

void print_key_name_report(const KeyNameReport& report, std::ostream& out) {
  out << report.name << ": ";
  if (report.answer) {
    print_answer(report, out);
  } else {
    out << "no answer\n";
  }
  print_remarks(report, out);
}

std::string describe_key(const KeyRecord& record) {
  if (!record.key) return "revoked";
  return std::string(format(record.type)) + ", " + std::to_string(record.key->bits()) + " bits";
}

}  // namespace tecs
