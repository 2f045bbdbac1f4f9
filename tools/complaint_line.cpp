#include "tools/complaint_line.hpp"

#include <nlohmann/json.hpp>

#include "tools/plain_text.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;

std::string word_or_dash(std::string_view text) {
  return text.empty() ? "-" : plain_text(text);
}

std::string written(Json& json, std::string_view mail) {
  if (!mail.empty()) json["mail"] = plain_text(mail);
  return json.dump();
}

}  // namespace

std::string complaint_line(const Complaint& complaint, std::string_view mail) {
  std::string line = std::string(word(complaint.status)) + " " + word_or_dash(complaint.domain) + " " +
                     word_or_dash(word(complaint.reason));
  if (!mail.empty()) line += " " + plain_text(mail);
  return line;
}

std::string complaint_line(std::string_view status, std::string_view reason, std::string_view mail) {
  std::string line = std::string(status) + " - " + word_or_dash(reason);
  if (!mail.empty()) line += " " + plain_text(mail);
  return line;
}

std::string complaint_json(const Complaint& complaint, std::string_view mail) {
  Json json{{"id", plain_text(complaint.id)},
            {"time", encode_field(complaint.time)},
            {"status", word(complaint.status)},
            {"reason", word(complaint.reason)},
            {"detail", plain_text(complaint.detail)},
            {"verdict", plain_text(complaint.verdict)},
            {"domain", plain_text(complaint.domain)},
            {"organizational_domain", plain_text(complaint.organizational_domain)},
            {"selector", plain_text(complaint.selector)},
            {"reporter", plain_text(complaint.reporter)},
            {"feedback_type", plain_text(complaint.feedback_type)},
            {"source", plain_text(complaint.source)},
            {"destination", plain_text(complaint.destination)},
            {"epoch", nullptr},
            {"connection_time", nullptr},
            {"key_source", plain_text(complaint.key_source)}};
  if (complaint.epoch) json["epoch"] = complaint.epoch->time_since_epoch().count();
  if (complaint.connection_time != Verdict::Time{})
    json["connection_time"] = encode_field(complaint.connection_time);
  return written(json, mail);
}

std::string complaint_json(std::string_view status, std::string_view reason, std::string_view detail,
                           std::string_view mail) {
  Json json{{"status", status}, {"reason", reason}, {"detail", plain_text(detail)}};
  return written(json, mail);
}

}  // namespace tecs
