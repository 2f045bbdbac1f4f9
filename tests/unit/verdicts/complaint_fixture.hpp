// Complaints that are decided with a store and a DNS of the test's own.
#pragma once

#include <string>
#include <vector>

#include "unit/verdicts/complaint_samples.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "verdicts/complaint_decision.hpp"

namespace tecs::test {

inline const std::string first_id = "0190163d-8694-739b-aea5-966c26f8ad90";
inline const std::string second_id = "0190163d-8694-739b-aea5-966c26f8ad91";
inline const std::string key_name = "_domainkey.sender.example";

// The domain's key stands in DNS; the store is empty unless a test writes to it.
class ComplaintFixture : public StoreUnderTest {
 protected:
  ComplaintFixture() { dns_.publish(key_name, format_key_record(sender_key())); }

  void keep(const Verdict& verdict) { ASSERT_TRUE(verdict_store().write({&verdict, 1})); }
  // A pass at another time, which shows with which key the domain signed then.
  void keep_pass(const SigningKey& key, std::chrono::seconds later, const std::string& id) {
    Verdict verdict = SignedConnection{}.verdict(id);
    verdict.time += later;
    *verdict.epoch += later;
    verdict.client = "198.51.100.8:1";
    verdict.key_record = kept_record(key);
    keep(verdict);
  }

  Expected<Complaint> decide(const std::string& mail) {
    return decide_complaint(mail, now_, {database(), dns_, suffixes_, ArfMessage::maximum_octets, limits_});
  }
  // "status reason", or "undecided reason".
  std::string outcome(const std::string& mail) {
    const auto complaint = decide(mail);
    if (!complaint) return "undecided " + std::string(word(complaint.error().reason));
    return std::string(word(complaint->status)) + " " + std::string(word(complaint->reason));
  }
  std::vector<Complaint> book() {
    std::vector<Complaint> complaints;
    EXPECT_TRUE(select_complaints(database(), {}, [&](const Complaint& complaint) {
      complaints.push_back(complaint);
      return true;
    }));
    return complaints;
  }
  static std::string about(const SignedConnection& connection, int message) {
    return replaced(complaint_about(connection), "<1@", "<" + std::to_string(message) + "@");
  }

  const SignedConnection connection_;
  Verdict::Time now_ = connection_.verdict(first_id).time + std::chrono::hours{24};
  ComplaintLimits limits_;
  const PublicSuffixList suffixes_ = PublicSuffixList::load().value();
  ComplaintDns dns_;
};

}  // namespace tecs::test
