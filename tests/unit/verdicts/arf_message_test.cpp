#include "verdicts/arf_message.hpp"

#include <gtest/gtest.h>

#include "tecs/digest.hpp"
#include "unit/verdicts/complaint_samples.hpp"

namespace tecs {
namespace {

using test::ArfText;
using test::replaced;

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string base64_lines(const std::string& text) {
  const std::string digits = encode_base64(octets_of(text));
  std::string lines;
  for (std::size_t i = 0; i < digits.size(); i += 60) lines += digits.substr(i, 60) + "\n";
  return lines;
}

const std::string first_fields = ArfText{}.first_fields;

const std::string header_only = test::reported_message.substr(0, test::reported_message.find("\n\n") + 1);

// What tells the message with this header apart.
std::string told_by(const std::string& header) {
  return std::string(text_of(sha256(octets_of(header))));
}

TEST(ArfMessage, GivesTheFieldsAndWhatTellsTheMessageApart) {
  const auto message = parse_arf(ArfText{.fields = "Source-IP: 192.0.2.7\n"
                                                   "Arrival-Date: Thu, 8 Mar 2005 14:00:00 -0400\n"}
                                     .mail());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->fields.only("feedback-type").value(), "abuse");
  EXPECT_EQ(message->fields.only("source-ip").value(), "192.0.2.7");
  EXPECT_EQ(message->arrival_date->time_since_epoch().count(), 1110304800);
  EXPECT_EQ(message->reporter, "reporter.example");
  EXPECT_EQ(message->message, told_by(header_only));
}

TEST(ArfMessage, IsTheSameHoweverItIsWrapped) {
  const std::string fields = "TECS-Verdict: 0190163d-8694-739b-aea5-966c26f8ad90\n";
  const ArfText plain{.fields = fields};
  struct Row {
    std::string test;
    std::string mail;
  };
  for (const Row& row : {
           Row{"plain", plain.mail()},
           Row{"CRLF", replaced(plain.mail(), "\n", "\r\n")},
           Row{"mixed line ends", replaced(plain.mail(), "\n--b1", "\r\n--b1")},
           Row{"another boundary", ArfText{.fields = fields, .boundary = "=_ other:boundary"}.mail()},
           Row{"an mbox line", "From reporter@example Thu Jan  1 00:00:00 2026\n" + plain.mail()},
           Row{"the header only", ArfText{.fields = fields,
                                  .reported = header_only,
                                  .reported_header = "Content-Type: text/rfc822-headers\n"}
                                      .mail()},
           Row{"words in capitals", replaced(plain.mail(), "multipart/report; report-type=feedback-report",
                                             "Multipart/REPORT; Report-Type=\"Feedback-Report\"")},
           Row{"base64", ArfText{.fields = "",
                         .feedback_header = "Content-Type: message/feedback-report\n"
                                            "Content-Transfer-Encoding: base64\n",
                         .first_fields = base64_lines(first_fields + fields)}
                             .mail()},
           Row{"quoted-printable", ArfText{.fields = replaced(fields, "-", "=2D"),
                                   .feedback_header = "Content-Type: message/feedback-report\n"
                                                      "Content-Transfer-Encoding: quoted-printable\n",
                                   .first_fields = replaced(first_fields, "abuse", "=61bu=\nse")}
                                       .mail()},
           Row{"no close delimiter", replaced(plain.mail(), "--b1--\n", "")},
           Row{"a footer behind", plain.mail() + "-- \nA mailing list\n"},
           Row{"a part more",
               replaced(plain.mail(), "--b1--", "--b1\nContent-Type: text/html\n\n<p>\n--b1--")},
       }) {
    SCOPED_TRACE(row.test);
    const auto message = parse_arf(row.mail);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(message->fields.only("Feedback-Type").value(), "abuse");
    EXPECT_EQ(message->fields.only("TECS-Verdict").value(), "0190163d-8694-739b-aea5-966c26f8ad90");
    EXPECT_EQ(message->message, told_by(header_only));
  }
}

// The sender chooses the Message-ID, and the receiver what it writes above it.
TEST(ArfMessage, TheWholeHeaderTellsMessagesApart) {
  const auto message_of = [](const std::string& reported) {
    return parse_arf(ArfText{.reported = reported}.mail()).value().message;
  };
  EXPECT_EQ(message_of("Subject: a\n\nx\n"), message_of("Subject: a\r\n\r\nx\r\n"));
  EXPECT_NE(message_of("Subject: a\n\nx\n"), message_of("Subject: b\n\nx\n"));
  EXPECT_EQ(message_of("Subject: a\n\nx\n"), message_of("\r\nSubject: a\n\ny\n"));
  const std::string spam = "Message-ID: <1@b>\nSubject: a\n\nx\n";
  EXPECT_NE(message_of("Received: by mx.example.net; id 1\n" + spam),
            message_of("Received: by mx.example.net; id 2\n" + spam));
}

TEST(ArfMessage, TheReporterIsADomainOrNothing) {
  struct Row {
    std::string from;
    std::string want;
  };
  for (const Row& row : {
           Row{"a@b.example", "b.example"}, Row{"\"A, B\" <a@B.Example>, c@d.example", "b.example"},
           Row{"=?utf-8?q?A=00=0a?= <a@b.example>", "b.example"}, Row{"Group: a@b.example;", ""},
           Row{"a", ""}, Row{"a@localhost", ""}, Row{"<a@b.example\x1b[2J>", "b.example"}, Row{"", ""},
           Row{repeated("a:", 450), ""},                    // groups within groups
           Row{repeated("a:", 15000), ""},                  // as many as the header holds
           Row{repeated("(", 30000) + " a@b.example", ""},  // comments within comments
       }) {
    SCOPED_TRACE(row.from.substr(0, 40));
    const auto message = parse_arf(replaced(ArfText{}.mail(), "Reporter <abuse@Reporter.example>", row.from));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->reporter, row.want);
  }
}

TEST(ArfMessage, RefusesWhatIsNoFeedbackReport) {
  const ArfText plain;
  const std::string second = "--b1\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n";
  struct Row {
    std::string test;
    std::string mail;
    ComplaintReason want;
  };
  for (const Row& row : {
           Row{"nothing", "", ComplaintReason::not_arf},
           Row{"a NUL", std::string(1, '\0'), ComplaintReason::bad_field},
           Row{"an ordinary mail", test::reported_message, ComplaintReason::not_arf},
           Row{"another report", replaced(plain.mail(), "=feedback-report", "=delivery-status"),
               ComplaintReason::not_arf},
           Row{"no report-type", replaced(plain.mail(), "report-type=feedback-report;", ""),
               ComplaintReason::not_arf},
           Row{"another multipart", replaced(plain.mail(), "multipart/report", "multipart/mixed"),
               ComplaintReason::not_arf},
           Row{"no boundary", replaced(plain.mail(), "boundary=\"b1\"", "x=y"), ComplaintReason::not_arf},
           Row{"an empty boundary", replaced(plain.mail(), "boundary=\"b1\"", "boundary=\"\""),
               ComplaintReason::not_arf},
           Row{"another boundary", replaced(plain.mail(), "boundary=\"b1\"", "boundary=\"b2\""),
               ComplaintReason::not_arf},
           Row{"no report part", replaced(plain.mail(), "message/feedback-report", "text/plain"),
               ComplaintReason::not_arf},
           Row{"no message", replaced(plain.mail(), "message/rfc822", "text/plain"),
               ComplaintReason::not_arf},
           Row{"an empty message", ArfText{.reported = ""}.mail(), ComplaintReason::not_arf},
           Row{"two reports", replaced(plain.mail(), "--b1--", second + "--b1--"),
               ComplaintReason::contradiction},
           Row{"two messages",
               replaced(plain.mail(), "--b1--", "--b1\nContent-Type: message/rfc822\n\na: b\n\nc\n--b1--"),
               ComplaintReason::contradiction},
           Row{"two dates", ArfText{.fields = "Arrival-Date: x\nArrival-Date: y\n"}.mail(),
               ComplaintReason::contradiction},
           Row{"wrapped in another multipart",
               "Content-Type: multipart/mixed; boundary=o\n\n--o\n" + plain.mail() + "\n--o--\n",
               ComplaintReason::not_arf},
           Row{"forwarded", "Content-Type: message/rfc822\n\n" + plain.mail(), ComplaintReason::not_arf},
           Row{"a NUL in the header", "A: " + std::string(1, '\0') + "\n" + plain.mail(),
               ComplaintReason::bad_field},
           Row{"a NUL in the report", ArfText{.fields = "A: " + std::string(1, '\0') + "\n"}.mail(),
               ComplaintReason::bad_field},
           Row{"a long header", repeated("A: b\n", 20000) + plain.mail(), ComplaintReason::too_large},
           Row{"a long header of a part",
               ArfText{.reported_header = repeated("A: b\n", 20000) + "Content-Type: message/rfc822\n"}
                   .mail(),
               ComplaintReason::too_large},
           Row{"a long report", ArfText{.fields = "A: " + std::string(70000, 'x') + "\n"}.mail(),
               ComplaintReason::too_large},
           Row{"thousands of parts",
               replaced(plain.mail(), "--b1--", repeated("--b1\n\n", 100000) + "--b1--"),
               ComplaintReason::too_large},
       }) {
    SCOPED_TRACE(row.test);
    const auto message = parse_arf(row.mail);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().status, ComplaintStatus::malformed);
    EXPECT_EQ(message.error().reason, row.want) << message.error().detail;
  }
}

TEST(ArfMessage, IsBoundedInSize) {
  std::string mail = ArfText{.reported = test::reported_message}.mail();
  const std::size_t room = ArfMessage::maximum_octets - mail.size();
  mail = ArfText{.reported = test::reported_message + std::string(room, 'x')}.mail();
  ASSERT_EQ(mail.size(), ArfMessage::maximum_octets);
  EXPECT_TRUE(parse_arf(mail));
  const auto larger = parse_arf(mail + "x");
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().reason, ComplaintReason::too_large);
  EXPECT_FALSE(parse_arf(ArfText{}.mail(), 100));
}

// What is nested in the reported message is not looked at: GMime would build all of it, and with nested
// groups in an address field overflow the stack.
TEST(ArfMessage, WhatStandsInTheReportedMessageIsNotLookedAt) {
  std::string nested;
  for (int i = 0; i < 20000; ++i) {
    const std::string boundary = "n" + std::to_string(i);
    nested += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  struct Row {
    std::string test;
    std::string header;
    std::string body;
  };
  for (const Row& row : {
           Row{"nested multiparts", "Content-Type: multipart/mixed; boundary=n\n", nested},
           Row{"a million parts", "Content-Type: multipart/mixed; boundary=c\n",
               repeated("--c\n\n", 1000000)},
           Row{"messages in messages", "Content-Type: message/rfc822\n",
               repeated("Content-Type: message/rfc822\n\n", 100000)},
           Row{"a second report", "Subject: x\n", first_fields + "TECS-Verdict: x\n"},
           Row{"a report in a part of it", "Content-Type: multipart/mixed; boundary=c\n",
               "--c\nContent-Type: message/feedback-report\n\nFeedback-Type: fraud\n--c--\n"},
           Row{"groups within groups",
               "From: " + repeated("a:", 1000000) + "\nTo: " + repeated("a:", 1000000) + "\n", "x"},
           Row{"octets of all kinds", "Subject: x\n",
               [] {
                 std::string octets;
                 for (int i = 0; i < 1000; ++i) octets += static_cast<char>(i * 7);
                 return octets;
               }()},
       }) {
    SCOPED_TRACE(row.test);
    const auto message = parse_arf(ArfText{.reported = row.header + "\n" + row.body}.mail());
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(message->message, told_by(row.header));
    EXPECT_EQ(message->fields.only("Feedback-Type").value(), "abuse");
    EXPECT_EQ(message->fields.only("TECS-Verdict").value(), "");
    EXPECT_EQ(message->reporter, "reporter.example");
  }
}

// Cut anywhere it is refused, or what is read stood there before the cut.
TEST(ArfMessage, CutAnywhereItIsRefusedOrReadAsItStands) {
  const std::string mail =
      ArfText{.fields = "Source-IP: 192.0.2.7\nArrival-Date: Thu, 8 Mar 2005 14:00:00 -0400\n"}.mail();
  const std::size_t enough = mail.find("From: Spammer") + 1;
  for (std::size_t i = 0; i < mail.size(); ++i) {
    SCOPED_TRACE(i);
    const auto message = parse_arf(mail.substr(0, i));
    ASSERT_EQ(message.has_value(), i >= enough);
    if (!message) {
      EXPECT_EQ(message.error().status, ComplaintStatus::malformed);
      continue;
    }
    EXPECT_EQ(message->fields.only("Source-IP").value(), "192.0.2.7");
    EXPECT_EQ(message->arrival_date->time_since_epoch().count(), 1110304800);
    // The blank line ends the header; what is cut off behind it changes nothing.
    EXPECT_EQ(message->message == told_by(header_only), i >= mail.find("\n\nBuy.") + 1);
  }
}

// With an octet changed anywhere it is refused for what is wrong, or says what it said but for that octet.
TEST(ArfMessage, AChangedOctetChangesNothingElse) {
  const std::string mail = ArfText{.fields = "Source-IP: 192.0.2.7\n"}.mail();
  const std::size_t reported = mail.find("From: Spammer");
  const std::size_t part = mail.rfind("\n--b1", reported);  // which holds the message
  const std::size_t body = mail.find("\n\nBuy.") + 2;
  for (std::size_t i = 0; i < mail.size(); ++i) {
    for (const char octet : {'\0', '\n', '\r', ' ', ':', '-', '"', '=', '\xff'}) {
      SCOPED_TRACE(std::to_string(i) + " " + std::to_string(octet));
      std::string changed = mail;
      changed[i] = octet;
      const auto message = parse_arf(changed);
      if (!message) {
        EXPECT_EQ(message.error().status, ComplaintStatus::malformed);
        EXPECT_FALSE(i > reported && octet != '-' && octet != '\n' && octet != '\0')
            << message.error().detail;
      } else if (i < part) {
        EXPECT_EQ(message->message, told_by(header_only));
      } else if (i >= body) {
        EXPECT_EQ(message->message, told_by(header_only));
        EXPECT_EQ(message->fields.only("Source-IP").value(), "192.0.2.7");
      }
    }
  }
}

}  // namespace
}  // namespace tecs
