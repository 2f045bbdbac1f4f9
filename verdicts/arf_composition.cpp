#include "verdicts/arf_composition.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "verdicts/arf_message.hpp"
#include "verdicts/arf_parts.hpp"
#include "verdicts/tecs_credential_field.hpp"

namespace tecs {
namespace {

struct Unreference {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
template <typename Object>
using Owned = std::unique_ptr<Object, Unreference>;

template <typename To, typename From>
To* cast(From* object) {
  return reinterpret_cast<To*>(object);
}

struct UnreferenceDate {
  void operator()(GDateTime* date) const noexcept { g_date_time_unref(date); }
};
using OwnedDate = std::unique_ptr<GDateTime, UnreferenceDate>;

OwnedDate date_of(std::chrono::sys_seconds time) {
  return OwnedDate(g_date_time_new_from_unix_utc(time.time_since_epoch().count()));
}

// RFC 5322 section 3.3.
std::string date_text(std::chrono::sys_seconds time) {
  char* text = g_mime_utils_header_format_date(date_of(time).get());
  std::string date(text);
  g_free(text);
  return date;
}

auto not_fit(std::string sentence) {
  return failure(Reason::protocol_error, std::move(sentence));
}

Expected<TecsCredentialField> evidence_of(const Verdict& verdict) {
  if (verdict.result != Result::pass)
    return not_fit("no domain answers for the connection of this verdict, so a complaint would not count");
  const auto destination = Endpoint::parse(verdict.server);
  const auto source = Endpoint::parse(verdict.client);
  if (!destination || !source) return not_fit("the verdict lacks an end of the connection, or a port");
  const auto tuple = ConnectionTuple::make(*destination, *source);
  if (!tuple) return not_fit(tuple.error().sentence);
  auto credential = Credential::parse_base64(verdict.credential);
  if (!credential) return not_fit("the verdict holds no credential");
  TecsCredentialField field{*tuple, std::nullopt, *std::move(credential), verdict.credential};
  if (verdict.epoch)
    field.epoch = Epoch::nearest(*verdict.epoch + verdict.epoch_offset.value_or(std::chrono::seconds{0}));
  return field;
}

// RFC 5965 section 3, RFC 6692 section 3.
std::string report_text(const ArfComposition& composition, const Verdict& verdict,
                        const TecsCredentialField& evidence) {
  const Endpoint& source = evidence.tuple.source();
  std::string text = "Feedback-Type: " + composition.feedback_type +
                     "\nUser-Agent: " + composition.user_agent + "\nVersion: 1\n";
  text += "Arrival-Date: " + date_text(std::chrono::floor<std::chrono::seconds>(verdict.time)) + "\n";
  if (const auto receiver = Domain::parse(verdict.receiver))
    text += "Reporting-MTA: dns; " + receiver->text() + "\n";
  text += "Source-IP: " + source.address().format() + "\nSource-Port: " + std::to_string(source.port()) +
          "\nReported-Domain: " + evidence.credential.domain.text() + "\n";
  text += std::string(TecsCredentialField::name) + ": " + evidence.format() + "\n";
  text += "TECS-Verdict: " + verdict.id;
  if (const auto receiver = Domain::parse(verdict.receiver)) text += "; receiver=" + receiver->text();
  return text + "\n";
}

std::string explanation(const Verdict& verdict, const TecsCredentialField& evidence) {
  return "This is a complaint about a mail that " + evidence.credential.domain.text() +
         " answers for:\nit came over a connection from " + evidence.tuple.source().format() +
         "\nthat the domain signed (TECS).\n\nThe next part holds the evidence, as " +
         std::string(TecsCredentialField::name) +
         ":\nanybody can verify with the domain's key in DNS that it signed that connection.\nVerdict: " +
         verdict.id + "\n";
}

Owned<GMimePart> make_part(const char* type, const char* subtype, const std::string& text) {
  Owned<GMimePart> part(g_mime_part_new_with_type(type, subtype));
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
  const Owned<GMimeDataWrapper> content(
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(part.get(), content.get());
  return part;
}

// Fields that name the one who got the message, as the receiver wrote them, and nobody else has to know.
bool names_the_recipient(std::string_view line) {
  for (const std::string_view name : {"Delivered-To", "X-Original-To", "Bcc", "Return-Path"}) {
    if (line.size() <= name.size() || g_ascii_strncasecmp(line.data(), name.data(), name.size()) != 0)
      continue;
    const std::size_t end = line.find_first_not_of(" \t", name.size());
    if (end != std::string_view::npos && line[end] == ':') return true;
  }
  return false;
}

// The header without those, line by line; a line that is folded goes with the one before it.
std::string without_recipient(std::string_view header) {
  std::string kept;
  bool dropped = false;
  for (std::size_t start = 0; start < header.size();) {
    const std::size_t end = std::min(header.find('\n', start), header.size() - 1) + 1;
    const std::string_view line = header.substr(start, end - start);
    if (line.front() != ' ' && line.front() != '\t') dropped = names_the_recipient(line);
    if (!dropped) kept += line;
    start = end;
  }
  return kept;
}

// As it was delivered but for those fields, with lines that end like those of the report.
std::string reported_text(std::string_view reported, bool header_only) {
  if (reported.starts_with("From ")) {
    const std::size_t end = reported.find('\n');
    reported = end == std::string_view::npos ? "" : reported.substr(end + 1);
  }
  const std::string_view header = split_mail(reported).header;
  std::string whole = without_recipient(header);
  if (!header_only) whole += reported.substr(header.size());
  std::string text;
  text.reserve(whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == '\r' && i + 1 < whole.size() && whole[i + 1] == '\n') continue;
    text += whole[i];
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

// RFC 6152 section 3: what 8bit holds. A message must not be encoded (RFC 2046 section 5.2.1), and binary is
// not taken by every server on the way.
bool is_8bit(std::string_view text) noexcept {
  constexpr std::size_t longest_line = 998;  // RFC 5322 section 2.1.1
  if (text.find('\0') != std::string_view::npos) return false;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end - start > longest_line) return false;
    start = end + 1;
  }
  return true;
}

Expected<void> add_address(GMimeMessage* message, GMimeAddressType type, const std::string& text,
                           const char* option) {
  constexpr std::size_t longest = 320;  // RFC 5321 section 4.5.3.1: 64 octets, @, 255 octets
  const std::size_t at = text.rfind('@');
  const bool plain = text.find_first_of(" \t\r\n<>,;:\"()") == std::string::npos;
  if (!plain || text.size() > longest || at == 0 || at == std::string::npos ||
      !Domain::parse(std::string_view(text).substr(at + 1)))
    return failure(Reason::bad_option, std::string(option) + ": not a mail address of the form NAME@DOMAIN");
  g_mime_message_add_mailbox(message, type, nullptr, text.c_str());
  return {};
}

}  // namespace

Expected<std::string> compose_arf(const ArfComposition& composition, const Verdict& verdict,
                                  std::string_view reported) {
  const auto evidence = evidence_of(verdict);
  if (!evidence) return tl::unexpected(evidence.error());
  const std::string enclosed = reported_text(reported, composition.header_only);
  if (enclosed.find_first_not_of('\n') == std::string::npos) return not_fit("there is no message to report");
  if (!composition.header_only && !is_8bit(enclosed))
    return not_fit(
        "the message has a NUL or a line of more than 998 octets, which mail does not carry unharmed: "
        "enclose its header only (--no-content)");
  set_up_mime();
  const Owned<GMimeMessage> message(g_mime_message_new(1));
  for (const auto& [type, text, option] : {std::tuple{GMIME_ADDRESS_TYPE_FROM, &composition.from, "--from"},
                                           std::tuple{GMIME_ADDRESS_TYPE_TO, &composition.to, "--to"}}) {
    if (const auto added = add_address(message.get(), type, *text, option); !added)
      return tl::unexpected(added.error());
  }
  g_mime_message_set_subject(message.get(), ("Complaint about " + evidence->credential.domain.text()).c_str(),
                             nullptr);
  g_mime_message_set_date(message.get(), date_of(composition.date).get());
  // RFC 3834 section 5: no machine answers it.
  g_mime_object_set_header(cast<GMimeObject>(message.get()), "Auto-Submitted", "auto-generated", nullptr);
  const Owned<GMimeMultipart> multipart(g_mime_multipart_new_with_subtype("report"));
  g_mime_object_set_content_type_parameter(cast<GMimeObject>(multipart.get()), "report-type",
                                           "feedback-report");
  const auto text = make_part("text", "plain", explanation(verdict, *evidence));
  const auto report = make_part("message", "feedback-report", report_text(composition, verdict, *evidence));
  const auto mail = composition.header_only ? make_part("text", "rfc822-headers", enclosed)
                                            : make_part("message", "rfc822", enclosed);
  g_mime_part_set_content_encoding(mail.get(), composition.header_only
                                                   ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                                   : GMIME_CONTENT_ENCODING_8BIT);
  for (GMimePart* part : {text.get(), report.get(), mail.get()})
    g_mime_multipart_add(multipart.get(), cast<GMimeObject>(part));
  g_mime_message_set_mime_part(message.get(), cast<GMimeObject>(multipart.get()));
  char* written = g_mime_object_to_string(cast<GMimeObject>(message.get()), nullptr);
  std::string arf(written);
  g_free(written);
  return arf;
}

}  // namespace tecs
