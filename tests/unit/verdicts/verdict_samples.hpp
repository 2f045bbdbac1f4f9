// Verdicts for tests.
#pragma once

#include <chrono>
#include <string>

#include "verdicts/verdict.hpp"

namespace tecs::test {

// Every field is set, and differs from what a fresh Verdict has.
inline Verdict full_verdict() {
  using namespace std::chrono_literals;
  Verdict verdict;
  verdict.id = "0190163d-8694-739b-aea5-966c26f8ad90";
  verdict.time = Verdict::Time{1767225600789ms};
  verdict.receiver = "mx.example.net";
  verdict.server = "[2001:db8::25]:25";
  verdict.client = "[2001:db8::7]:40213";
  verdict.client_network = "2001:db8::/48";
  verdict.helo = "mail.jgc.org";
  verdict.tls = "TLSv1.3";
  verdict.result = Result::fail;
  verdict.reason = "signature-mismatch";
  verdict.detail = "the signature is not by the key of jgc.org";
  verdict.domain = "mail.jgc.org";
  verdict.organizational_domain = "jgc.org";
  verdict.selector = "sel";
  verdict.algorithm = "rsa-sha256";
  verdict.key_bits = 2048;
  verdict.dnssec = true;
  verdict.testing = true;
  verdict.epoch = std::chrono::sys_seconds{1767225600s};
  verdict.epoch_offset = -30s;
  verdict.credential = "YT1yc2Etc2hhMjU2OyBkPWpnYy5vcmc7IGI9QUFBQQ==";
  verdict.key_record = "k=rsa; p=MIIBIjANBgkqhkiG9w0B";
  verdict.reputation = "bad";
  verdict.reputation_source = "dns:rep.example.net";
  verdict.score = 10.2;
  verdict.symbols = "TECS_FAIL,REP_BAD";
  verdict.action = "reject";
  verdict.mode = "monitor";
  verdict.messages = 2;
  verdict.recipients = 3;
  verdict.bytes = 5'000'000'000;
  verdict.duration = 1'234'567us;
  verdict.dns_time = 2'345us;
  verdict.verification_time = 18us;
  return verdict;
}

// The number makes id and time: a larger one is later.
inline Verdict numbered_verdict(unsigned number) {
  Verdict verdict = full_verdict();
  std::string digits = std::to_string(number);
  digits.insert(0, 12 - digits.size(), '0');
  verdict.id = "0190163d-8694-739b-aea5-" + digits;
  verdict.time += std::chrono::milliseconds{number};
  return verdict;
}

}  // namespace tecs::test
