// One SMTP connection as the milter door sees it, without libmilter: in come the protocol's events, out come
// the edits of a message's header and, at the end, the verdict.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/authserv_id.hpp"
#include "milter/session_registry.hpp"
#include "tecs/clock.hpp"
#include "tecs/endpoint.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// What is known when the connection is opened. A client on a unix socket has no end point.
struct MilterConnection {
  std::optional<Endpoint> client;
  std::optional<Endpoint> server;
  std::optional<std::uint32_t> process;
};

// To be carried out in this order, so that no step shifts what the next one counts.
struct HeaderEdits {
  // Which Authentication-Results fields to delete: the first of the message is 1; the highest comes first
  // (deleting the lower ones first would leave forged fields standing: CVE-2022-48521).
  std::vector<std::uint32_t> deletions;
  std::string authentication_results;  // body of the field to insert at the top
};

// For one thread at a time. What is passed in by reference must outlive this.
class MilterSession {
 public:
  static constexpr std::size_t maximum_forged = 100;

  enum class End { closed, interrupted };  // interrupted: this program stops while the connection goes on

  // Opens the session in the registry, so that an AUTH can find it from here on. With no client end point it
  // is not there, and nothing can be verified.
  MilterSession(SessionRegistry& registry, const Clock& clock, const AuthservId& authserv_id,
                const MilterConnection& connection);
  MilterSession(const MilterSession&) = delete;
  MilterSession& operator=(const MilterSession&) = delete;
  ~MilterSession();  // takes it out of the registry if close() did not

  void helo(std::string_view name, std::string_view tls_version);
  // parameters: those of the MAIL command after the address. Begins a message; what was known of one that did
  // not end is dropped, as libmilter does not always say that it was aborted.
  void mail(const std::vector<std::string_view>& parameters, std::string_view tls_version);
  void recipient();
  void header(std::string_view name, std::string_view body);
  // Empty: the message bears more than maximum_forged forged fields and is to be refused. Each deletion makes
  // the MTA go through the whole header, so a message made of nothing else would keep it busy for hours.
  [[nodiscard]] std::optional<HeaderEdits> end_of_message();
  void abort();

  // To be called once, as the last thing. id and organizational domain are not set. The verdict's bytes are
  // those that clients declared with SIZE=, as the milter has the MTA not send it the content.
  [[nodiscard]] Verdict close(End end);

 private:
  struct Message {
    std::uint32_t recipients = 0;
    std::uint64_t declared_size = 0;
    std::uint32_t authentication_results = 0;  // fields of that name so far
    std::vector<std::uint32_t> forged;         // which of them, ascending
  };

  void remember_tls(std::string_view version);

  SessionRegistry& registry_;
  const Clock& clock_;
  const AuthservId& authserv_id_;
  std::optional<SessionId> session_;
  std::chrono::steady_clock::time_point opened_;
  Verdict verdict_;
  Message message_;
};

}  // namespace tecs
