// Plays dialogues with an AuthProtocol. They are written as "c -> line" (the MTA sends), "c <- line" (it
// receives), "verify address response" (what is handed on to be verified), "challenge address" (of whom one
// is asked for) and "tell text" (what it is), "result reason-or-domain" (what came of it) and "closed" or
// "broken" for the two ways to end. A '|' stands for TAB.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "milter/auth_protocol.hpp"

namespace tecs::test {

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::string with_tabs(std::string text) {
  std::replace(text.begin(), text.end(), '|', '\t');
  return text;
}

inline Verification verification_of(const std::string& text) {
  if (text.find('.') == std::string::npos) {
    if (text == "dns-timeout") return failed_verification({Reason::dns_timeout, "no answer"});
    if (text == "key-revoked")
      return failed_verification({Reason::key_revoked, "the domain has revoked this key"});
    return failed_verification({Reason::signature_mismatch, "not one of this\tconnection\n\x7f"});
  }
  Verification verification;
  verification.result = Result::pass;
  verification.domain = *Domain::parse(text);
  return verification;
}

// Plays what the MTA sends, in pieces of so many octets, and writes down what comes of it in the same words.
class Player {
 public:
  explicit Player(std::size_t piece) : piece_(piece) { drain(); }

  void say(const std::string& octets) {
    for (std::size_t at = 0; at < octets.size() && !ended_; at += piece_) {
      protocol_.received(octets.substr(at, piece_));
      drain();
    }
  }
  void result(const std::string& text) {
    protocol_.answer(verification_of(text));
    drain();
  }
  void tell(const std::string& challenge) {
    protocol_.challenge(challenge);
    drain();
  }
  // What the test itself does in these lines of a script.
  void play(std::span<const std::string> lines) {
    for (const std::string& line : lines) {
      if (line.starts_with("c -> ")) say(with_tabs(line.substr(5)) + "\n");
      if (line.starts_with("result ")) result(line.substr(7));
      if (line.starts_with("tell ")) tell(line.substr(5));
    }
  }
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  void drain() {
    while (!ended_) {
      auto action = protocol_.next();
      if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
        EXPECT_TRUE(write->octets.ends_with('\n'));
        for (const std::string& line : lines_of(write->octets)) seen_ += "c <- " + line + "\n";
      } else if (const auto* const request = std::get_if<AuthProtocol::Authenticate>(&action)) {
        const auto& client = request->origin.client;
        seen_ += "verify " + (client ? client->format() : "?") + " " + request->response + "\n";
        return;
      } else if (const auto* const asked = std::get_if<AuthProtocol::Challenge>(&action)) {
        const auto& client = asked->origin.client;
        seen_ += "challenge " + (client ? client->format() : "?") + "\n";
        return;
      } else if (const auto* const close = std::get_if<AuthProtocol::Close>(&action)) {
        seen_ += close->error ? "broken\n" : "closed\n";
        ended_ = true;
      } else {
        return;
      }
    }
  }

  AuthProtocol protocol_{AuthGreeting{77, 3, "00ff"}};
  std::size_t piece_;
  std::string seen_;
  bool ended_ = false;
};

// Everything of the script but what the test itself does.
inline std::string expected_of(const std::string& script) {
  std::string expected;
  for (const std::string& line : lines_of(script)) {
    if (!line.starts_with("c -> ") && !line.starts_with("result ") && !line.starts_with("tell "))
      expected += with_tabs(line) + "\n";
  }
  return expected;
}

inline std::string play(const std::string& script, std::size_t piece) {
  Player player(piece);
  player.play(lines_of(script));
  return player.seen();
}

}  // namespace tecs::test
