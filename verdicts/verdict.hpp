// What is remembered of one connection. The same record, with the same field names, is a JSON line and a
// database row; verdict_fields.hpp has the table of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tecs/reason.hpp"

namespace tecs {

// Plain value. No mail addresses, no content. Text that a stranger chose (helo, credential) goes through
// printable_text() before it comes in here. An empty text or a zero means "not known" or "none".
struct Verdict {
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;

  std::string id;        // UUIDv7 (uuid.hpp); two verdicts with one id are the same verdict
  Time time{};           // when the connection was opened; written as "2026-01-31T12:34:56.789Z"
  std::string receiver;  // the receiving host, as in Authentication-Results
  // "192.0.2.25:25", "[2001:db8::25]:25"; the address alone when the port is not known. As the world sees it:
  // after a pass it is the destination that was signed.
  std::string server;
  std::string client;                 // likewise
  std::string client_network;         // of client, as counted by: "192.0.2.0/24", "2001:db8:1::/48"
  std::string helo;                   // the last HELO or EHLO argument
  std::string tls;                    // protocol version, for example "TLSv1.3"; empty: no TLS
  Result result = Result::none;       // of the last AUTH TECS-1
  std::string reason;                 // word of a Reason; empty for pass and none
  std::string detail;                 // a sentence for a person
  std::string domain;                 // d=, in lower case; what the client claims, true only with pass
  std::string organizational_domain;  // of domain
  std::string selector;               // s=
  std::string algorithm;              // a=
  std::uint32_t key_bits = 0;
  bool dnssec = false;                               // the answers that gave the key were validated
  bool testing = false;                              // t=y
  std::optional<std::chrono::sys_seconds> epoch;     // the receiver's own when it verified
  std::optional<std::chrono::seconds> epoch_offset;  // of the epoch that matched, from the receiver's own
  std::string credential;                            // as sent, base64: the evidence
  std::string key_record;         // that it was verified with, "k=rsa; p=...": the other half of the evidence
  std::string reputation;         // word of a Reputation; empty: not asked
  std::string reputation_source;  // that knew the domain, as configured
  std::optional<double> score;    // positive counts against; empty: nothing was scored
  std::string symbols;            // that fired, as in "TECS_PASS,REP_GOOD"
  std::string action;             // what the score stands for; taken if mode is enforce
  std::string mode;               // monitor or enforce
  std::uint32_t messages = 0;     // that the receiver let pass
  std::uint32_t recipients = 0;   // likewise
  std::uint64_t bytes = 0;        // of those messages
  std::chrono::microseconds duration{0};           // of the connection
  std::chrono::microseconds dns_time{0};           // spent waiting for keys and reputation
  std::chrono::microseconds verification_time{0};  // from credential to result, dns_time not counted

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

}  // namespace tecs
