#include "milter/authentication_results.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace tecs {
namespace {

struct Row {
  const char* name;
  Verification verification;
  const char* want;
};

Verification made(Result result, const char* domain, unsigned bits, std::optional<Reason> reason) {
  Verification verification;
  verification.result = result;
  if (reason) verification.error = Error{*reason, "a sentence (that) must; not\nget into a header"};
  if (domain != nullptr) {
    verification.domain = *Domain::parse(domain);
    verification.algorithm = Algorithm::rsa_sha256;
  }
  verification.key_bits = bits;
  return verification;
}

TEST(AuthenticationResults, AreFormattedAsInTheProtocol) {
  Verification dnssec = made(Result::pass, "jgc.org", 2048, {});
  dnssec.dnssec = true;
  Verification ed25519 = made(Result::pass, "jgc.org", 256, {});
  ed25519.algorithm = Algorithm::ed25519_sha256;
  Verification testing = made(Result::fail, "jgc.org", 1024, Reason::signature_mismatch);
  testing.testing = true;
  const Row rows[] = {
      {"did not try", made(Result::none, nullptr, 0, {}), "mx.net; tecs=none"},
      {"pass", made(Result::pass, "jgc.org", 2048, {}), "mx.net; tecs=pass (2048-bit rsa) smtp.auth=jgc.org"},
      {"dnssec", dnssec, "mx.net; tecs=pass (2048-bit rsa, dnssec)\n\tsmtp.auth=jgc.org"},
      {"ed25519", ed25519, "mx.net; tecs=pass (256-bit ed25519) smtp.auth=jgc.org"},
      {"fail of a domain that is testing", testing,
       "mx.net; tecs=fail (1024-bit rsa, testing)\n\treason=signature-mismatch smtp.auth=jgc.org"},
      {"no key", made(Result::permerror, "jgc.org", 0, Reason::no_key),
       "mx.net; tecs=permerror reason=no-key smtp.auth=jgc.org"},
      {"the algorithm is not the key's", made(Result::permerror, "jgc.org", 256, Reason::key_type_mismatch),
       "mx.net; tecs=permerror reason=key-type-mismatch\n\tsmtp.auth=jgc.org"},
      {"unreadable credential", made(Result::permerror, nullptr, 0, Reason::bad_base64),
       "mx.net; tecs=permerror reason=bad-base64"},
      {"policy", made(Result::policy, "jgc.org", 512, Reason::key_too_short),
       "mx.net; tecs=policy (512-bit rsa) reason=key-too-short\n\tsmtp.auth=jgc.org"},
      {"temperror", made(Result::temperror, "jgc.org", 0, Reason::dns_timeout),
       "mx.net; tecs=temperror reason=dns-timeout\n\tsmtp.auth=jgc.org"},
  };
  const AuthservId id = *AuthservId::parse("mx.net");
  for (const Row& row : rows) {
    EXPECT_EQ(format_authentication_results(id, row.verification), row.want) << row.name;
  }
}

TEST(AuthenticationResults, LinesAreFoldedAndReadAsOurs) {
  const AuthservId id = *AuthservId::parse(std::string(40, 'a') + ".example.net");
  const auto verification =
      made(Result::pass, "a-domain-with-a-long-name.of-many-words.example.org", 4096, {});
  const std::string body = format_authentication_results(id, verification);
  EXPECT_TRUE(is_forged(body, id)) << "from outside it would be a forged one";
  std::istringstream lines("Authentication-Results: " + body);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 78U) << line;
    if (count > 0) {
      EXPECT_EQ(line.front(), '\t');
    }
  }
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace tecs
