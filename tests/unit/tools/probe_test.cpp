// The command as a whole, against servers that are written down.
#include "tools/probe.hpp"

#include <nlohmann/json.hpp>

#include "tecs/base64.hpp"
#include "tecs/key_record.hpp"
#include "unit/tools/command_run.hpp"
#include "unit/tools/played_server.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

const std::string greeting = "S: 220 mx\nC: EHLO relay.example.org\nS: 250-mx\nS: 250 AUTH TECS-1\n";
const std::string farewell = "C: QUIT\nS: 221 bye\n";

class Probe : public CommandTest {
 protected:
  Probe() {
    network_.host_name = [] { return std::string("relay.example.org"); };
    network_.addresses = [](const std::string&) -> Expected<std::vector<IpAddress>> {
      return std::vector{IpAddress::parse("2001:db8::25").value(), IpAddress::parse("192.0.2.25").value()};
    };
    network_.connect = [this](const ConnectionOrder& order) -> Expected<std::unique_ptr<ServerConnection>> {
      orders_.push_back(order);
      if (scripts_.empty() || order.server.address().family() == AddressFamily::ipv6) {
        return failure(Reason::io_error, "Connection refused");
      }
      const auto tuple =
          ConnectionTuple::make(order.server, *Endpoint::parse("198.51.100.7:" + std::to_string(port_++)));
      auto server = std::make_unique<PlayedServer>(scripts_.front(), *tuple);
      scripts_.erase(scripts_.begin());
      return server;
    };
    dns_["_domainkey.jgc.org"] = TxtAnswer{.texts = {format_key_record(key_)}, .ttl = {}, .dnssec = true};
    key_file_ = write_key("key.pem", key_);
  }

  Ran probe(std::vector<std::string> more) {
    more.insert(more.begin(), "probe");
    return run(more);
  }
  Ran probe_signing(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"probe", "mx.example.net", "--domain", "jgc.org", "--key", key_file_});
    return run(more);
  }

  static std::string challenge(const std::string& client, std::int64_t time) {
    return "S: 334 " + encode_base64(octets_of("c=" + client + "; t=" + std::to_string(time))) + "\n";
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
  std::string key_file_;
  std::vector<std::string> scripts_;  // of one connection after the other; none left: nobody listens
  std::vector<ConnectionOrder> orders_;
  int port_ = 40213;
};

TEST_F(Probe, TellsAnOffer) {
  scripts_ = {greeting + farewell};
  const Ran ran = probe({"mx.example.net"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "Probing mx.example.net, port 25, as relay.example.org. No mail is sent.\n"
            "\n"
            "Connected to 192.0.2.25:25 from 198.51.100.7:40213: a signature covers these two.\n"
            "\n"
            "S: 220 mx\n"
            "   The server greets: it is ready for mail.\n"
            "\n"
            "C: EHLO relay.example.org\n"
            "S: 250-mx\n"
            "S: 250 AUTH TECS-1\n"
            "   It offers AUTH TECS-1: a signature can be given here.\n"
            "\n"
            "C: QUIT\n"
            "S: 221 bye\n"
            "   The server has taken its leave.\n"
            "\n"
            "AUTH TECS-1 is offered: this server takes signatures.\n"
            "What to do: To sign a connection to it, say --domain and --key.\n");
}

TEST_F(Probe, SignsAndShowsWhatWasSigned) {
  scripts_ = {greeting + "C: AUTH TECS-1 *\nS: 235 2.7.0 Authentication successful\n" + farewell};
  const Ran ran = probe_signing();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out,
              HasSubstr("\nThe octets that were signed:\n  prefix       544543532d3100  \"TECS-1\""));
  EXPECT_THAT(ran.out, HasSubstr("  epoch        0000000045c91680  2007-02-07 00:00:00 UTC\n"));
  EXPECT_THAT(ran.out, HasSubstr("With it the signature is: pass\n"));
  EXPECT_THAT(ran.out, HasSubstr("\nSigned: the server knows that jgc.org answers for this connection.\n"));
  EXPECT_EQ(asked_resolver_, "system");
}

TEST_F(Probe, AsksASecondTimeHowTheServerSeesItWhenRefused) {
  scripts_ = {greeting + "C: AUTH TECS-1 *\nS: 535 5.7.8 no\n" + farewell,
              greeting + "C: AUTH TECS-1\n" + challenge("203.0.113.9:1024", 1170806410) +
                  "C: *\nS: 501 cancelled\n" + farewell};
  const Ran ran = probe_signing();
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_THAT(ran.out, HasSubstr("\nHow does the server see this host? A second connection asks:\n"));
  EXPECT_THAT(ran.out, HasSubstr("  address      203.0.113.9:1024; this host sees 198.51.100.7:40214\n"
                                 "  clock        the same as here\n"));
  EXPECT_THAT(ran.out, HasSubstr("something between the two translates addresses.\nWhat to do: Probe with "
                                 "--challenge"));
}

TEST_F(Probe, IsContentWhenTheSecondConnectionIsRefused) {
  scripts_ = {greeting + "C: AUTH TECS-1 *\nS: 535 5.7.8 no\n" + farewell};
  const Ran ran = probe_signing();
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_THAT(ran.out, HasSubstr("cannot connect: Connection refused\n"));
  EXPECT_THAT(ran.out, HasSubstr("the key is right; how the server sees address and clock is not known"));
}

TEST_F(Probe, SignsTheChallenge) {
  scripts_ = {greeting + "C: AUTH TECS-1\n" + challenge("203.0.113.9:1024", 1170806410) +
              "C: YT1*\nS: 235 ok\n" + farewell};
  const Ran ran = probe_signing({"--challenge", "--json"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["outcome"], "accepted");
  EXPECT_EQ(json["source"], "198.51.100.7:40213");
  EXPECT_EQ(json["signature"]["signed_octets"]["source"]["meaning"], "203.0.113.9:1024");
  EXPECT_EQ(json["signature"]["epoch"], 1170806400);
  EXPECT_EQ(json["challenge"]["client"], "203.0.113.9:1024");
  EXPECT_EQ(json["key"]["result"], "pass");
  EXPECT_EQ(json["steps"][1]["said"], "EHLO relay.example.org");
}

TEST_F(Probe, GoesOnInTheClearWhenAnOpportunisticHandshakeFails) {
  scripts_ = {
      "S: 220 mx\nC: EHLO relay.example.org\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS fails\n",
      greeting + farewell};
  const Ran ran = probe({"mx.example.net"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, HasSubstr("The TLS handshake failed: TLS: wrong version number.\n"));
}

TEST_F(Probe, StopsWhenADemandedHandshakeFails) {
  scripts_ = {
      "S: 220 mx\nC: EHLO relay.example.org\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS fails\n",
      greeting + farewell};
  const Ran ran = probe({"mx.example.net", "--tls", "encrypt"});
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_EQ(scripts_.size(), 1U);
  EXPECT_THAT(ran.out,
              HasSubstr("\nTLS is demanded, and the TLS handshake failed: TLS: wrong version number.\n"));
}

TEST_F(Probe, SaysWhyThereIsNoConnection) {
  const Ran ran = probe({"mx.example.net"});
  EXPECT_EQ(ran.code, ExitCode::unavailable);
  EXPECT_EQ(ran.err,
            "tecs probe: cannot connect: [2001:db8::25]:25: Connection refused; 192.0.2.25:25: Connection "
            "refused\n");
}

TEST_F(Probe, TriesOnlyTheFamilyOfTheSource) {
  scripts_ = {greeting + farewell};
  EXPECT_EQ(probe({"mx.example.net:2525", "--source", "198.51.100.7"}).code, ExitCode::ok);
  ASSERT_EQ(orders_.size(), 1U);
  EXPECT_EQ(orders_[0].server.format(), "192.0.2.25:2525");
  EXPECT_EQ(orders_[0].source->format(), "198.51.100.7");
}

TEST_F(Probe, AServerThatVanishesCanBeTriedLater) {
  scripts_ = {"S: 220 mx\n"};
  const Ran ran = probe({"mx.example.net"});
  EXPECT_EQ(ran.code, ExitCode::temporary);
  EXPECT_THAT(ran.out, HasSubstr("The conversation broke off: "));
}

TEST_F(Probe, RefusesWhatCannotBeMeant) {
  struct Row {
    std::string name;
    std::vector<std::string> arguments;
    std::string want;
  };
  for (const Row& row : {
           Row{"no server", {}, "say which server"},
           Row{"empty server", {""}, "the server: write HOST"},
           Row{"port 0", {"mx:0"}, "the server: the port"},
           Row{"port too large", {"mx:65536"}, "the server: the port"},
           Row{"odd name", {"mx;rm"}, "the server: write HOST"},
           Row{"nobody's address", {"0.0.0.0"}, "the server: "},
           Row{"bracket", {"[2001:db8::1"}, "a bracket is not closed"},
           Row{"key without domain", {"mx", "--key", key_file_}, "belong together"},
           Row{"domain without key", {"mx", "--domain", "jgc.org"}, "belong together"},
           Row{"challenge without key", {"mx", "--challenge"}, "are for signing"},
           Row{"dane", {"mx", "--tls", "dane"}, "--tls: none, may, encrypt or verify"},
           Row{"verify an address", {"192.0.2.25", "--tls", "verify"}, "name the server by it"},
           Row{"helo", {"mx", "--helo", "two words"}, "--helo: "},
           Row{"helo that ends the line", {"mx", "--helo", "a\r\nMAIL"}, "--helo: "},
           Row{"source", {"mx", "--source", "eth0"}, "--source: "},
           Row{"timeout", {"mx", "--timeout", "5"}, "timeout"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = probe(row.arguments);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, HasSubstr(row.want));
    EXPECT_TRUE(orders_.empty());
  }
}

TEST_F(Probe, NamesWhatCannotBeRead) {
  const Ran ran = run({"probe", "mx", "--domain", "jgc.org", "--key", path("none.pem")});
  EXPECT_EQ(ran.code, ExitCode::no_input);
  EXPECT_TRUE(orders_.empty());
}

TEST_F(Probe, TakesServersInEveryForm) {
  struct Row {
    const char* written;
    const char* want;
  };
  for (const Row& row : {Row{"192.0.2.25", "192.0.2.25:25"}, Row{"192.0.2.25:2525", "192.0.2.25:2525"},
                         Row{"2001:db8::25", "[2001:db8::25]:25"}, Row{"[2001:db8::25]", "[2001:db8::25]:25"},
                         Row{"[2001:db8::25]:26", "[2001:db8::25]:26"}}) {
    orders_.clear();
    EXPECT_EQ(probe({row.written}).code, ExitCode::unavailable);
    ASSERT_EQ(orders_.size(), 1U);
    EXPECT_EQ(orders_[0].server.format(), row.want);
  }
}

}  // namespace
}  // namespace tecs
