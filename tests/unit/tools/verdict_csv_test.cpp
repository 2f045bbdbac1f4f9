#include "tools/verdict_csv.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using test::full_verdict;

// The field `helo` of the line made for a verdict with this HELO.
std::string helo_field(const std::string& helo) {
  Verdict verdict = full_verdict();
  verdict.helo = helo;
  const std::string line = format_csv(verdict);
  const std::string before = "2001:db8::/48,";
  const std::size_t begin = line.find(before) + before.size();
  return line.substr(begin, line.find(",TLSv1.3", begin) - begin);
}

TEST(VerdictCsv, HeadingHasTheNamesOfAllFields) {
  EXPECT_EQ(csv_heading(),
            "id,time,receiver,server,client,client_network,helo,tls,result,reason,detail,domain,"
            "organizational_domain,selector,"
            "algorithm,key_bits,dnssec,testing,epoch,epoch_offset,credential,key_record,reputation,"
            "reputation_source,score,"
            "symbols,action,mode,messages,recipients,bytes,duration,dns_time,verification_time\r\n");
}

TEST(VerdictCsv, ALineHasAllFields) {
  EXPECT_EQ(format_csv(full_verdict()),
            "0190163d-8694-739b-aea5-966c26f8ad90,2026-01-01T00:00:00.789Z,mx.example.net,[2001:db8::25]:25,"
            "[2001:db8::7]:40213,2001:db8::/48,mail.jgc.org,TLSv1.3,fail,signature-mismatch,"
            "\"the signature is not by the key of "
            "jgc.org\",mail.jgc.org,jgc.org,sel,rsa-sha256,2048,true,true,1767225600,"
            "-30,"
            "YT1yc2Etc2hhMjU2OyBkPWpnYy5vcmc7IGI9QUFBQQ==,\"k=rsa; "
            "p=MIIBIjANBgkqhkiG9w0B\",bad,dns:rep.example.net,10.2,\"TECS_FAIL,REP_BAD\","
            "reject,monitor,2,3,5000000000,1234567,2345,18\r\n");
}

TEST(VerdictCsv, WhatIsAbsentIsEmpty) {
  Verdict verdict = full_verdict();
  verdict.epoch.reset();
  verdict.epoch_offset.reset();
  verdict.score.reset();
  EXPECT_NE(format_csv(verdict).find(",true,true,,,YT1y"), std::string::npos);
  EXPECT_NE(format_csv(verdict).find(",dns:rep.example.net,,\"TECS"), std::string::npos);
}

TEST(VerdictCsv, QuotesByRfc4180) {
  struct Row {
    std::string helo;
    std::string want;
  };
  for (const Row& row : {Row{"plain", "plain"}, Row{"", ""}, Row{"a,b", "\"a,b\""}, Row{"a\"b", "\"a\"\"b\""},
                         Row{"\"", "\"\"\"\""}, Row{" a", "\" a\""}}) {
    EXPECT_EQ(helo_field(row.helo), row.want);
  }
}

TEST(VerdictCsv, ASpreadsheetTakesNothingForAFormula) {
  struct Row {
    std::string helo;
    std::string want;
  };
  for (const Row& row : {
           Row{"=1+1", "'=1+1"},
           Row{"+1", "'+1"},
           Row{"-1", "'-1"},
           Row{"@SUM(A1)", "'@SUM(A1)"},
           Row{"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
           Row{"a=1", "a=1"},
           Row{"\t=1", "?=1"},
           Row{"\r\n1", "??1"},
           Row{"\x1b[2J", "?[2J"},
       }) {
    EXPECT_EQ(helo_field(row.helo), row.want);
  }
}

}  // namespace
}  // namespace tecs
