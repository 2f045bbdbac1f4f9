// Sessions with everything they need, and what the doors do with them.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>
#include <string>

#include "milter/milter_session.hpp"
#include "unit/hand_clock.hpp"

namespace tecs::test {

inline Authentication pass(const char* domain) {
  Authentication made;
  made.verification.result = Result::pass;
  made.verification.domain = *Domain::parse(domain);
  made.credential = "QUJD";
  return made;
}

class SessionTest : public testing::Test {
 protected:
  [[nodiscard]] static MilterConnection connection() {
    return MilterConnection{*Endpoint::parse("198.51.100.7:40213"), *Endpoint::parse("192.0.2.25:25"), 11,
                            MtaSoftware::postfix, MilterReplies{true, true}};
  }
  std::unique_ptr<MilterSession> open(const MilterConnection& made = connection()) {
    return std::make_unique<MilterSession>(MilterSession::Parts{registry, clock, id, greylist, delays, log},
                                           std::make_shared<const ReceptionRules>(rules), made);
  }
  // What the SASL door does when the signature of this connection is verified.
  void mark(Authentication authentication) {
    const auto found = registry.candidates({*IpAddress::parse("198.51.100.7"), 40213, {}, {}, {}});
    ASSERT_EQ(found.size(), 1U);
    registry.mark(found[0].session, std::move(authentication), found[0].certain);
  }
  // For commands that nobody refuses.
  static void mail(MilterSession& session, const MilterSession::MailCommand& command = {}) {
    EXPECT_FALSE(session.mail(command));
  }
  static void recipient(MilterSession& session) { EXPECT_FALSE(session.recipient("c@d.example", "virtual")); }

  HandClock clock;
  SessionRegistry registry;
  AuthservId id = *AuthservId::parse("mx.example.net");
  std::ostringstream logged;
  std::shared_ptr<spdlog::logger> log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(logged));
  Greylist greylist{":memory:", clock, log};
  DelayGate delays;
  ReceptionRules rules;
};

}  // namespace tecs::test
