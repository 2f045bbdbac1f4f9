// One SMTP connection as the milter door sees it, without libmilter: in come the protocol's events, out come
// replies, the edits of a message's header and, at the end, the verdict.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/authserv_id.hpp"
#include "milter/forged_fields.hpp"
#include "milter/policy/delay_gate.hpp"
#include "milter/policy/greylist.hpp"
#include "milter/policy/reception_rules.hpp"
#include "milter/policy/refusal.hpp"
#include "milter/policy/relay_guard.hpp"
#include "milter/session_registry.hpp"
#include "tecs/clock.hpp"
#include "tecs/endpoint.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// The steps that the MTA waits for an answer to. Negotiated before the connection begins; without an answer
// nothing can be done about a step.
struct MilterReplies {
  bool mail = false;
  bool recipient = false;

  friend bool operator==(const MilterReplies&, const MilterReplies&) = default;
};

// No more than these rules need, as each reply costs the MTA (DESIGN section 3).
[[nodiscard]] MilterReplies replies_for(const ReceptionRules& rules) noexcept;

// What is known when the connection is opened. A client on a unix socket has neither an end point nor an
// address. One whose MTA does not know its port, such as Postfix after XCLIENT without PORT, has an address
// only: nothing that it signs can be verified, but policy knows it.
struct MilterConnection {
  std::optional<Endpoint> client{};
  std::optional<Endpoint> server{};
  std::optional<std::uint32_t> process{};
  MtaSoftware software = MtaSoftware::postfix;
  MilterReplies replies{};
  std::optional<IpAddress> client_address{};  // may be left out where client says it
};

// What to do with the fields of one name.
struct FieldEdit {
  const char* name;
  std::vector<std::uint32_t> deletions;  // the first of the message is 1; the highest comes first
  std::string body;                      // of the field to insert at the top of the header
};

// For one thread at a time.
class MilterSession {
 public:
  // What is passed in by reference must outlive the session.
  struct Parts {
    SessionRegistry& registry;
    const Clock& clock;
    const AuthservId& authserv_id;
    Greylist& greylist;
    DelayGate& delays;
    std::shared_ptr<spdlog::logger> log;
  };

  enum class End { closed, interrupted };  // interrupted: this program stops while the connection goes on

  // Opens the session in the registry, so that an AUTH can find it from here on. With no client end point it
  // is not there, and nothing can be verified. The rules hold for the whole connection; but to enforce them
  // takes an MTA that waits for the reply to MAIL, and without it they are as in mode monitor.
  MilterSession(Parts parts, std::shared_ptr<const ReceptionRules> rules, const MilterConnection& connection);
  MilterSession(const MilterSession&) = delete;
  MilterSession& operator=(const MilterSession&) = delete;
  ~MilterSession();  // takes it out of the registry if close() did not

  void helo(std::string_view name, std::string_view tls_version);

  struct MailCommand {
    std::vector<std::string_view> parameters{};  // after the address
    std::string_view tls_version{};
    std::string_view auth_type{};  // the mechanism of the login that holds now; empty: none
  };
  // Begins a message; what was known of one that did not end is dropped, as libmilter does not always say
  // that it was aborted. Judges the connection, and in mode enforce waits, or refuses the message with what
  // it returns.
  [[nodiscard]] std::optional<Refusal> mail(const MailCommand& command);

  // address, mailer: how the MTA has understood the recipient, {rcpt_addr} and {rcpt_mailer}.
  [[nodiscard]] std::optional<Refusal> recipient(std::string_view address, std::string_view mailer);

  void header(std::string_view name, std::string_view body);

  // To be carried out in this order, all deletions before the first insertion, so that no step shifts what
  // the next one counts. Empty: the message bears more forged fields of one name than ForgedFields::maximum
  // and is to be refused.
  [[nodiscard]] std::optional<std::vector<FieldEdit>> end_of_message();
  void abort();

  // To be called once, as the last thing. id and organizational domain are not set. The verdict's bytes are
  // those that clients declared with SIZE=, as the milter has the MTA not send it the content.
  [[nodiscard]] Verdict close(End end);

 private:
  struct Message {
    std::uint32_t recipients = 0;
    std::uint64_t declared_size = 0;
    ForgedFields authentication_results;
    ForgedFields x_tecs;
  };

  std::optional<Authentication> leave_registry();
  void remember_tls(std::string_view version);
  [[nodiscard]] PolicyMode mode() const noexcept;
  void take_up_authentication(bool tls);
  void describe_authentication(const Authentication& authentication);
  void judge();
  [[nodiscard]] std::optional<Refusal> act();
  void report_relaying(std::string_view address, std::string_view mailer);
  void add_detail(std::string_view sentence);

  Parts parts_;
  std::shared_ptr<const ReceptionRules> rules_;
  MilterConnection connection_;
  std::optional<SessionId> session_;
  bool refused_ = false;  // by the registry
  std::chrono::steady_clock::time_point opened_;
  Verdict verdict_;
  // As of the last MAIL.
  bool tecs_login_ = false;
  Verification verification_;
  std::optional<std::uint64_t> forgotten_;  // the number of the Authentication that no longer holds
  std::optional<Reputation> reputation_;
  Judgement judgement_;
  Message message_;
  bool relaying_refused_ = false;
};

}  // namespace tecs
