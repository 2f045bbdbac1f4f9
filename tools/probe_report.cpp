#include "tools/probe_report.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tecs/printable_text.hpp"
#include "tools/plain_text.hpp"
#include "tools/signed_fields.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;

void print_signature(const ProbeSignature& signature, std::ostream& out) {
  out << "\nThe octets that were signed:\n";
  for (const SignedField& field : signed_fields(signature.tuple, signature.epoch)) {
    out << "  " << std::left << std::setw(13) << field.name << field.octets << "  " << field.meaning << '\n';
  }
  out << "  " << std::setw(13) << "credential" << printable_text(signature.credential.format(), 400) << '\n';
}

void print_key(const PublishedKey& key, std::ostream& out) {
  out << "\nThe key in DNS, as seen from here:\n";
  for (const KeyNameReport& report : key.names) print_key_name_report(report, out);
  out << "With it the signature is: " << word(key.verification.result);
  if (key.verification.error) out << ", " << key.verification.detail();
  out << '\n';
}

std::string clock_text(const ProbeRecord& heard) {
  const auto ahead = (heard.time - heard.challenge->time).count();
  if (ahead == 0) return "the same as here";
  return std::to_string(ahead < 0 ? -ahead : ahead) + " s " + (ahead < 0 ? "ahead of" : "behind") +
         " this host's";
}

void print_challenge(const ProbeExamination& examination, std::ostream& out) {
  const ProbeRecord* heard = examination.with_challenge();
  if (heard == nullptr) return;
  const bool second = heard != &examination.record;
  out << "\nWhat the server sees" << (second ? ", asked for on a second connection" : "") << ":\n  "
      << std::left << std::setw(13) << "address" << heard->challenge->client.format() << "; this host sees "
      << heard->tuple.source().format() << '\n'
      << "  " << std::setw(13) << "clock" << clock_text(*heard) << '\n';
}

Json json_of(const ProbeStep& step) {
  return {{"step", step.name},
          {"said", step.said.empty() ? Json() : Json(step.said)},
          {"reply", step.reply},
          {"meaning", step.meaning}};
}

Json json_of(const ProbeSignature& signature) {
  Json fields = Json::object();
  for (const SignedField& field : signed_fields(signature.tuple, signature.epoch)) {
    fields[field.name] = {{"octets", field.octets}, {"meaning", field.meaning}};
  }
  return {{"epoch", signature.epoch.time().time_since_epoch().count()},
          {"signed_octets", fields},
          {"credential", signature.credential.format()}};
}

Json json_of(const PublishedKey& key) {
  Json names = Json::array();
  for (const KeyNameReport& report : key.names) names.push_back(report.name);
  return {{"names", names},
          {"result", word(key.verification.result)},
          {"reason", key.verification.error ? Json(word(key.verification.error->reason)) : Json()},
          {"dnssec", key.verification.dnssec}};
}

Json challenge_json(const ProbeRecord& heard) {
  return {{"client", heard.challenge->client.format()},
          {"time", heard.challenge->time.time_since_epoch().count()},
          {"source", heard.tuple.source().format()},
          {"own_time", heard.time.time_since_epoch().count()}};
}

}  // namespace

void print_probe_step(const ProbeStep& step, std::ostream& out) {
  out << '\n';
  if (!step.said.empty()) out << "C: " << step.said << '\n';
  for (const std::string& line : step.reply) out << "S: " << line << '\n';
  out << "   " << step.meaning << '\n';
}

void print_probe_result(const ProbeExamination& examination, std::ostream& out) {
  if (examination.record.signature) print_signature(*examination.record.signature, out);
  if (examination.key) print_key(*examination.key, out);
  print_challenge(examination, out);
  const ProbeAnswer answer = answer_of(examination);
  out << '\n' << answer.why << '\n';
  if (!answer.advice.empty()) out << "What to do: " << answer.advice << '\n';
}

std::string probe_json(const ProbeExamination& examination) {
  const ProbeRecord& record = examination.record;
  const ProbeRecord* heard = examination.with_challenge();
  const ProbeAnswer answer = answer_of(examination);
  Json steps = Json::array();
  for (const ProbeStep& step : record.steps) steps.push_back(json_of(step));
  const Json object{{"server", plain_text(examination.host) + " port " + std::to_string(examination.port)},
                    {"destination", record.tuple.destination().format()},
                    {"source", record.tuple.source().format()},
                    {"outcome", word(record.outcome)},
                    {"reply", record.decisive_reply.empty() ? Json() : Json(record.decisive_reply)},
                    {"steps", steps},
                    {"signature", record.signature ? json_of(*record.signature) : Json()},
                    {"key", examination.key ? json_of(*examination.key) : Json()},
                    {"challenge", heard != nullptr ? challenge_json(*heard) : Json()},
                    {"why", answer.why},
                    {"advice", answer.advice.empty() ? Json() : Json(answer.advice)}};
  return object.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace tecs
