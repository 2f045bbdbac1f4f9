#include "verdicts/tecs_credential_field.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/complaint_samples.hpp"

namespace tecs {
namespace {

using test::replaced;
using test::SignedConnection;

TEST(TecsCredentialField, GivesTheConnectionAndTheCredential) {
  const SignedConnection connection;
  const auto field = TecsCredentialField::parse(connection.field() + "; unknown=x");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->tuple.destination().format(), connection.destination);
  EXPECT_EQ(field->tuple.source().format(), connection.source);
  EXPECT_EQ(field->epoch->time().time_since_epoch().count(), connection.epoch);
  EXPECT_EQ(field->credential.domain.text(), connection.domain);
  EXPECT_EQ(field->auth, connection.credential());
  EXPECT_FALSE(TecsCredentialField::parse(replaced(connection.field(), "epoch", "other"))->epoch);
}

// Also when it was folded, by us or by somebody on the way.
TEST(TecsCredentialField, IsReadAsItIsWritten) {
  for (const SignedConnection& connection :
       {SignedConnection{}, SignedConnection{.destination = "[2001:db8::25]:25", .source = "[2001:db8::7]:1"},
        SignedConnection{.domain = "a.b.c.d.example", .epoch = 0}}) {
    const auto field = TecsCredentialField::parse(connection.field()).value();
    const std::string written = field.format();
    for (std::size_t start = 0; start < written.size();) {
      const std::size_t end = std::min(written.find('\n', start), written.size());
      EXPECT_LE(end - start, 76U);
      start = end + 1;
    }
    for (const std::string& text :
         {replaced(written, "\n", ""), replaced(written, "\n", "\r\n"), replaced(written, "\n ", " \t ")}) {
      const auto again = TecsCredentialField::parse(text);
      ASSERT_TRUE(again) << text;
      EXPECT_EQ(again->tuple, field.tuple);
      EXPECT_EQ(again->epoch, field.epoch);
      EXPECT_EQ(again->auth, field.auth);
    }
  }
}

TEST(TecsCredentialField, RefusesWhatIsNone) {
  const SignedConnection connection;
  const std::string good = connection.field();
  struct Row {
    std::string test;
    std::string text;
  };
  for (const Row& row : {
           Row{"nothing", ""},
           Row{"not a tag-list", "complaint"},
           Row{"a tag twice", good + "; epoch=30"},
           Row{"an unknown tag twice", good + "; x=1; x=2"},
           Row{"no destination", replaced(good, "destination=", "x=")},
           Row{"no source", replaced(good, "source=", "x=")},
           Row{"no credential", replaced(good, "auth=", "x=")},
           Row{"no port", replaced(good, "192.0.2.25:25", "192.0.2.25")},
           Row{"port 0", replaced(good, "192.0.2.25:25", "192.0.2.25:0")},
           Row{"a name", replaced(good, "192.0.2.25", "mx.example.net")},
           Row{"two families", replaced(good, "192.0.2.25:25", "[2001:db8::25]:25")},
           Row{"an epoch between", replaced(good, "1767225600", "1767225601")},
           Row{"a negative epoch", replaced(good, "1767225600", "-30")},
           Row{"an epoch beyond all times", replaced(good, "1767225600", "9223372036854775800")},
           Row{"an epoch with more", replaced(good, "1767225600", "1767225600s")},
           Row{"an empty epoch", replaced(good, "1767225600", "")},
           Row{"not base64", connection.field("%%%%")},
           Row{"no credential in the base64", connection.field("YWJj")},
           Row{"an encoded word", "=?utf-8?q?" + good + "?="},
           Row{"beyond ASCII", good + "; n=\xc3\xa4"},
           Row{"a NUL", good + std::string(1, '\0')},
           Row{"far too long", good + "; n=" + std::string(20000, 'x')},
       }) {
    SCOPED_TRACE(row.test);
    const auto field = TecsCredentialField::parse(row.text);
    ASSERT_FALSE(field);
    EXPECT_EQ(field.error().status, ComplaintStatus::malformed);
    EXPECT_EQ(field.error().reason, ComplaintReason::bad_field);
  }
}

}  // namespace
}  // namespace tecs
