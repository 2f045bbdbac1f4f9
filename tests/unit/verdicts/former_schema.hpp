// A store as the first version of TECS made it, which stays as it was written.
#pragma once

namespace tecs::test {

// What TECS made before verdicts had a score.
inline constexpr const char* first_version =
    "CREATE TABLE verdicts (id TEXT NOT NULL PRIMARY KEY, time TEXT NOT NULL, receiver TEXT NOT NULL, "
    "server TEXT NOT NULL, client TEXT NOT NULL, helo TEXT NOT NULL, tls TEXT NOT NULL, result TEXT NOT "
    "NULL, "
    "reason TEXT NOT NULL, detail TEXT NOT NULL, domain TEXT NOT NULL, organizational_domain TEXT NOT NULL, "
    "selector TEXT NOT NULL, algorithm TEXT NOT NULL, key_bits INTEGER NOT NULL, dnssec INTEGER NOT NULL, "
    "testing INTEGER NOT NULL, epoch_offset INTEGER, credential TEXT NOT NULL, messages INTEGER NOT NULL, "
    "recipients INTEGER NOT NULL, bytes INTEGER NOT NULL, duration INTEGER NOT NULL, "
    "dns_time INTEGER NOT NULL, verification_time INTEGER NOT NULL) STRICT;"
    "CREATE INDEX verdicts_by_time ON verdicts (time);"
    "CREATE INDEX verdicts_by_domain ON verdicts (domain, time) WHERE domain <> '';"
    "PRAGMA user_version = 1;"
    "PRAGMA journal_mode = WAL";

inline constexpr const char* first_insert =
    "INSERT INTO verdicts (id, time, receiver, server, client, helo, tls, result, reason, detail, domain, "
    "organizational_domain, selector, algorithm, key_bits, dnssec, testing, epoch_offset, credential, "
    "messages, recipients, bytes, duration, dns_time, verification_time) VALUES "
    "('0190163d-8694-739b-aea5-966c26f8ad90', '2026-01-01T00:00:00.789Z', 'mx.example.net', "
    "'[2001:db8::25]:25', '[2001:db8::7]:40213', 'mail.jgc.org', 'TLSv1.3', 'fail', 'signature-mismatch', "
    "'the signature is not by the key of jgc.org', 'mail.jgc.org', 'jgc.org', 'sel', 'rsa-sha256', 2048, 1, "
    "1, -30, 'YT1yc2Etc2hhMjU2OyBkPWpnYy5vcmc7IGI9QUFBQQ==', 2, 3, 5000000000, 1234567, 2345, 18)";

}  // namespace tecs::test
