#include "milter/milter_session.hpp"

#include <strings.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "milter/authentication_results.hpp"
#include "milter/milter_macros.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

bool is_authentication_results(std::string_view name) {
  constexpr std::string_view field = "Authentication-Results";
  return name.size() == field.size() && strncasecmp(name.data(), field.data(), field.size()) == 0;
}

// Verdicts hold signed numbers; what a client declares must not make one overflow.
constexpr std::uint64_t largest_total = std::numeric_limits<std::int64_t>::max();

}  // namespace

MilterSession::MilterSession(SessionRegistry& registry, const Clock& clock, const AuthservId& authserv_id,
                             const MilterConnection& connection)
    : registry_(registry), clock_(clock), authserv_id_(authserv_id), opened_(clock.steady()) {
  verdict_.time = std::chrono::floor<std::chrono::milliseconds>(clock.now());
  verdict_.receiver = authserv_id.text();
  if (connection.server) verdict_.server = connection.server->format();
  if (!connection.client) return;
  verdict_.client = connection.client->format();
  session_ = registry.open(OpenSession{*connection.client, connection.server, connection.process});
}

MilterSession::~MilterSession() {
  if (session_) registry_.close(*session_);
}

void MilterSession::helo(std::string_view name, std::string_view tls_version) {
  constexpr std::size_t longest = 255;  // RFC 5321 section 4.5.3.1.2
  verdict_.helo = printable_text(name, longest);
  remember_tls(tls_version);
}

// Before STARTTLS there is a HELO without it, so what was once said stays.
void MilterSession::remember_tls(std::string_view version) {
  constexpr std::size_t longest = 32;
  if (!version.empty()) verdict_.tls = printable_text(version, longest);
}

void MilterSession::mail(const std::vector<std::string_view>& parameters, std::string_view tls_version) {
  message_ = Message{};
  remember_tls(tls_version);
  for (const std::string_view parameter : parameters) {
    if (const auto size = declared_size(parameter)) message_.declared_size = *size;
  }
}

void MilterSession::recipient() {
  ++message_.recipients;
}

void MilterSession::header(std::string_view name, std::string_view body) {
  if (!is_authentication_results(name)) return;
  ++message_.authentication_results;
  if (message_.forged.size() > maximum_forged) return;  // that is known, and memory is not for strangers
  if (is_forged(body, authserv_id_)) message_.forged.push_back(message_.authentication_results);
}

std::optional<HeaderEdits> MilterSession::end_of_message() {
  const Message message = std::exchange(message_, Message{});
  if (message.forged.size() > maximum_forged) return std::nullopt;
  ++verdict_.messages;
  verdict_.recipients += message.recipients;
  verdict_.bytes += std::min(message.declared_size, largest_total - verdict_.bytes);

  const auto authentication = session_ ? registry_.authentication(*session_) : std::nullopt;
  const Verification none;
  HeaderEdits edits;
  edits.deletions.assign(message.forged.rbegin(), message.forged.rend());
  edits.authentication_results =
      format_authentication_results(authserv_id_, authentication ? authentication->verification : none);
  return edits;
}

void MilterSession::abort() {
  message_ = Message{};
}

Verdict MilterSession::close(End end) {
  if (session_) {
    if (const auto authentication = registry_.close(*session_)) describe(*authentication, verdict_);
    session_.reset();
  }
  if (end == End::interrupted) {
    verdict_.detail += verdict_.detail.empty() ? "" : "; ";
    verdict_.detail += "interrupted: the receiver stopped before the connection ended";
  }
  verdict_.duration = std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - opened_);
  return std::move(verdict_);
}

}  // namespace tecs
