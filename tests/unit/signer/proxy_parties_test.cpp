// Several parties over one connection of the MTA: each is signed for on connections of its own, and the MTA
// does not notice.
#include <atomic>
#include <future>
#include <random>

#include "unit/signer/proxy_parties_fixture.hpp"

namespace tecs::test {
namespace {

using Texts = std::vector<std::string>;

class PartiesOver : public PartiesTest, public testing::WithParamInterface<const char*> {};

TEST_P(PartiesOver, one_connection_of_the_mta_have_each_their_own) {
  const ScriptedServer server({smtp(for_parties)}, GetParam());
  settings_.listen = {{*IpAddress::parse(GetParam()), 0}};
  start(server.endpoint());
  const auto mta = connect_and_greet();
  send_message(*mta, "a.example", "one");
  send_message(*mta, "b.example", "two");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  EXPECT_TRUE(mta->closed());
  ASSERT_TRUE(ended(2));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example"}));
  EXPECT_EQ(messages(), Texts({"one\r\n", "two\r\n"}));
  for (const Seen& connection : seen()) {
    EXPECT_EQ(connection.ehlo, "EHLO relay.example.org");
    EXPECT_TRUE(connection.quit);
  }
  mta->close();
  EXPECT_TRUE(log_says("identity=a.example result=signed"));
  EXPECT_TRUE(log_says("identity=b.example result=signed"));
  ASSERT_EQ(reports().size(), 2U);
  for (const SessionReport& report : reports()) {
    EXPECT_EQ(report.ending, SessionReport::Ending::is_signed);
    EXPECT_TRUE(report.added_time);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, PartiesOver, testing::Values("127.0.0.1", "::1"));

TEST_F(PartiesTest, share_a_connection_while_nobody_else_comes_between) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  for (const char* const domain : {"a.example", "a.example", "b.example", "b.example", "a.example"}) {
    send_message(*mta, domain, domain);
  }
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(3));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example", "a.example"}));
  EXPECT_EQ(messages(),
            Texts({"a.example\r\n", "a.example\r\n", "b.example\r\n", "b.example\r\n", "a.example\r\n"}));
}

TEST_F(PartiesTest, have_a_default_and_may_be_nobody) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  for (const char* const domain : {"unsigned.example", "other.example", "unsigned.example", "b.example"}) {
    send_message(*mta, domain, domain);
  }
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(4));
  EXPECT_EQ(signers(), Texts({"-", "example.org", "-", "b.example"}));
}

TEST_F(PartiesTest, may_send_all_they_have_at_once) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  const std::string rest = "\r\nRCPT TO:<y@example.net>\r\nDATA\r\n";
  mta->send(mail("a.example") + rest + "one\r\n.\r\nNOOP\r\n" + mail("b.example") + rest + "two\r\n.\r\n" +
            mail("a.example") + "\r\nRSET\r\n" + mail("b.example") + "\r\nQUIT\r\n");
  for (const char* const want :
       {"250 2.0.0 Ok", "250 2.0.0 Ok", "354 Go ahead", "250 2.0.0 Taken", "250 2.0.0 Ok", "250 2.0.0 Ok",
        "250 2.0.0 Ok", "354 Go ahead", "250 2.0.0 Taken", "250 2.0.0 Ok", "250 2.0.0 Ok", "250 2.0.0 Ok",
        "221 2.0.0 Bye"}) {
    EXPECT_EQ(mta->line(), want);
  }
  EXPECT_TRUE(mta->closed());
  ASSERT_TRUE(ended(4));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example", "a.example", "b.example"}));
  EXPECT_EQ(messages(), Texts({"one\r\n", "two\r\n"}));
}

TEST_F(PartiesTest, may_send_in_chunks) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  std::string large(500'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>((i * i) >> 9U);
  const std::string rcpt = "\r\nRCPT TO:<y@example.net>\r\n";
  mta->send(mail("a.example") + rcpt + "BDAT 5\r\n.\r\n\r\nBDAT 0 LAST\r\n" + mail("b.example") + rcpt +
            "BDAT 500000 LAST\r\n" + large + mail("a.example") + "\r\nQUIT\r\n");
  for (const char* const want :
       {"250 2.0.0 Ok", "250 2.0.0 Ok", "250 2.0.0 Taken", "250 2.0.0 Taken", "250 2.0.0 Ok", "250 2.0.0 Ok",
        "250 2.0.0 Taken", "250 2.0.0 Ok", "221 2.0.0 Bye"}) {
    EXPECT_EQ(mta->line(), want);
  }
  ASSERT_TRUE(ended(3));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example", "a.example"}));
  ASSERT_EQ(messages().size(), 2U);
  EXPECT_EQ(messages()[0], ".\r\n\r\n");
  EXPECT_TRUE(messages()[1] == large);
}

TEST_F(PartiesTest, are_signed_for_behind_tls_too) {
  const std::string capabilities = std::string("250-STARTTLS\r\n") + for_parties;
  const ScriptedServer server({smtp(capabilities)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  send_message(*mta, "a.example", "one");
  send_message(*mta, "b.example", "two");
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(2));
  EXPECT_EQ(signers(), Texts({"a.example", "b.example"}));
  mta->close();
  EXPECT_TRUE(log_says("tls=TLSv1.3 tls-level=may tls-result=encrypted identity=b.example result=signed"))
      << log();
}

TEST_F(PartiesTest, may_end_their_sending_with_the_last_command) {
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  mta->send(mail("a.example") + "\r\n" + mail("b.example") + "\r\nQUIT\r\n");
  mta->finish_sending();
  EXPECT_EQ(mta->line(), "250 2.0.0 Ok");
  EXPECT_EQ(mta->line(), "250 2.0.0 Ok");
  EXPECT_EQ(mta->line(), "221 2.0.0 Bye");
  EXPECT_TRUE(mta->closed());
  ASSERT_TRUE(ended(2));
}

// The server takes the octets of a large message late, and the reply to it comes late: the other party waits.
TEST_F(PartiesTest, wait_for_a_slow_server) {
  std::promise<void> go;
  std::atomic<int> lines = 0;
  const ScriptedServer server({[&go, &lines](Peer& peer) {
                                 peer.send("220 mx.example.com ESMTP\r\n");
                                 (void)peer.line();
                                 peer.send(std::string("250-mx.example.com\r\n") + for_parties);
                                 (void)peer.line();
                                 peer.send("235 2.7.0 Ok\r\n");
                                 (void)peer.line();
                                 peer.send("250 2.0.0 Ok\r\n");
                                 (void)peer.line();
                                 peer.send("354 Go ahead\r\n");
                                 go.get_future().wait();
                                 while (peer.line() != ".") ++lines;
                                 peer.send("250 2.0.0 Taken\r\n");
                               },
                               smtp(for_parties)});
  start(server.endpoint());
  const auto mta = connect_and_greet();
  const std::string line(998, 'x');
  std::string large;
  for (int i = 0; i < 8000; ++i) large += line + "\r\n";
  auto sent = std::async(std::launch::async, [&] {
    mta->send(mail("a.example") + "\r\nDATA\r\n" + large + ".\r\n" + mail("b.example") + "\r\nQUIT\r\n");
  });
  EXPECT_EQ(mta->line(), "250 2.0.0 Ok");
  EXPECT_EQ(mta->line(), "354 Go ahead");
  EXPECT_EQ(statistics().connections, 1U);
  go.set_value();
  EXPECT_EQ(mta->line(), "250 2.0.0 Taken");
  EXPECT_EQ(mta->line(), "250 2.0.0 Ok");
  EXPECT_EQ(mta->line(), "221 2.0.0 Bye");
  sent.wait();
  ASSERT_TRUE(ended(1));
  EXPECT_EQ(signers(), Texts({"b.example"}));
  EXPECT_EQ(lines, 8000);
}

// Ten messages of any parties, by DATA or in chunks, with or without RSET, in pieces of any size.
class PartiesAtRandom : public PartiesTest, public testing::WithParamInterface<unsigned> {
 protected:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string transaction(const std::string& domain, const std::string& text) {
    std::string octets = mail(domain) + "\r\nRCPT TO:<y@example.net>\r\n";
    replies_ += 2;
    if (below(2) == 0) {
      octets += "DATA\r\n" + text + ".\r\n";
      replies_ += 2;
    } else {
      const std::size_t first = below(text.size());
      octets += "BDAT " + std::to_string(first) + "\r\n" + text.substr(0, first);
      octets += "BDAT " + std::to_string(text.size() - first) + " LAST\r\n" + text.substr(first);
      replies_ += 2;
    }
    if (below(3) == 0) {
      octets += "RSET\r\n";
      ++replies_;
    }
    return octets;
  }

  std::mt19937 random_{GetParam()};
  int replies_ = 0;
};

TEST_P(PartiesAtRandom, lose_double_and_mix_up_nothing) {
  static const std::vector<std::string> domains{"a.example", "b.example", "unsigned.example",
                                                "other.example"};
  static const std::vector<std::string> signed_as{"a.example", "b.example", "-", "example.org"};
  const ScriptedServer server({smtp(for_parties)});
  start(server.endpoint());
  std::string octets;
  std::vector<std::pair<std::string, std::string>> wanted;  // message and signer
  for (int i = 0; i < 10; ++i) {
    const std::size_t party = below(domains.size());
    const std::string text = std::to_string(i) + std::string(below(3000), 'x') + "\r\n";
    octets += transaction(domains[party], text);
    wanted.emplace_back(text, signed_as[party]);
  }
  const auto mta = connect_and_greet();
  auto sent = std::async(std::launch::async, [&] {
    std::mt19937 random(GetParam());
    for (std::size_t at = 0, size = 0; at < octets.size(); at += size) {
      size = 1 + random() % 2000;
      mta->send(octets.substr(at, size));
    }
  });
  for (int i = 0; i < replies_; ++i) EXPECT_TRUE(mta->line().substr(0, 1).find_first_of("23") == 0) << i;
  sent.wait();
  EXPECT_EQ(mta->ask("QUIT"), "221 2.0.0 Bye");
  ASSERT_TRUE(ended(server.connections()));
  std::vector<std::pair<std::string, std::string>> got;
  const Texts connection_signers = signers();
  const std::vector<Seen> connections = seen();
  for (std::size_t i = 0; i < connection_signers.size(); ++i) {
    for (const std::string& message : connections[i].messages)
      got.emplace_back(message, connection_signers[i]);
  }
  EXPECT_TRUE(got == wanted);
}

INSTANTIATE_TEST_SUITE_P(Sessions, PartiesAtRandom, testing::Range(0U, 12U));

}  // namespace
}  // namespace tecs::test
