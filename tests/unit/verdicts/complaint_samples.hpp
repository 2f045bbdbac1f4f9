// Complaints for tests, and what they are about: connections that were signed.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tecs/base64.hpp"
#include "tecs/key_record.hpp"
#include "tecs/key_source.hpp"
#include "tecs/signer.hpp"
#include "verdicts/verdict.hpp"

namespace tecs::test {

// What stands in DNS.
class ComplaintDns final : public TxtSource {
 public:
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override {
    ++asked;
    const auto found = records.find(name);
    return found == records.end() ? TxtAnswer{} : found->second;
  }
  void publish(const std::string& name, const std::string& text) {
    records.insert_or_assign(name, TxtAnswer{.texts = {text}, .ttl = {}, .dnssec = false});
  }
  void fail(const std::string& name) {
    records.insert_or_assign(name, failure(Reason::dns_timeout, "no answer in time"));
  }

  std::map<std::string, Expected<TxtAnswer>> records;
  std::atomic<int> asked = 0;
};

inline const SigningKey& sender_key() {
  static const SigningKey key = SigningKey::generate(KeyType::rsa, 1024).value();
  return key;
}
inline const SigningKey& other_key() {
  static const SigningKey key = SigningKey::generate(KeyType::rsa, 1024).value();
  return key;
}

// As a receiver keeps it.
inline std::string kept_record(const SigningKey& key) {
  return "k=" + std::string(format(key.type())) + "; p=" + encode_base64(key.public_octets());
}

struct SignedConnection {
  std::string domain = "sender.example";
  std::string destination = "192.0.2.25:25";
  std::string source = "198.51.100.7:40213";
  long long epoch = 1767225600;  // 2026-01-01T00:00:00Z
  const SigningKey& key = sender_key();

  [[nodiscard]] std::string credential() const {
    const auto tuple =
        ConnectionTuple::make(Endpoint::parse(destination).value(), Endpoint::parse(source).value());
    const auto signed_for = Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{epoch}});
    const auto made =
        Signer(Domain::parse(domain).value(), std::nullopt, key).sign(tuple.value(), signed_for).value();
    return encode_base64(octets_of(made.format()));
  }
  // The value of TECS-Credential.
  [[nodiscard]] std::string field() const { return field(credential()); }
  [[nodiscard]] std::string field(const std::string& credential) const {
    return "destination=" + destination + "; source=" + source + "; epoch=" + std::to_string(epoch) +
           "; auth=" + credential;
  }
  // A receiver's verdict on it.
  [[nodiscard]] Verdict verdict(const std::string& id, std::uint32_t messages = 1) const {
    Verdict made;
    made.id = id;
    made.time = Verdict::Time{std::chrono::sys_seconds{std::chrono::seconds{epoch}}};
    made.receiver = "mx.example.net";
    made.server = destination;
    made.client = source;
    made.result = Result::pass;
    made.domain = domain;
    made.organizational_domain = domain;
    made.algorithm = "rsa-sha256";
    made.epoch = std::chrono::sys_seconds{std::chrono::seconds{epoch}};
    made.epoch_offset = std::chrono::seconds{0};
    made.credential = credential();
    made.key_record = kept_record(key);
    made.messages = messages;
    return made;
  }
};

inline const std::string reported_message =
    "From: Spammer <spam@sender.example>\n"
    "To: victim@example.net\n"
    "Subject: cheap watches\n"
    "Message-ID: <1@sender.example>\n"
    "\n"
    "Buy.\n";

// What a feedback report is made of; each may be replaced by something hostile.
struct ArfText {
  std::string fields = {};  // lines, each with its LF, besides Feedback-Type, User-Agent and Version
  std::string reported = reported_message;
  std::string boundary = "b1";
  std::string feedback_header = "Content-Type: message/feedback-report\n";
  std::string reported_header = "Content-Type: message/rfc822\n";
  std::string first_fields = "Feedback-Type: abuse\nUser-Agent: test/1\nVersion: 1\n";

  [[nodiscard]] std::string mail() const {
    return "From: Reporter <abuse@Reporter.example>\n"
           "To: complaints@rep.example\n"
           "Subject: complaint\n"
           "MIME-Version: 1.0\n"
           "Content-Type: multipart/report; report-type=feedback-report;\n boundary=\"" +
           boundary + "\"\n\n--" + boundary + "\nContent-Type: text/plain\n\nThis is a complaint.\n--" +
           boundary + "\n" + feedback_header + "\n" + first_fields + fields + "\n--" + boundary + "\n" +
           reported_header + "\n" + reported + "\n--" + boundary + "--\n";
  }
};

inline std::string complaint_about(const SignedConnection& connection, const std::string& more = "") {
  return ArfText{.fields = "TECS-Credential: " + connection.field() + "\n" + more}.mail();
}

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

}  // namespace tecs::test
