#include "tools/lookup.hpp"

#include "tecs/key_record.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Below the 1024 bits that a signing key needs, so it cannot be made here. From test case 16.
constexpr const char* record_of_512_bits =
    "v=DKIM1; k=rsa; "
    "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK9Zx9K7zCOG/v4qu7KGHeVBoAY1fYeSQE4d8rkJN94LM3H6u1K31HTmbQ1MfqJDdJMO"
    "R6AGowBoFUO3mapCf70CAwEAAQ==";

class Lookup : public CommandTest {
 protected:
  Ran lookup(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"lookup", "--domain", "example.org"});
    return run(more);
  }
  void publish(const std::string& name, std::vector<std::string> texts, bool dnssec = false) {
    dns_[name] = TxtAnswer{.texts = std::move(texts), .ttl = std::chrono::seconds{3600}, .dnssec = dnssec};
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
  const std::string record_ = format_key_record(key_);
};

TEST_F(Lookup, ShowsAUsableKey) {
  publish("_domainkey.example.org", {record_}, true);
  const Ran ran = lookup();
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "_domainkey.example.org: 1 TXT record, ttl 3600 s, dnssec yes\n"
            "  record 1: a key record: ed25519, 256 bits\n"
            "    v=DKIM1\n"
            "    k=ed25519\n"
            "    p=" +
                record_.substr(record_.find("p=") + 2) +
                "\n"
                "_tecs.example.org: no TXT record\n"
                "  not used: verifiers stop at _domainkey.example.org\n"
                "\n"
                "Usable: ed25519, 256 bits, at _domainkey.example.org.\n");
}

TEST_F(Lookup, ASelectorHasOneName) {
  publish("s1._domainkey.example.org", {record_});
  const Ran ran = lookup({"--selector", "s1"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, AllOf(StartsWith("s1._domainkey.example.org: 1 TXT record"), Not(HasSubstr("_tecs"))));
}

TEST_F(Lookup, SaysWhatIsWrong) {
  struct Row {
    std::string name;
    FakeDns dns;
    ExitCode want_code;
    std::vector<std::string> want;
  };
  const auto at = [](std::vector<std::string> texts) { return TxtAnswer{.texts = std::move(texts)}; };
  const std::string first = "_domainkey.example.org";
  const std::string second = "_tecs.example.org";
  const SigningKey weak = *SigningKey::generate(KeyType::rsa, 1024);
  for (const Row& row : {
           Row{"nothing",
               {},
               ExitCode::failed,
               {"_domainkey.example.org: no TXT record", "_tecs.example.org: no TXT record",
                "\nNo key record: a signature of this domain is permerror.\n"}},
           Row{"policy record, key at the second name",
               {{first, at({"o=~; r=a@example.org"})}, {second, at({record_})}},
               ExitCode::ok,
               {"record 1: skipped: it has no p=, so it is not a key record\n    o=~\n    r=a@example.org\n",
                "\nUsable: ed25519, 256 bits, at _tecs.example.org.\n"}},
           Row{"policy record beside the key",
               {{first, at({"o=~", record_})}},
               ExitCode::ok,
               {"2 TXT records", "record 1: skipped", "record 2: a key record"}},
           Row{"second name unused",
               {{first, at({record_})}, {second, at({record_})}},
               ExitCode::ok,
               {"  not used: verifiers stop at _domainkey.example.org\n"}},
           Row{"several keys",
               {{first, at({record_, record_})}, {second, at({record_})}},
               ExitCode::failed,
               {"  wrong: more than one key record stands at this name (permerror)\n",
                "  not used: verifiers stop at",
                "\nNot usable: no signature of this domain can pass. See _domainkey.example.org above.\n"}},
           Row{"revoked",
               {{first, at({"v=DKIM1; p="})}},
               ExitCode::failed,
               {"record 1: a key record: revoked\n", "  wrong: an empty p=: the key is revoked (fail)\n"}},
           Row{"testing",
               {{first, at({record_ + "; t=y"})}},
               ExitCode::ok,
               {"record 1: a key record: ed25519, 256 bits, testing\n",
                "  remark: t=y, the domain is testing"}},
           Row{"weak",
               {{first, at({format_key_record(weak)})}},
               ExitCode::ok,
               {"  remark: receivers may give a key of fewer than 2048 bits less weight\n",
                "Usable: rsa, 1024 bits"}},
           Row{"too short",
               {{first, at({record_of_512_bits})}},
               ExitCode::failed,
               {"  wrong: 512 bits are fewer than the 1024 that verifiers accept (policy)\n", "Not usable"}},
           Row{"not base64",
               {{first, at({"k=rsa; p=!!!"})}},
               ExitCode::failed,
               {"record 1: a key record that cannot be used: p= is not base64\n",
                "  wrong: p= is not base64 (permerror)"}},
           Row{"for other uses",
               {{first, at({record_ + "; s=web"})}},
               ExitCode::failed,
               {"s= lists neither *, email nor tecs"}},
           Row{"not a tag-list",
               {{first, at({"p=x; p=y"})}},
               ExitCode::failed,
               {"\n    p=x; p=y\n", "  wrong: "}},
           Row{"too much",
               {{first, at({std::string(17000, 'x') + "; " + record_})}},
               ExitCode::failed,
               {"  wrong: more than 16 KiB", " octets)\n"}},
           Row{"dns fails",
               {{first, failure(Reason::dns_timeout, "192.0.2.53 gave no answer in time")}},
               ExitCode::temporary,
               {"_domainkey.example.org: no answer\n",
                "  wrong: 192.0.2.53 gave no answer in time (temperror)\n",
                "\nNot known: _domainkey.example.org could not be looked up; try again later.\n"}},
           Row{"dns fails for the name that is not needed",
               {{first, at({record_})}, {second, failure(Reason::dns_error, "SERVFAIL")}},
               ExitCode::ok,
               {"_tecs.example.org: no answer\n  wrong: SERVFAIL (temperror)\n  not used: ", "\nUsable: "}},
       }) {
    SCOPED_TRACE(row.name);
    dns_ = row.dns;
    const Ran ran = lookup();
    EXPECT_EQ(ran.code, row.want_code);
    for (const std::string& want : row.want) EXPECT_THAT(ran.out, HasSubstr(want));
  }
}

TEST_F(Lookup, WhateverStandsInDnsIsPrintedAsAscii) {
  publish("_domainkey.example.org",
          {"p=\x1b]0;title\x07\n\xff", "n=\x1b[2J; p=AAAA", std::string("p=\0; o=~", 8)});
  for (const char character : lookup().out) {
    EXPECT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f)) << static_cast<int>(character);
  }
}

TEST_F(Lookup, ReadsAZoneFile) {
  const std::string zone = write("zone", "$ORIGIN example.org.\n_domainkey 60 IN TXT \"" + record_ + "\"\n");
  const Ran ran = lookup({"--zone", zone});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, StartsWith("_domainkey.example.org: 1 TXT record, ttl 60 s, dnssec no\n"));
  EXPECT_EQ(asked_resolver_, "");
}

TEST_F(Lookup, FindsWhatKeygenPrinted) {
  const Ran made = run({"keygen", "--domain", "example.org", "--bits", "4096", "--out", path("k.pem")});
  const Ran ran = lookup({"--zone", write("zone", made.out)});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, EndsWith("\nUsable: rsa, 4096 bits, at _domainkey.example.org.\n"));
}

TEST_F(Lookup, RefusesBadOptions) {
  EXPECT_EQ(run({"lookup"}).code, ExitCode::usage);
  EXPECT_EQ(run({"lookup", "--domain", "org"}).code, ExitCode::usage);
  EXPECT_EQ(lookup({"--selector", ".."}).code, ExitCode::usage);
  EXPECT_EQ(lookup({"--resolver", "192.0.2.53"}).code, ExitCode::usage);
  const std::string broken = write("zone", "\nexample.org. 60 IN TXT \"\n");
  const Ran ran = lookup({"--zone", broken});
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_THAT(ran.err, StartsWith("tecs lookup: " + broken + ":"));
}

}  // namespace
}  // namespace tecs
