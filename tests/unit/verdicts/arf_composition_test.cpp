#include "verdicts/arf_composition.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/complaint_samples.hpp"
#include "verdicts/complaint_claim.hpp"

namespace tecs {
namespace {

using test::replaced;
using test::SignedConnection;
using testing::HasSubstr;
using testing::Not;

const std::string id = "0190163d-8694-739b-aea5-966c26f8ad90";

ArfComposition composition() {
  return {.from = "postmaster@mx.example.net",
          .to = "complaints@rep.example",
          .date = std::chrono::sys_seconds{std::chrono::seconds{1767229200}},
          .user_agent = "tecs/1",
          .feedback_type = "abuse"};
}

// What a report that another program made tells this message by.
std::string told_apart(const std::string& reported) {
  const std::size_t mbox = reported.starts_with("From ") ? reported.find('\n') + 1 : 0;
  return parse_arf(test::ArfText{.reported = reported.substr(mbox), .boundary = "other"}.mail())->message;
}

// What is written is read again, whatever was reported.
TEST(ArfComposition, IsReadAsItIsWritten) {
  const std::string header = "Message-ID: <1@sender.example>\n\n";
  const SigningKey ed25519 = SigningKey::generate(KeyType::ed25519, 0).value();
  for (const SignedConnection& connection :
       {SignedConnection{}, SignedConnection{.destination = "[2001:db8::25]:25", .source = "[2001:db8::7]:1"},
        SignedConnection{.domain = std::string(63, 'a') + ".b.example", .key = ed25519}}) {
    for (const std::string& reported :
         {test::reported_message, replaced(test::reported_message, "\n", "\r\n"), header + "no line end",
          header + "--b1\nContent-Type: message/feedback-report\n\nFeedback-Type: fraud\n--b1--\n",
          header + "octets: \xff\xfe " + std::string(1, '\0') + "\n", header + std::string(100000, 'x'),
          "From spammer Thu Jan  1 00:00:00 2026\n" + test::reported_message,
          header + "From the start\n.\n"}) {
      for (const bool header_only : {false, true}) {
        ArfComposition made = composition();
        made.header_only = header_only;
        const bool too_long = reported.find(std::string(1000, 'x')) != std::string::npos;
        if (!header_only && (too_long || reported.find('\0') != std::string::npos)) continue;
        const Verdict verdict = connection.verdict(id);
        const auto mail = compose_arf(made, verdict, reported);
        ASSERT_TRUE(mail) << mail.error().sentence;
        for (const std::string& delivered : {*mail, replaced(*mail, "\n", "\r\n")}) {
          const auto message = parse_arf(delivered);
          ASSERT_TRUE(message) << message.error().detail << "\n" << delivered;
          EXPECT_EQ(message->message, told_apart(reported));
          EXPECT_EQ(message->reporter, "mx.example.net");
          const auto claim = read_claim(*message, made.date);
          ASSERT_TRUE(claim) << claim.error().detail << "\n" << delivered;
          EXPECT_EQ(claim->feedback_type, "abuse");
          EXPECT_EQ(claim->verdict->id, id);
          EXPECT_EQ(claim->verdict->receiver, "mx.example.net");
          EXPECT_EQ(claim->credential->auth, verdict.credential);
          EXPECT_EQ(claim->credential->epoch->time(), *verdict.epoch);
          EXPECT_EQ(claim->credential->tuple.source().format(), connection.source);
          EXPECT_EQ(claim->credential->tuple.destination().format(), connection.destination);
          EXPECT_EQ(claim->source_address->format(), Endpoint::parse(connection.source)->address().format());
          EXPECT_EQ(claim->source_port, Endpoint::parse(connection.source)->port());
          EXPECT_EQ(claim->reported_domains.front().text(), connection.domain);
          EXPECT_EQ(claim->arrival_date, *verdict.epoch);
        }
      }
    }
  }
}

TEST(ArfComposition, HasTheHeaderOfAReport) {
  const std::string mail =
      compose_arf(composition(), SignedConnection{}.verdict(id), test::reported_message).value();
  for (const std::string line :
       {"From: postmaster@mx.example.net\n", "To: complaints@rep.example\n",
        "Date: Thu, 01 Jan 2026 01:00:00 +0000\n", "Subject: Complaint about sender.example\n",
        "Auto-Submitted: auto-generated\n", "MIME-Version: 1.0\n", "\nReporting-MTA: dns; mx.example.net\n",
        "\nSource-Port: 40213\n", "\nBuy.\n"})
    EXPECT_THAT(mail, HasSubstr(line));
  ArfComposition header_only = composition();
  header_only.header_only = true;
  const std::string less =
      compose_arf(header_only, SignedConnection{}.verdict(id), test::reported_message).value();
  EXPECT_THAT(less, HasSubstr("Content-Type: text/rfc822-headers"));
  EXPECT_THAT(less, HasSubstr("Subject: cheap watches"));
  EXPECT_THAT(less, Not(HasSubstr("Buy.")));
}

// Who got the message is nobody's business; and two who complain of the same one say the same.
TEST(ArfComposition, LeavesOutWhoGotIt) {
  const std::string reported =
      "Return-Path: <bounce@sender.example>\r\ndelivered-to: a\r\n b@example.net\r\nX-Original-To : c@d\r\n"
      "Received: by mx.example.net\r\n\tfor somebody\r\nBCC: e@f\r\nBcc-Note: stays\r\nSubject: x\r\n\r\n"
      "Delivered-To: stays\r\n";
  for (const bool header_only : {false, true}) {
    ArfComposition made = composition();
    made.header_only = header_only;
    const std::string mail = compose_arf(made, SignedConnection{}.verdict(id), reported).value();
    EXPECT_THAT(mail, HasSubstr("\n\nReceived: by mx.example.net\n"));
    EXPECT_THAT(mail, HasSubstr("for somebody\nBcc-Note: stays\nSubject: x\n"));
    EXPECT_EQ(mail.find("Delivered-To: stays") == std::string::npos, header_only);
    EXPECT_EQ(parse_arf(mail)->message,
              told_apart("Received: by mx.example.net\n\tfor somebody\nBcc-Note: stays\nSubject: x\n\n"));
  }
}

// RFC 5321 section 4.5.3.1.6; what does not fit would arrive as another message.
TEST(ArfComposition, EnclosesWhatMailCarriesUnharmed) {
  const auto compose = [](const std::string& reported, bool header_only) {
    ArfComposition made = composition();
    made.header_only = header_only;
    return compose_arf(made, SignedConnection{}.verdict(id), reported);
  };
  const std::string header = "Subject: x\n";
  EXPECT_TRUE(compose(header + "\n" + std::string(998, 'x') + "\r\n", false));
  for (const std::string& reported :
       {header + "\n" + std::string(999, 'x') + "\n", header + "\n" + std::string(999, 'x'),
        header + "\n" + std::string(1, '\0'), "Subject: " + std::string(999, 'x') + "\n\nx\n",
        std::string("Subject: \0\n\nx\n", 14)}) {
    const auto whole = compose(reported, false);
    ASSERT_FALSE(whole);
    EXPECT_THAT(whole.error().sentence, HasSubstr("--no-content"));
    const auto less = compose(reported, true);
    ASSERT_TRUE(less);
    EXPECT_THAT(*less, HasSubstr("Content-Transfer-Encoding: quoted-printable"));
    EXPECT_THAT(*less, Not(HasSubstr(std::string(1, '\0'))));
    EXPECT_THAT(*less, Not(HasSubstr(std::string(200, 'x'))));
    EXPECT_EQ(parse_arf(*less)->message, told_apart(reported));
  }
}

// The epoch that matched is the one that was signed, not the receiver's own.
TEST(ArfComposition, NamesTheEpochThatWasSigned) {
  Verdict verdict = SignedConnection{}.verdict(id);
  *verdict.epoch += std::chrono::seconds{30};
  verdict.epoch_offset = std::chrono::seconds{-30};
  EXPECT_THAT(compose_arf(composition(), verdict, "a: b\n\n").value(), HasSubstr(" epoch=1767225600;"));
}

TEST(ArfComposition, RefusesWhatWouldNotCount) {
  const Verdict good = SignedConnection{}.verdict(id);
  const auto with = [&](auto change) {
    Verdict verdict = good;
    change(verdict);
    return verdict;
  };
  struct Row {
    std::string test;
    Verdict verdict;
    std::string reported;
  };
  for (const Row& row : {
           Row{"a failure", with([](Verdict& v) { v.result = Result::fail; }), "a: b\n\n"},
           Row{"no port", with([](Verdict& v) { v.client = "192.0.2.7"; }), "a: b\n\n"},
           Row{"no credential", with([](Verdict& v) { v.credential.clear(); }), "a: b\n\n"},
           Row{"no message", good, ""},
           Row{"nothing but line ends", good, "\r\n\n"},
           Row{"nothing but an mbox line", good, "From x"},
       }) {
    SCOPED_TRACE(row.test);
    const auto mail = compose_arf(composition(), row.verdict, row.reported);
    ASSERT_FALSE(mail);
    EXPECT_EQ(mail.error().reason, Reason::protocol_error);
  }
  for (const std::string address : {"", "a", "@b.example", "a@", "a@b", "a b@c.example", "a@b.example\nX: y",
                                    "<a@b.example>", "a@b.example, c@d.example"}) {
    SCOPED_TRACE(address);
    ArfComposition wrong = composition();
    wrong.to = address;
    EXPECT_EQ(compose_arf(wrong, good, "a: b\n\n").error().reason, Reason::bad_option);
  }
}

}  // namespace
}  // namespace tecs
