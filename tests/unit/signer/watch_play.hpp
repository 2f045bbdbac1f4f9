// Plays what passes between an MTA and a server to a TransactionWatch, as the pump does.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "signer/transaction_watch.hpp"

namespace tecs::test {

enum class Who { mta, server };

struct Turn {
  Who who;
  std::string octets;
};

inline Turn mta(std::string octets) {
  return {Who::mta, std::move(octets)};
}

inline Turn server(std::string octets) {
  return {Who::server, std::move(octets)};
}

// How it stands after the last turn.
struct WatchOutcome {
  TransactionWatch::State state = TransactionWatch::State::going;
  std::string passed{};  // to the server
  std::string kept{};
  std::string failure{};  // its status
  friend bool operator==(const WatchOutcome&, const WatchOutcome&) = default;
};
std::ostream& operator<<(std::ostream& out, const WatchOutcome& outcome);

inline WatchOutcome going(std::string passed, std::string kept = {}) {
  return {TransactionWatch::State::going, std::move(passed), std::move(kept), {}};
}
inline WatchOutcome held(std::string passed, std::string kept = {}) {
  return {TransactionWatch::State::held, std::move(passed), std::move(kept), {}};
}
inline WatchOutcome hand_over(std::string passed, std::string kept) {
  return {TransactionWatch::State::hand_over, std::move(passed), std::move(kept), {}};
}
inline WatchOutcome failed(std::string status, std::string passed, std::string kept) {
  return {TransactionWatch::State::failed, std::move(passed), std::move(kept), std::move(status)};
}

// Whose connection is watched.
enum class MadeFor { a, b_by_hello, nobody };

// a.example and c.example have one identity, which is the default too; b.example another, as sender and as
// HELO name; unsigned.example none. The MTA was told of SIZE and AUTH PLAIN.
class WatchPlay {
 public:
  explicit WatchPlay(MadeFor party);

  void take(Who who, std::string_view piece);

  [[nodiscard]] WatchOutcome outcome() const;
  // By the MTA.
  [[nodiscard]] const std::string& heard() const { return heard_; }
  [[nodiscard]] const TransactionWatch& watch() const { return watch_; }

 private:
  TransactionWatch watch_;
  std::string kept_;
  std::string passed_;
  std::string heard_;
};

struct WatchCase {
  const char* name;
  std::vector<Turn> turns;
  WatchOutcome want;
  MadeFor connection = MadeFor::a;
};

inline std::string name_of(const testing::TestParamInfo<WatchCase>& tested) {
  return tested.param.name;
}

// Each case is played whole, cut at every octet, and in single octets.
class Watched : public testing::TestWithParam<WatchCase> {};

inline const std::string mail_a = "MAIL FROM:<x@a.example>\r\n";
inline const std::string mail_b = "MAIL FROM:<x@b.example>\r\n";
inline const std::string mail_c = "MAIL FROM:<x@C.Example> SIZE=5\r\n";
inline const std::string mail_none = "MAIL FROM:<x@unsigned.example>\r\n";
inline const std::string rcpt = "RCPT TO:<y@example.net>\r\n";
inline const std::string group_a = mail_a + rcpt + "DATA\r\n";
inline const std::string group_b = mail_b + rcpt + "DATA\r\n";
inline const std::string go_on = "250 1\r\n250 2\r\n354 go\r\n";
inline const std::string ok = "250 ok\r\n";

}  // namespace tecs::test
