// The mechanism as the MTA of a client sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tecs/credential.hpp"
#include "unit/sasl/client_plugin_fixture.hpp"

namespace tecs {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

INSTANTIATE_TEST_SUITE_P(Plugin, ClientPluginTest, testing::Values(Origin::loaded, Origin::linked),
                         [](const auto& row) { return row.param == Origin::loaded ? "Loaded" : "Linked"; });

// Signatures of Ed25519 are the same each time; the second may have passed into another epoch.
void expect_signed(const std::string& credential, const SigningKey& key, const char* server,
                   const char* client) {
  const auto tuple = ConnectionTuple::make(Endpoint::parse(server).value(), Endpoint::parse(client).value());
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Signer signer = signer_for("sender.example", key);
  const Epoch epoch = Epoch::nearest(now);
  EXPECT_THAT(
      (std::vector{signer.sign(*tuple, epoch)->format(), signer.sign(*tuple, epoch.moved(-1))->format()}),
      Contains(credential));
}

TEST_P(ClientPluginTest, Signs) {
  begin();
  const Connection connection = connect();
  const Sent sent = start(connection.get());
  EXPECT_EQ(sent.code, SASL_OK);
  expect_signed(sent.octets, key, "198.51.100.25:25", "192.0.2.10:40213");
  EXPECT_THAT(application.log, Not(Contains(HasSubstr("TECS-1: "))));
}

TEST_P(ClientPluginTest, Ipv6) {
  begin();
  const Connection connection = connect("2001:db8:2::10;40213", "2001:db8:51::25;25");
  const Sent sent = start(connection.get());
  EXPECT_EQ(sent.code, SASL_OK);
  expect_signed(sent.octets, key, "[2001:db8:51::25]:25", "[2001:db8:2::10]:40213");
}

TEST_P(ClientPluginTest, AnswersTheChallengeBehindNat) {
  configure("identity = sender.example - " + key_file + "\nnat = 192.0.2.0/24\n");
  begin();
  const Connection connection = connect();
  const Sent nothing = start(connection.get());
  EXPECT_EQ(nothing.code, SASL_CONTINUE);
  EXPECT_FALSE(nothing.there);
  const Sent sent = answer(connection.get(), "c=203.0.113.7:61000; t=1");
  EXPECT_EQ(sent.code, SASL_OK);
  expect_signed(sent.octets, key, "198.51.100.25:25", "203.0.113.7:61000");
}

TEST_P(ClientPluginTest, EmptyChallenge) {
  configure("identity = sender.example - " + key_file + "\nnat = always\n");
  begin();
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_CONTINUE);
  const Sent sent = answer(connection.get(), "");
  EXPECT_EQ(sent.code, SASL_OK);
  expect_signed(sent.octets, key, "198.51.100.25:25", "192.0.2.10:40213");
}

TEST_P(ClientPluginTest, LongCredentialGoesAfterThe334) {
  const SigningKey rsa = make_key(KeyType::rsa, 3072);
  write_file(key_file, rsa.to_pem());
  begin();
  const Connection connection = connect();
  const Sent nothing = start(connection.get());
  EXPECT_EQ(nothing.code, SASL_CONTINUE);
  EXPECT_FALSE(nothing.there);
  const Sent sent = answer(connection.get(), "c=203.0.113.7:61000; t=1");
  EXPECT_EQ(sent.code, SASL_OK);
  expect_signed(sent.octets, rsa, "198.51.100.25:25", "192.0.2.10:40213");
}

// A server that asks again after it was told all.
TEST_P(ClientPluginTest, SaysNothingMoreAfterTheCredential) {
  begin();
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_OK);
  EXPECT_EQ(answer(connection.get(), "c=203.0.113.7:61000; t=1").code, SASL_FAIL);
}

// Cyrus SASL loads it into every program, whose people may have passwords for servers that offer TECS-1 too.
TEST_P(ClientPluginTest, NotThereForAProgramThatHasNoConfigurationOfIt) {
  std::filesystem::remove(configuration);
  begin();
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_NOMECH);
  EXPECT_THAT(application.log, Not(Contains(HasSubstr("tecs"))));
}

struct Refusal {
  std::string what;
  std::string want;  // in the log
  std::string name = "sender.example";
  const char* local = client_end;
  const char* remote = server_end;
  const char* service = "smtp";
};

// AUTH is begun all the same, and given up after the 334: so no MTA keeps mail because it cannot be signed.
TEST_P(ClientPluginTest, WhatIsNotSigned) {
  begin();
  const std::vector<Refusal> rows = {
      {"scoped address", "the server's end: ", "sender.example", client_end, "fe80::2%lo;25"},
      {"scoped address of ours", "our end: ", "sender.example", "fe80::1%lo;40213"},
      {"two families", "one end is IPv4 and the other IPv6", "sender.example", "2001:db8:2::10;40213"},
      {"another domain", "has no identity example.org", "example.org"},
      {"a domain below ours", "has no identity mail.sender.example", "mail.sender.example"},
      {"a person's name", "the authentication id \"somebody\" is no signing domain", "somebody"},
      {"junk", "the authentication id \"\\x1B[2J\"", "\x1b[2J"},
      {"no name", "the authentication id \"\" is no signing domain", ""},
      {"another service", "only connections of SMTP", "sender.example", client_end, server_end, "imap"},
  };
  for (const Refusal& row : rows) {
    application.log.clear();
    name = row.name;
    const Connection connection = connect(row.local, row.remote, row.service);
    const Sent nothing = start(connection.get());
    EXPECT_EQ(nothing.code, SASL_CONTINUE) << row.what;
    EXPECT_FALSE(nothing.there) << row.what;
    EXPECT_THAT(application.log, Contains(AllOf(HasSubstr("TECS-1: not signed: "), HasSubstr(row.want))))
        << row.what;
    const Sent given_up = answer(connection.get(), "c=203.0.113.7:61000; t=1");
    EXPECT_EQ(given_up.code, SASL_FAIL) << row.what;
    EXPECT_FALSE(given_up.there) << row.what;
  }
}

// As Postfix: it would say QUIT after the 334.
TEST_P(ClientPluginTest, ProgramThatDoesNotSayWhichConnectionItIs) {
  begin();
  for (const auto& [local, remote] : {std::pair<const char*, const char*>{nullptr, nullptr},
                                      {nullptr, server_end},
                                      {client_end, nullptr}}) {
    application.log.clear();
    const Connection connection = connect(local, remote);
    const Sent nothing = start(connection.get());
    EXPECT_EQ(nothing.code, SASL_FAIL);
    EXPECT_FALSE(nothing.there);
    EXPECT_THAT(application.log, Contains(HasSubstr("TECS-1: not signed: this program does not say which")));
  }
}

TEST_P(ClientPluginTest, KeyThatOthersMayRead) {
  write_file(key_file, key.to_pem(), 0644);
  begin();
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_CONTINUE);
  EXPECT_THAT(application.log, Contains(AllOf(HasSubstr("TECS-1: not signed: " + key_file + " belongs to"),
                                              HasSubstr("mode 0644"))));
}

TEST_P(ClientPluginTest, ConfigurationThatIsWrong) {
  configure("identity = sender.example\n");
  begin();
  const Connection connection = connect();
  EXPECT_EQ(start(connection.get()).code, SASL_CONTINUE);
  EXPECT_THAT(application.log, Contains(HasSubstr("TECS-1: not signed: " + configuration + ":1: ")));
}

TEST_P(ClientPluginTest, ManyConnectionsAtTheSameTime) {
  begin();
  std::vector<std::thread> threads;
  std::vector<int> codes(4, SASL_FAIL);
  std::vector<Connection> connections;
  for (std::size_t i = 0; i < codes.size(); ++i) connections.push_back(connect());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    threads.emplace_back([&, i] { codes[i] = start(connections[i].get()).code; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(codes, testing::Each(SASL_OK));
}

// As Sendmail does with the next message.
TEST_P(ClientPluginTest, EndsAndBeginsAgain) {
  begin();
  EXPECT_EQ(start(connect().get()).code, SASL_OK);
  sasl_done();
  begin();
  EXPECT_EQ(start(connect().get()).code, SASL_OK);
}

}  // namespace
}  // namespace tecs
