// A proxy for several parties: who answers depends on MAIL.
#pragma once

#include <string>
#include <vector>

#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {

inline constexpr const char* for_parties = "250-PIPELINING\r\n250-CHUNKING\r\n250 AUTH TECS-1\r\n";

class PartiesTest : public ProxyTest {
 protected:
  PartiesTest() {
    identities_ = {{"sender:a.example", identity_of("a.example")},
                   {"sender:b.example", identity_of("b.example")},
                   {"sender:unsigned.example", nullptr}};
  }

  // An MTA that has said EHLO.
  std::unique_ptr<Peer> connect_and_greet() {
    auto mta = connect();
    EXPECT_EQ(mta->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(mta->ask("EHLO relay.example.org"), "250-mx.example.com\n250-PIPELINING\n250 CHUNKING");
    return mta;
  }

  static std::string mail(const std::string& domain) { return "MAIL FROM:<x@" + domain + ">"; }

  // One message by DATA, waiting for each reply.
  static void send_message(Peer& mta, const std::string& domain, const std::string& text) {
    EXPECT_EQ(mta.ask(mail(domain)), "250 2.0.0 Ok");
    EXPECT_EQ(mta.ask("RCPT TO:<y@example.net>"), "250 2.0.0 Ok");
    EXPECT_EQ(mta.ask("DATA"), "354 Go ahead");
    EXPECT_EQ(mta.ask(text + "\r\n."), "250 2.0.0 Taken");
  }

  // Who signed each connection that has ended: "a.example", or "-" for nobody.
  std::vector<std::string> signers() const {
    std::vector<std::string> signers;
    for (const Seen& connection : seen()) {
      const bool passed = connection.verification.result == Result::pass;
      signers.push_back(passed                          ? connection.verification.domain->text()
                        : connection.credential.empty() ? "-"
                                                        : connection.verification.detail());
    }
    return signers;
  }
  std::vector<std::string> messages() const {
    std::vector<std::string> messages;
    for (const Seen& connection : seen()) {
      messages.insert(messages.end(), connection.messages.begin(), connection.messages.end());
    }
    return messages;
  }
  [[nodiscard]] bool ended(std::size_t connections) const {
    return eventually([this, connections] { return seen().size() == connections; });
  }
};

}  // namespace tecs::test
