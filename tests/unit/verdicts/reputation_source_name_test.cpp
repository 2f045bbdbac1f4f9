#include "verdicts/reputation_source_name.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(ReputationSourceName, IsReadAsItIsWritten) {
  const auto file = ReputationSourceName::parse("file:/etc/tecs/reputation.list");
  ASSERT_TRUE(file) << file.error().sentence;
  EXPECT_EQ(file->text(), "file:/etc/tecs/reputation.list");
  EXPECT_EQ(std::get<ReputationSourceName::File>(file->place()).path, "/etc/tecs/reputation.list");

  const auto texts = ReputationSourceName::parse("dns:Rep.Example.net");
  ASSERT_TRUE(texts) << texts.error().sentence;
  EXPECT_EQ(texts->text(), "dns:rep.example.net");
  EXPECT_EQ(std::get<ReputationSourceName::Zone>(texts->place()).zone.text(), "rep.example.net");
  EXPECT_TRUE(std::get<ReputationSourceName::Zone>(texts->place()).addresses.empty());

  const auto store = ReputationSourceName::parse("store");
  ASSERT_TRUE(store) << store.error().sentence;
  EXPECT_EQ(store->text(), "store");
  EXPECT_TRUE(std::holds_alternative<ReputationSourceName::Store>(store->place()));
}

TEST(ReputationSourceName, SaysWhatTheAddressesOfAListMean) {
  const auto name =
      ReputationSourceName::parse("dns:rep.example.net?127.0.0.2=bad,127.0.1.3=Medium,127.0.0.4=good");
  ASSERT_TRUE(name) << name.error().sentence;
  EXPECT_EQ(name->text(), "dns:rep.example.net") << "a name for logs has no map";
  const ReputationSourceName::AddressMap want{{*IpAddress::parse("127.0.0.2"), Reputation::bad},
                                              {*IpAddress::parse("127.0.1.3"), Reputation::medium},
                                              {*IpAddress::parse("127.0.0.4"), Reputation::good}};
  EXPECT_EQ(std::get<ReputationSourceName::Zone>(name->place()).addresses, want);
}

TEST(ReputationSourceName, RefusesWhatItIsNot) {
  std::string many = "dns:rep.example.net?127.0.0.2=bad";
  for (int i = 0; i < 64; ++i) many += ",127.0.2." + std::to_string(i) + "=bad";
  struct Row {
    std::string text;
    std::string_view want;
  };
  for (const Row& row : {
           Row{"", "one of file:PATH, dns:ZONE,"},
           Row{"/etc/tecs/reputation.list", "one of file:PATH, dns:ZONE,"},
           Row{"file:", "one of file:PATH, dns:ZONE,"},
           Row{"Store", "one of file:PATH, dns:ZONE,"},
           Row{"store:x", "one of file:PATH, dns:ZONE,"},
           Row{"dns:", "behind dns: stands the zone"},
           Row{"dns:rep", "behind dns: stands the zone"},
           Row{"dns:rep.example.net.", "behind dns: stands the zone"},
           Row{"dns:rep example.net", "behind dns: stands the zone"},
           Row{"dns:?127.0.0.2=bad", "behind dns: stands the zone"},
           Row{"dns:rep.example.net?", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?127.0.0.2", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?127.0.0.2=", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?127.0.0.2=worse", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?127.0.0.2=bad,", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?127.0.0.2=bad, 127.0.0.3=bad", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?bad=127.0.0.2", "behind the ? stand an address and good,"},
           Row{"dns:rep.example.net?192.0.2.1=bad", "192.0.2.1 cannot mean a reputation"},
           Row{"dns:rep.example.net?::1=bad", "::1 cannot mean a reputation"},
           Row{"dns:rep.example.net?127.0.0.1=bad", "127.0.0.1 cannot mean a reputation"},
           Row{"dns:rep.example.net?127.255.255.254=bad", "127.255.255.254 cannot mean a reputation"},
           Row{"dns:rep.example.net?127.0.0.2=bad,127.0.0.2=good", "127.0.0.2 stands twice"},
           Row{many, "too many addresses"},
       }) {
    const auto name = ReputationSourceName::parse(row.text);
    ASSERT_FALSE(name) << row.text;
    EXPECT_EQ(name.error().reason, Reason::bad_option) << row.text;
    EXPECT_EQ(name.error().sentence.substr(0, row.want.size()), row.want) << row.text;
  }
}

TEST(ReputationSourceName, KnowsAListsErrors) {
  struct Row {
    std::string_view address;
    bool want;
  };
  for (const Row& row :
       {Row{"127.0.0.2", false}, Row{"127.0.0.0", false}, Row{"127.255.254.255", false},
        Row{"127.254.255.255", false}, Row{"127.255.255.0", true}, Row{"127.255.255.254", true},
        Row{"126.0.0.2", true}, Row{"128.0.0.2", true}, Row{"0.0.0.0", true}, Row{"203.0.113.9", true},
        Row{"7f00:2::", true}, Row{"::1", true}}) {
    EXPECT_EQ(is_list_error(*IpAddress::parse(row.address)), row.want) << row.address;
  }
}

}  // namespace
}  // namespace tecs
