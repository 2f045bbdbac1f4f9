#include "tools/explanation.hpp"

#include <array>
#include <charconv>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "tecs/printable_text.hpp"
#include "tools/aligned_lines.hpp"
#include "tools/plain_text.hpp"
#include "tools/signed_fields.hpp"
#include "tools/verdict_answer.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_credential = 400;

std::string score_text(double score) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.begin(), digits.end(), score);
  return {digits.data(), written.ptr};
}

std::string offset_text(std::chrono::seconds offset) {
  return std::to_string(offset.count()) + " s";
}

// The part of a text that is not empty.
void print_known(AlignedLines& lines, std::string_view name, const std::string& value) {
  if (!value.empty()) lines.print(name, plain_text(value));
}

void print_connection(const Verdict& verdict, std::ostream& out) {
  AlignedLines lines(out);
  lines.print("verdict", plain_text(verdict.id));
  lines.print("time", encode_field(verdict.time));
  print_known(lines, "receiver", verdict.receiver);
  print_known(lines, "client", verdict.client);
  print_known(lines, "server", verdict.server);
  print_known(lines, "helo", verdict.helo);
  print_known(lines, "tls", verdict.tls);
  lines.print("messages", std::to_string(verdict.messages) + ", to " + std::to_string(verdict.recipients) +
                              " recipients");
}

void print_authentication(const VerdictExamination& examination, std::ostream& out) {
  const Verdict& verdict = examination.verdict;
  AlignedLines lines(out);
  lines.print("result", word(verdict.result));
  print_known(lines, "reason", verdict.reason);
  print_known(lines, "detail", verdict.detail);
  if (!verdict.domain.empty())
    lines.print("domain", plain_text(verdict.domain) + (verdict.result == Result::pass ? "" : " (claimed)"));
  print_known(lines, "selector", verdict.selector);
  print_known(lines, "algorithm", verdict.algorithm);
  if (verdict.key_bits != 0) {
    lines.print("key then", std::to_string(verdict.key_bits) + " bits, dnssec " +
                                (verdict.dnssec ? "yes" : "no") + (verdict.testing ? ", testing" : ""));
  }
  if (verdict.epoch_offset) lines.print("epoch offset", offset_text(*verdict.epoch_offset));
  if (verdict.credential.empty()) return;
  lines.print("credential", plain_text(verdict.credential));
  if (const auto text = decode_response(verdict.credential))
    lines.print("  decoded", printable_text(*text, longest_credential));
}

void print_scoring(const Verdict& verdict, std::ostream& out) {
  if (verdict.reputation.empty() && verdict.symbols.empty() && !verdict.score && verdict.action.empty())
    return;
  out << '\n';
  AlignedLines lines(out);
  if (!verdict.reputation.empty()) {
    const std::string source =
        verdict.reputation_source.empty() ? "no source knows the domain" : verdict.reputation_source;
    lines.print("reputation", plain_text(verdict.reputation + " (" + source + ")"));
  }
  print_known(lines, "symbols", verdict.symbols);
  if (verdict.score) lines.print("score", score_text(*verdict.score));
  if (!verdict.action.empty())
    lines.print("action", plain_text(verdict.action) +
                              (verdict.mode.empty() ? "" : ", mode " + plain_text(verdict.mode)));
}

void print_signed_octets(const VerdictExamination& examination, std::ostream& out) {
  if (examination.verdict.credential.empty()) return;
  if (!examination.tuple) {
    out << "\nThe signed octets are not known: the verdict lacks an end point or its port.\n";
    return;
  }
  const auto matches = [](const auto& verification) { return verification && verification->epoch_offset; };
  const bool matched = matches(examination.verification) || matches(examination.kept_verification);
  out << "\nThe octets to be signed, "
      << (matched                     ? "with the epoch that fits"
          : examination.epoch_guessed ? "with the epoch of the verdict's time"
                                      : "with the receiver's epoch")
      << ":\n";
  for (const SignedField& field : signed_fields(*examination.tuple, examination.epoch)) {
    out << "  " << std::left << std::setw(13) << field.name << field.octets << "  " << field.meaning << '\n';
  }
}

void print_keys(const VerdictExamination& examination, std::ostream& out) {
  if (examination.key_names.empty()) return;
  out << "\nThe key in DNS now:\n";
  for (const KeyNameReport& report : examination.key_names) {
    print_key_name_report(report, out);
    if (!report.answer) continue;
    for (const std::string& text : report.answer->texts) {
      if (const std::string print = key_fingerprint(text); !print.empty())
        out << "  SHA-256 of p=: " << print << '\n';
    }
  }
}

void print_verification(const std::optional<Verification>& verification, std::ostream& out) {
  if (!verification) return;
  out << "\nWith that key: ";
  if (verification->epoch_offset) {
    out << "the signature fits, with an epoch " << offset_text(*verification->epoch_offset)
        << " from the receiver's";
    if (verification->result != Result::pass) out << ", but " << verification->detail();
  } else {
    out << word(verification->result) << ": " << verification->detail();
  }
  out << '\n';
}

void print_kept_key(const VerdictExamination& examination, std::ostream& out) {
  if (examination.kept_key == nullptr) return;
  out << "\nThe key as kept with the verdict: " << describe_key(*examination.kept_key) << '\n'
      << "  SHA-256 of p=: " << key_fingerprint(examination.kept_key->format()) << '\n';
  if (!examination.kept_key_stands) return;
  if (*examination.kept_key_stands) {
    out << "  It is the one that DNS has now.\n";
  } else {
    out << "  The key was changed since: "
        << (examination.key_record() == nullptr ? "DNS has none now that can be used.\n"
                                                : "DNS has another one now.\n");
  }
}

Json signed_octets_json(const VerdictExamination& examination) {
  if (!examination.tuple || examination.verdict.credential.empty()) return nullptr;
  Json object = Json::object();
  for (const SignedField& field : signed_fields(*examination.tuple, examination.epoch))
    object[field.name] = {{"octets", field.octets}, {"meaning", field.meaning}};
  return object;
}

Json key_name_json(const KeyNameReport& report) {
  Json records = Json::array();
  if (report.answer) {
    for (const std::string& text : report.answer->texts) {
      const std::string print = key_fingerprint(text);
      records.push_back({{"text", printable_text(text, KeyRecord::maximum_octets)},
                         {"fingerprint", print.empty() ? Json() : Json(print)}});
    }
  }
  return {{"name", report.name},
          {"error", report.answer ? Json() : Json(report.answer.error().sentence)},
          {"dnssec", report.answer ? Json(report.answer->dnssec) : Json()},
          {"records", records}};
}

Json answer_json(std::optional<bool> answer) {
  return answer ? Json(*answer) : Json();
}

Json verification_json(const std::optional<Verification>& verification, const char* made_with,
                       std::optional<bool> made_with_key) {
  if (!verification) return nullptr;
  return {{"result", word(verification->result)},
          {"reason", verification->error ? Json(word(verification->error->reason)) : Json()},
          {"epoch_offset", verification->epoch_offset ? Json(verification->epoch_offset->count()) : Json()},
          {made_with, answer_json(made_with_key)}};
}

Json kept_key_json(const VerdictExamination& examination) {
  if (examination.kept_key == nullptr) return nullptr;
  return {{"fingerprint", key_fingerprint(examination.kept_key->format())},
          {"stands_in_dns", answer_json(examination.kept_key_stands)},
          {"verification", verification_json(examination.kept_verification, "made_with_kept_key",
                                             examination.made_with_kept_key)}};
}

}  // namespace

void print_explanation(const VerdictExamination& examination, std::ostream& out) {
  print_connection(examination.verdict, out);
  out << '\n';
  print_authentication(examination, out);
  print_signed_octets(examination, out);
  print_keys(examination, out);
  print_verification(examination.verification, out);
  print_kept_key(examination, out);
  print_verification(examination.kept_verification, out);
  print_scoring(examination.verdict, out);
  const VerdictAnswer answer = answer_of(examination);
  out << "\nWhy: " << answer.why << '\n';
  if (!answer.advice.empty()) out << "What to do: " << answer.advice << '\n';
}

std::string explanation_json(const VerdictExamination& examination) {
  const VerdictAnswer answer = answer_of(examination);
  Json names = Json::array();
  for (const KeyNameReport& report : examination.key_names) names.push_back(key_name_json(report));
  const Json object{{"verdict", Json::parse(format_json(examination.verdict))},
                    {"signed_octets", signed_octets_json(examination)},
                    {"key_names", names},
                    {"verification", verification_json(examination.verification, "made_with_this_key",
                                                       examination.made_with_this_key)},
                    {"kept_key", kept_key_json(examination)},
                    {"why", answer.why},
                    {"advice", answer.advice.empty() ? Json() : Json(answer.advice)}};
  return object.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace tecs
