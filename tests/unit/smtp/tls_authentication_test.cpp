#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <fstream>

#include "unit/smtp/tls_fixture.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {
namespace {

using State = Transfer::State;

constexpr std::uint8_t ta = 2, ee = 3;
const std::string host = "mx.example.com";

struct Certificates {
  Certificate root = Certificate::self_signed({.name = "A root", .authority = true});
  Certificate right = root.issue({.name = host});
  Certificate wildcard = root.issue({.name = "*.example.com"});
  Certificate partial_wildcard = root.issue({.name = "m*.example.com"});
  Certificate expired = root.issue({.name = host, .ends = std::chrono::seconds{-60}});
  Certificate other_name = root.issue({.name = "mx.example.net"});
  Certificate alone = Certificate::self_signed({.name = host});
  Certificate other_root = Certificate::self_signed({.name = "A root", .authority = true});
  Certificate of_other_root = other_root.issue({.name = host});
};

const Certificates& made() {
  static const Certificates certificates;
  return certificates;
}

// All of the certificate's authorities is what the client trusts, if it trusts anybody.
class TlsAuthentication : public TlsFixture {
 protected:
  void trust(const Certificate& root) {
    const std::filesystem::path file = folder_.path() / "authorities.pem";
    std::ofstream(file) << root.pem();
    context_ = *TlsContext::make({.authorities_file = file}, clock_);
  }

  // What came of it, in one line.
  std::string outcome(const TlsPlan& plan, const Certificate& certificate,
                      const std::vector<Certificate>& issuers = {}) {
    new_sockets();
    TlsStream made = stream(plan);
    EXPECT_EQ(made.result(), TlsResult::failed) << "before the handshake";
    const auto server = certificate.server(issuers);
    const bool done = shake_hands(made, server.get()).state == State::done;
    EXPECT_EQ(accepted_, done);
    EXPECT_EQ(made.result() != TlsResult::failed, done);
    return done ? std::string(word(made.result())) : made.failure_sentence();
  }

  TemporaryDirectory folder_;
};

const std::string refused = "the server's certificate is not accepted: ";

TlsPlan verify_plan(const std::string& name = host) {
  return {.level = TlsLevel::verify, .demand = TlsDemand::required, .server_name = name};
}

TEST_F(TlsAuthentication, verifies_name_and_authority) {
  trust(made().root);
  struct Row {
    const char* name;
    Certificate certificate;
    std::string want;
  };
  for (const Row& row : {
           Row{"right", made().right, "verified"},
           Row{"wildcard for a whole label", made().wildcard, "verified"},
           Row{"wildcard for a part of a label", made().partial_wildcard, refused + "hostname mismatch"},
           Row{"another name", made().other_name, refused + "hostname mismatch"},
           Row{"expired", made().expired, refused + "certificate has expired"},
           Row{"self-signed", made().alone, refused + "self-signed certificate"},
           Row{"an authority that calls itself the same", made().of_other_root,
               refused + "certificate signature failure"},
       }) {
    EXPECT_EQ(outcome(verify_plan(), row.certificate), row.want) << row.name;
  }
}

TEST_F(TlsAuthentication, trusts_no_authority_that_the_system_does_not_know) {
  EXPECT_EQ(outcome(verify_plan(), made().right), refused + "unable to get local issuer certificate");
}

TEST_F(TlsAuthentication, verifies_nothing_without_a_name) {
  trust(made().root);
  TlsStream stream = this->stream(verify_plan(""));
  EXPECT_EQ(stream.handshake().state, State::failed);
  EXPECT_EQ(stream.failure_sentence(), "no name is known that the server's certificate could be for");
}

TEST_F(TlsAuthentication, looks_at_no_certificate_unless_it_is_to) {
  for (const TlsLevel level : {TlsLevel::may, TlsLevel::encrypt, TlsLevel::dane}) {
    EXPECT_EQ(outcome({.level = level, .server_name = host}, made().expired), "encrypted") << word(level);
  }
}

TEST_F(TlsAuthentication, says_which_file_of_authorities_cannot_be_read) {
  for (const char* const content : {"", "nothing of the kind\n"}) {
    const std::filesystem::path file = folder_.path() / "wrong.pem";
    std::ofstream(file) << content;
    const auto context = TlsContext::make({.authorities_file = file}, clock_);
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().reason, Reason::bad_option);
    EXPECT_EQ(context.error().sentence.find(file.string() + ": no certificates of authorities"), 0U)
        << context.error().sentence;
  }
  EXPECT_FALSE(TlsContext::make({.authorities_file = "/nowhere/ca.pem"}, clock_));
}

TlsPlan dane_plan(std::vector<TlsaRecord> records) {
  return {.level = TlsLevel::dane,
          .demand = TlsDemand::required,
          .server_name = host,
          .tlsa = std::move(records)};
}

TlsaRecord of_key(std::uint8_t usage, const Certificate& certificate) {
  return {usage, 1, 1, sha256_of(certificate.public_key_der())};
}

// RFC 7672 sections 3.1.1 and 3.1.2.
TEST_F(TlsAuthentication, goes_by_tlsa_records) {
  const Certificates& c = made();
  const std::string no_match = refused + "no matching DANE TLSA records";
  struct Row {
    const char* name;
    std::vector<TlsaRecord> records;
    Certificate certificate;
    std::vector<Certificate> issuers;
    std::string want;
  };
  for (const Row& row : {
           Row{"end entity by key", {of_key(ee, c.alone)}, c.alone, {}, "dane"},
           Row{"end entity by certificate", {{ee, 0, 1, sha256_of(c.alone.der())}}, c.alone, {}, "dane"},
           Row{"end entity by the whole certificate", {{ee, 0, 0, c.alone.der()}}, c.alone, {}, "dane"},
           Row{"end entity by the whole key", {{ee, 1, 0, c.alone.public_key_der()}}, c.alone, {}, "dane"},
           Row{"end entity whose certificate expired", {of_key(ee, c.expired)}, c.expired, {}, "dane"},
           Row{"end entity with another name", {of_key(ee, c.other_name)}, c.other_name, {}, "dane"},
           Row{"end entity with another key", {of_key(ee, c.alone)}, c.right, {}, no_match},
           Row{"one of several", {of_key(ee, c.expired), of_key(ee, c.right)}, c.right, {}, "dane"},
           Row{"trust anchor", {of_key(ta, c.root)}, c.right, {c.root}, "dane"},
           Row{"trust anchor by certificate",
               {{ta, 0, 1, sha256_of(c.root.der())}},
               c.right,
               {c.root},
               "dane"},
           Row{"trust anchor in full, which the server does not show",
               {{ta, 0, 0, c.root.der()}},
               c.right,
               {},
               "dane"},
           Row{"trust anchor that the server does not show", {of_key(ta, c.root)}, c.right, {}, no_match},
           Row{"trust anchor and another name",
               {of_key(ta, c.root)},
               c.other_name,
               {c.root},
               refused + "hostname mismatch"},
           Row{"trust anchor and an expired certificate",
               {of_key(ta, c.root)},
               c.expired,
               {c.root},
               refused + "certificate has expired"},
           Row{"trust anchor of somebody else", {of_key(ta, c.other_root)}, c.right, {c.root}, no_match},
       }) {
    EXPECT_EQ(outcome(dane_plan(row.records), row.certificate, row.issuers), row.want) << row.name;
  }
}

// RFC 7672 section 3.2.2: the base domain of the records, and the name that led there.
TEST_F(TlsAuthentication, takes_either_name_of_an_alias) {
  const Certificates& c = made();
  TlsPlan plan = dane_plan({of_key(ta, c.root)});
  plan.other_names = {"mx.example.net"};
  EXPECT_EQ(outcome(plan, c.other_name, {c.root}), "dane");
  EXPECT_EQ(outcome(plan, c.right, {c.root}), "dane");
  EXPECT_EQ(server_->server_name(), host);
  plan.other_names = {"mx.example.org"};
  EXPECT_EQ(outcome(plan, c.other_name, {c.root}), refused + "hostname mismatch");
}

// An authority that the system trusts is nobody whom the domain has named.
TEST_F(TlsAuthentication, takes_no_authority_for_a_tlsa_record) {
  trust(made().root);
  EXPECT_EQ(outcome(dane_plan({of_key(ee, made().alone)}), made().right, {made().root}),
            refused + "no matching DANE TLSA records");
}

TEST_F(TlsAuthentication, does_not_turn_to_authorities_when_no_record_can_be_used) {
  trust(made().root);
  TlsStream stream = this->stream(dane_plan({{ee, 1, 1, "too short"}}));
  EXPECT_EQ(stream.handshake().state, State::failed);
  EXPECT_EQ(stream.failure_sentence(), "none of the server's TLSA records can be used");
}

TEST_F(TlsAuthentication, names_the_base_domain_by_sni) {
  EXPECT_EQ(outcome(dane_plan({of_key(ee, made().alone)}), made().alone), "dane");
  EXPECT_EQ(server_->server_name(), host);
}

}  // namespace
}  // namespace tecs::test
