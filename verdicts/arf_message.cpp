#include "verdicts/arf_message.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "tecs/digest.hpp"
#include "tecs/domain.hpp"
#include "verdicts/arf_parts.hpp"

namespace tecs {
namespace {

struct Unreference {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
template <typename Object>
using Owned = std::unique_ptr<Object, Unreference>;

std::string text_or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

// One part of a mail, or the whole, of which only the header was read.
//
// GMime is given headers, addresses and encoded contents, each of a bounded size, and never a whole mail: it
// builds every nested part in memory (2.5 GB for 10 MiB of empty ones) and reads nested groups of addresses
// by recursion, until the stack is used up.
class Part {
 public:
  [[nodiscard]] static Claimed<Part> parse(std::string_view text) {
    const MailText split = split_mail(text);
    if (split.header.size() > ArfMessage::maximum_header_octets)
      return malformed(ComplaintReason::too_large, "a header is longer than 64 KiB");
    if (split.header.find('\0') != std::string_view::npos)
      return malformed(ComplaintReason::bad_field, "a header holds a NUL");
    Part part;
    part.body_ = split.body;
    const std::string header = std::string(split.header) + "\n";
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(header.data(), header.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    part.object_.reset(g_mime_parser_construct_part(parser.get(), nullptr));
    if (!part.object_) return malformed(ComplaintReason::not_arf, "a header cannot be read");
    return part;
  }

  [[nodiscard]] bool is(const char* type, const char* subtype) const {
    GMimeContentType* content_type = g_mime_object_get_content_type(object_.get());
    return content_type != nullptr && g_mime_content_type_is_type(content_type, type, subtype) != 0;
  }
  [[nodiscard]] std::string parameter(const char* name) const {
    return text_or_empty(g_mime_object_get_content_type_parameter(object_.get(), name));
  }
  [[nodiscard]] std::string field(const char* name) const {
    return text_or_empty(g_mime_object_get_header(object_.get(), name));
  }
  [[nodiscard]] std::string_view body() const noexcept { return body_; }

  // The body without its Content-Transfer-Encoding.
  [[nodiscard]] std::string content() const {
    const std::string name = field("Content-Transfer-Encoding");
    const GMimeContentEncoding encoding = g_mime_content_encoding_from_string(name.c_str());
    if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
      return std::string(body_);
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    std::string decoded(g_mime_encoding_outlen(&state, body_.size()), '\0');
    std::size_t size = g_mime_encoding_step(&state, body_.data(), body_.size(), decoded.data());
    size += g_mime_encoding_flush(&state, nullptr, 0, decoded.data() + size);
    decoded.resize(size);
    return decoded;
  }

 private:
  Part() = default;
  Owned<GMimeObject> object_;
  std::string_view body_;
};

// The domain of the first address, if it is a name that may be printed.
std::string domain_of(const std::string& addresses) {
  // Groups may nest as deep as the text is long.
  constexpr std::size_t maximum_octets = 998;
  if (addresses.empty() || addresses.size() > maximum_octets) return {};
  const Owned<InternetAddressList> list(internet_address_list_parse(nullptr, addresses.c_str()));
  if (!list || internet_address_list_length(list.get()) == 0) return {};
  InternetAddress* first = internet_address_list_get_address(list.get(), 0);
  // Not GMime's macro, which looks into GLib's memory from here, where ThreadSanitizer does not know its
  // locks.
  if (!g_type_check_instance_is_a(reinterpret_cast<GTypeInstance*>(first), INTERNET_ADDRESS_TYPE_MAILBOX))
    return {};
  const std::string address =
      text_or_empty(internet_address_mailbox_get_idn_addr(reinterpret_cast<InternetAddressMailbox*>(first)));
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos) return {};
  const auto domain = Domain::parse(std::string_view(address).substr(at + 1));
  return domain ? domain->text() : std::string();
}

// RFC 5322 section 3.3.
std::optional<std::chrono::sys_seconds> time_of(std::string_view date) {
  GDateTime* decoded = g_mime_utils_header_decode_date(std::string(date).c_str());
  if (decoded == nullptr) return std::nullopt;
  const std::chrono::sys_seconds time{std::chrono::seconds{g_date_time_to_unix(decoded)}};
  g_date_time_unref(decoded);
  return time;
}

// What tells this message apart from others, whether all of it is here or its header only, and however its
// lines end. All of the header, as the sender chooses its Message-ID: with one for all of his mail he would
// make every complaint but the first a duplicate. What the receiver put on top, such as the id in its queue,
// he cannot choose.
std::string message_of(std::string_view reported) {
  while (reported.starts_with('\n') || reported.starts_with("\r\n"))
    reported.remove_prefix(reported.front() == '\n' ? 1 : 2);
  std::string header(split_mail(reported).header);
  std::erase(header, '\r');
  return std::string(text_of(sha256(octets_of(header))));
}

struct ReportParts {
  Part report;
  Part reported;
};

// RFC 5965 section 2: multipart/report of the type feedback-report, with a message/feedback-report and the
// reported message or its header. Each once, or nobody could say which one counts.
Claimed<ReportParts> find_parts(const Part& mail) {
  const std::string type = mail.parameter("report-type");
  const std::string boundary = mail.parameter("boundary");
  if (!mail.is("multipart", "report") || g_ascii_strcasecmp(type.c_str(), "feedback-report") != 0 ||
      boundary.empty())
    return malformed(ComplaintReason::not_arf, "this mail is no feedback report (RFC 5965)");
  const auto texts = split_multipart(mail.body(), boundary, ArfMessage::maximum_parts);
  if (!texts) return malformed(ComplaintReason::too_large, "the feedback report has more than 16 parts");
  std::optional<Part> report;
  std::optional<Part> reported;
  for (const std::string_view text : *texts) {
    auto part = Part::parse(text);
    if (!part) return tl::unexpected(part.error());
    const bool is_report = part->is("message", "feedback-report");
    if (!is_report && !part->is("message", "rfc822") && !part->is("message", "global") &&
        !part->is("text", "rfc822-headers"))
      continue;
    std::optional<Part>& place = is_report ? report : reported;
    if (place) return malformed(ComplaintReason::contradiction, "the feedback report has a part twice");
    place = *std::move(part);
  }
  if (!report) return malformed(ComplaintReason::not_arf, "the mail has no message/feedback-report part");
  if (!reported)
    return malformed(ComplaintReason::not_arf, "neither the reported message nor its header is enclosed");
  return ReportParts{*std::move(report), *std::move(reported)};
}

// mbox(5): what pipe(8) with the flag F, and some mail clients, put before a mail.
std::string_view without_from_line(std::string_view mail) noexcept {
  if (!mail.starts_with("From ")) return mail;
  const std::size_t end = mail.find('\n');
  return end == std::string_view::npos ? "" : mail.substr(end + 1);
}

}  // namespace

void set_up_mime() {
  static const bool done = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(done);
}

Claimed<ArfMessage> parse_arf(std::string_view mail, std::size_t maximum_octets) {
  if (mail.size() > maximum_octets)
    return malformed(ComplaintReason::too_large, "the mail is larger than is read here");
  set_up_mime();
  const auto whole = Part::parse(without_from_line(mail));
  if (!whole) return tl::unexpected(whole.error());
  const auto parts = find_parts(*whole);
  if (!parts) return tl::unexpected(parts.error());
  auto fields = ArfFields::parse(parts->report.content());
  if (!fields) return tl::unexpected(fields.error());

  ArfMessage message;
  message.fields = *std::move(fields);
  // RFC 5965 section 3.2; Received-Date is the same by an older name.
  for (const char* const name : {"Arrival-Date", "Received-Date"}) {
    const auto date = message.fields.only(name);
    if (!date) return tl::unexpected(date.error());
    if (!message.arrival_date && !date->empty()) message.arrival_date = time_of(*date);
  }
  message.reporter = domain_of(whole->field("From"));
  message.message = message_of(parts->reported.content());
  if (parts->reported.body().empty())
    return malformed(ComplaintReason::not_arf, "the reported message is empty");
  return message;
}

}  // namespace tecs
