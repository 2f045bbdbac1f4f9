#include <array>
#include <atomic>
#include <thread>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

TEST(Verifier, TellsAllOfAPass) {
  Zone zone;
  zone.texts["mail._domainkey.example.org"] = {text(tecs_signing_key_record(key_of("rsa-2048").get())) +
                                               "; t=y"};
  zone.dnssec = true;
  const Source source = source_of(zone);
  const Credential credential = sign("rsa-2048", tuple(), noon - 30, "mail");
  const Verification verification =
      verify(tecs_credential_response(credential.get(), TECS_BASE64), source.get(),
             {tuple("192.0.2.26:25"), tuple("[2001:db8::25]:25", "[2001:db8::7]:1"), tuple()});
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_PASS);
  EXPECT_STREQ(tecs_verification_result_word(verification.get()), "pass");
  EXPECT_EQ(tecs_verification_reason(verification.get()), nullptr);
  EXPECT_STREQ(tecs_verification_sentence(verification.get()), "pass");
  EXPECT_STREQ(tecs_verification_domain(verification.get()), "example.org");
  EXPECT_STREQ(tecs_verification_passed_domain(verification.get()), "example.org");
  EXPECT_STREQ(tecs_verification_selector(verification.get()), "mail");
  EXPECT_STREQ(tecs_verification_algorithm(verification.get()), "rsa-sha256");
  EXPECT_EQ(tecs_verification_key_bits(verification.get()), 2048U);
  EXPECT_EQ(tecs_verification_dnssec(verification.get()), 1);
  EXPECT_EQ(tecs_verification_testing(verification.get()), 1);
  EXPECT_EQ(tecs_verification_candidate(verification.get()), 2);
  EXPECT_EQ(tecs_verification_epoch_offset(verification.get()), -30);
}

TEST(Verifier, TellsWhatACredentialClaimsWithoutAPass) {
  Zone zone = zone_of("ed25519");
  const Source source = source_of(zone);
  const Credential credential = sign("ed25519");
  const Verification verification = verify(tecs_credential_response(credential.get(), TECS_BASE64),
                                           source.get(), {tuple("192.0.2.25:25", "198.51.100.8:40213")});
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_FAIL);
  EXPECT_STREQ(tecs_verification_result_word(verification.get()), "fail");
  EXPECT_STREQ(tecs_verification_reason(verification.get()), "signature-mismatch");
  EXPECT_NE(text(tecs_verification_sentence(verification.get())), "");
  EXPECT_STREQ(tecs_verification_domain(verification.get()), "example.org");
  EXPECT_EQ(tecs_verification_passed_domain(verification.get()), nullptr);
  EXPECT_EQ(tecs_verification_selector(verification.get()), nullptr);
  EXPECT_EQ(tecs_verification_key_bits(verification.get()), 256U);
  EXPECT_EQ(tecs_verification_dnssec(verification.get()), 0);
  EXPECT_EQ(tecs_verification_testing(verification.get()), 0);
  EXPECT_EQ(tecs_verification_candidate(verification.get()), -1);
  EXPECT_EQ(tecs_verification_epoch_offset(verification.get()), 0);
  EXPECT_EQ(tecs_verification_replay_key(verification.get()), nullptr);
  EXPECT_EQ(tecs_verification_replay_expiry(verification.get()), 0);
}

struct Garbage {
  const char* name;
  std::string octets;
  int encoding;
  const char* want_reason;
};

class VerifierGarbage : public testing::TestWithParam<Garbage> {};

TEST_P(VerifierGarbage, IsPermerror) {
  Zone zone;
  const Source source = source_of(zone);
  const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
  const tecs_tuple connection = tuple();
  const std::vector<char> exact(GetParam().octets.begin(), GetParam().octets.end());
  Failure failure;
  const Verification verification(tecs_verifier_verify(verifier.get(), exact.data(), exact.size(),
                                                       GetParam().encoding, &connection, 1, noon,
                                                       source.get(), failure.place()));
  ASSERT_TRUE(verification) << failure.sentence();
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_PERMERROR);
  EXPECT_STREQ(tecs_verification_reason(verification.get()), GetParam().want_reason);
  EXPECT_EQ(tecs_verification_domain(verification.get()), nullptr);
  for (const char octet : text(tecs_verification_sentence(verification.get()))) {
    EXPECT_TRUE(octet >= ' ' && octet <= '~');
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, VerifierGarbage,
    testing::Values(Garbage{"empty", "", TECS_BASE64, "bad-credential"},
                    Garbage{"empty_decoded", "", TECS_DECODED, "bad-credential"},
                    Garbage{"no_base64", "a=rsa-sha256", TECS_BASE64, "bad-base64"},
                    Garbage{"nul", std::string("d=example.org\0; b=AAAA", 22), TECS_DECODED,
                            "bad-credential"},
                    Garbage{"not_ascii", "d=\xc3\xa9.example; b=AAAA", TECS_DECODED, "bad-credential"},
                    Garbage{"escapes", "\x1b[2J", TECS_DECODED, "bad-credential"},
                    Garbage{"too_long", std::string(4097, 'x'), TECS_DECODED, "credential-too-long"},
                    Garbage{"far_too_long", std::string(1'000'000, 'A'), TECS_BASE64, "credential-too-long"}),
    [](const auto& row) { return row.param.name; });

TEST(Verifier, FailsForWhatIsWrongOnThisSide) {
  Zone zone;
  const Source source = source_of(zone);
  const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
  std::vector<tecs_tuple> candidates(TECS_MAXIMUM_CANDIDATES + 1, tuple());
  const auto reason = [&](std::size_t count, int encoding, std::int64_t time) {
    Failure failure;
    EXPECT_EQ(tecs_verifier_verify(verifier.get(), "", 0, encoding, candidates.data(), count, time,
                                   source.get(), failure.place()),
              nullptr);
    EXPECT_NE(failure.sentence(), "");
    return failure.reason();
  };
  EXPECT_EQ(reason(TECS_MAXIMUM_CANDIDATES + 1, TECS_BASE64, noon), "bad-option");
  EXPECT_EQ(reason(static_cast<std::size_t>(-1), TECS_BASE64, noon), "bad-option");
  EXPECT_EQ(reason(1, 2, noon), "bad-option");
  EXPECT_EQ(reason(1, TECS_BASE64, -1), "bad-option");
  candidates[1].source.port = 0;
  EXPECT_EQ(reason(2, TECS_BASE64, noon), "bad-endpoint");
  candidates[0].source = endpoint("[2001:db8::7]:40213");
  EXPECT_EQ(reason(2, TECS_BASE64, noon), "family-mismatch");
}

TEST(Verifier, WithoutACandidateDoesNotKnowTheConnection) {
  Zone zone;
  const Source source = source_of(zone);
  const Credential credential = sign("ed25519");
  const Verification verification =
      verify(tecs_credential_response(credential.get(), TECS_BASE64), source.get(), {});
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_TEMPERROR);
  EXPECT_STREQ(tecs_verification_reason(verification.get()), "unknown-connection");
}

TEST(Verifier, TakesWhatASaslLibraryDecoded) {
  Zone zone = zone_of("rsa-2048");
  const Source source = source_of(zone);
  const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
  const Credential credential = sign("rsa-2048");
  const tecs_tuple connection = tuple();
  for (const char* sent : {tecs_credential_response(credential.get(), TECS_DECODED),
                           tecs_credential_short(credential.get(), TECS_DECODED)}) {
    const Verification verification(tecs_verifier_verify(verifier.get(), sent, std::string_view(sent).size(),
                                                         TECS_DECODED, &connection, 1, noon, source.get(),
                                                         nullptr));
    EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_PASS);
  }
}

TEST(Verifier, ServesSeveralThreadsAtOnce) {
  Zone zone = zone_of("rsa-2048");
  zone.ttl = 3600;  // so that one thread asks, and the others wait
  const Source source = source_of(zone);
  const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
  const Signer signer(tecs_signer_new("example.org", nullptr, key_of("rsa-2048").get(), nullptr));
  std::atomic<int> passes = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int port = 1; port <= 25; ++port) {
        tecs_tuple connection = tuple();
        connection.source.port = static_cast<std::uint16_t>(1000 * i + port);
        const Credential credential(tecs_signer_sign(signer.get(), &connection, noon, nullptr));
        const std::string_view sent = tecs_credential_initial_response(credential.get());
        const Verification verification(tecs_verifier_verify(verifier.get(), sent.data(), sent.size(),
                                                             TECS_BASE64, &connection, 1, noon, source.get(),
                                                             nullptr));
        if (tecs_verification_result(verification.get()) == TECS_RESULT_PASS) ++passes;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passes, 100);
  EXPECT_EQ(zone.asked.size(), 1U);
}

}  // namespace
}  // namespace tecs::c_api
