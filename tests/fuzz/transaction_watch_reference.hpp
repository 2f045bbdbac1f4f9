// What a TransactionWatch must do, slow and simple: it keeps all that was said and looks at it again.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "signer/identity_match.hpp"
#include "signer/transaction_watch.hpp"

namespace tecs::test {

using State = TransactionWatch::State;

struct Parties {
  Identity a;
  IdentityTable table;

  Parties()
      : a(std::make_shared<const Signer>(*Domain::parse("a.example"), std::nullopt,
                                         *SigningKey::generate(KeyType::ed25519, 0))),
        table(a) {
    (void)table.add(*IdentityMatch::parse("sender:b.example"), nullptr);
    (void)table.add(*IdentityMatch::parse("helo:b.example"), nullptr);
  }
  [[nodiscard]] IdentityChoice choice() const {
    return {table, {*IpAddress::parse("127.0.0.1"), 25}, *IpAddress::parse("192.0.2.1")};
  }
};

inline const Parties& parties() {
  static const Parties all;
  return all;
}

inline std::string verb_of_line(const std::string& line) {
  std::string verb;
  for (const char octet : line) {
    const bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    if (!letter && !verb.empty()) break;
    if (letter) verb.push_back(static_cast<char>(octet & ~0x20));
  }
  return verb;
}

inline bool bad_line(const std::string& line) {
  const std::string text = line.substr(0, line.size() < 2 ? 0 : line.size() - 2);
  return !line.ends_with("\r\n") || text.find('\r') != std::string::npos ||
         text.find('\0') != std::string::npos;
}

class Reference {
 public:
  explicit Reference(bool is_signed) : signed_(is_signed) {}

  // Gives how many octets pass.
  std::size_t mta(const std::string& offered) {
    std::size_t passed = 0;
    while (state() == State::going && passed < offered.size()) {
      const std::string rest = offered.substr(passed);
      std::size_t step = 0;
      if (mode_ == "message") {
        step = message(rest);
      } else if (mode_ == "chunk") {
        step = rest.size() < chunk_ ? rest.size() : static_cast<std::size_t>(chunk_);
        chunk_ -= step;
        if (chunk_ == 0) mode_ = "command";
      } else {
        step = line(rest);
      }
      passed += step;
      decide();
      if (step == 0) break;
    }
    return passed;
  }

  // Gives what the MTA hears of it.
  std::string server(const std::string& piece) {
    std::string heard;
    for (const char octet : piece) {
      const bool of_hello = mode_ == "hello reply" && due_ == 1;
      if (of_hello) {
        if (decided_.empty()) hello_reply_.push_back(octet);
      } else if (decided_ != "421 4.5.0") {
        heard.push_back(octet);
      }
      server_octet(octet);
      if (of_hello && decided_.empty()) heard += hello_so_far();
    }
    decide();
    return heard;
  }

  [[nodiscard]] State state() const {
    if (!decided_.empty()) return decided_ == "hand over" ? State::hand_over : State::failed;
    const bool waits = !wanted_.empty() || mode_.ends_with(" reply");
    return waits ? State::held : State::going;
  }

 private:
  std::size_t message(const std::string& rest) {
    const std::string before = "\r\n" + body_;
    const std::string all = before + rest;
    for (std::size_t dot = 2; dot + 1 < all.size(); ++dot) {
      const char ahead = all[dot - 1];
      const char behind = all[dot + 1];
      if (all[dot] != '.' || (ahead != '\r' && ahead != '\n') || (behind != '\r' && behind != '\n')) continue;
      const bool exact = ahead == '\n' && all[dot - 2] == '\r' && behind == '\r';
      if (exact && dot + 2 == all.size()) return keep(rest, dot + 1 - before.size());
      if (!exact || all[dot + 2] != '\n') {
        wanted_ = "554 5.6.0";
        return dot + 1 - before.size();
      }
      mode_ = "command";
      body_.clear();
      if (!answered_) ++due_;
      answered_ = false;
      return dot + 3 - before.size();
    }
    return keep(rest, rest.size());
  }

  std::size_t keep(const std::string& rest, std::size_t count) {
    body_ += rest.substr(0, count);
    return count;
  }

  std::size_t line(const std::string& rest) {
    const std::size_t end = rest.find('\n');
    const std::string line = end == std::string::npos ? rest : rest.substr(0, end + 1);
    const bool may_be_long = mode_ == "response" || verb_of_line(line) == "AUTH";
    if (line.size() > (may_be_long ? 12'288U : 2048U)) return wish("500 5.5.2");
    if (end == std::string::npos) return 0;
    if (bad_line(line)) return wish("500 5.5.2");
    if (mode_ == "response") {
      mode_ = "response reply";
    } else if (!command(line.substr(0, line.size() - 2))) {
      return 0;
    }
    ++due_;
    return line.size();
  }

  std::size_t wish(const char* what) {
    wanted_ = what;
    return 0;
  }

  bool command(const std::string& line) {
    const std::string verb = verb_of_line(line);
    if (verb == "MAIL") {
      const bool anybody = logged_in_ && !signed_;
      const Identity own = signed_ ? parties().a : nullptr;
      const auto of_hello = parties().choice().at_hello(hello_);
      if (!anybody && (of_hello ? *of_hello : parties().choice().at_mail(line)) != own)
        return wish("hand over") != 0;
    }
    if (verb == "STARTTLS" || verb == "TURN" || verb == "ATRN" || verb == "SEND" || verb == "SOML" ||
        verb == "SAML")
      return wish("421 4.7.0") != 0;
    if (verb == "XCLIENT" || verb == "XFORWARD") return wish("503 5.5.1") != 0;
    if (verb == "BDAT" && !chunk(line)) return wish("501 5.5.4") != 0;
    if (verb == "DATA") mode_ = "data reply";
    if (verb == "AUTH") mode_ = "response reply";
    if (verb == "EHLO" || verb == "HELO") {
      mode_ = "hello reply";
      as_helo_ = verb == "HELO";
      std::size_t begin = 0;
      while (isalpha(static_cast<unsigned char>(line[begin])) == 0) ++begin;
      begin = std::min(line.find_first_of(" \t", begin), line.size());
      while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
      const std::string name = line.substr(begin);
      said_ = name.substr(0, name.find_first_of(" \t"));
    }
    return true;
  }

  bool chunk(const std::string& line) {
    std::string rest = line.substr(4);
    if (line.find("AT") != 2 && verb_of_line(line.substr(0, 4)) != "BDAT") return false;
    if (rest.empty() || rest[0] != ' ') return false;
    std::size_t end = 1;
    while (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') ++end;
    if (end == 1 || end > 19) return false;
    if (end != rest.size() &&
        (rest.size() != end + 5 || rest[end] != ' ' || verb_of_line(rest.substr(end)) != "LAST"))
      return false;
    chunk_ = std::stoull(rest.substr(1, end - 1));
    if (chunk_ != 0) mode_ = "chunk";
    return true;
  }

  void server_octet(char octet) {
    server_line_.push_back(octet);
    if (octet == '\n')
      reply_line(std::exchange(server_line_, {}));
    else if (server_line_.size() > 1 && server_line_[server_line_.size() - 2] == '\r')
      sure_ = false;
    if (octet == '\0') sure_ = false;
  }

  // What the MTA hears of the reply to EHLO now that it has one octet more.
  std::string hello_so_far() {
    SmtpReplyReader reader;
    reader.append(hello_reply_);
    const auto reply = reader.next();
    if (!reply || reply->has_value() == (mode_ == "hello reply")) {
      decided_ = "421 4.5.0";
      return {};
    }
    if (!*reply) return {};
    const std::string octets = std::exchange(hello_reply_, {});
    if (!(*reply)->positive()) return octets;
    hello_ = said_;
    if (as_helo_) return octets;
    return EhloCapabilities(**reply)
        .shown(EhloCapabilities::Login::taken, EhloCapabilities::Forwarding::hidden)
        .format();
  }

  void reply_line(const std::string& line) {
    if (!line.ends_with("\r\n")) sure_ = false;
    const bool digits =
        line.size() > 3 && line[0] >= '2' && line[0] <= '5' && isdigit(line[1]) != 0 && isdigit(line[2]) != 0;
    const char after = line.size() > 4 ? line[3] : '\r';
    if (!digits || (after != ' ' && after != '-' && after != '\r')) {
      sure_ = false;
      return;
    }
    const std::string code = line.substr(0, 3);
    if (!code_.empty() && code_ != code) sure_ = false;
    code_ = after == '-' ? code : "";
    if (code_.empty()) reply(code);
  }

  void reply(const std::string& code) {
    if (due_ == 0) {
      if (mode_ == "message" && !answered_)
        answered_ = true;
      else
        sure_ = false;
      return;
    }
    --due_;
    const bool more = code[0] == '3';
    if (due_ == 0 && mode_ == "data reply") {
      mode_ = more ? "message" : "command";
    } else if (due_ == 0 && mode_ == "response reply") {
      if (code[0] == '2') logged_in_ = true;
      mode_ = more ? "response" : "command";
    } else {
      if (due_ == 0 && mode_ == "hello reply") mode_ = "command";
      if (more) sure_ = false;
    }
  }

  void decide() {
    if (!decided_.empty() || wanted_.empty()) return;
    const bool whole = server_line_.empty() && code_.empty();
    const bool quiet = whole && due_ == 0;
    if (wanted_ != "hand over") {
      if (quiet || (whole && !sure_)) decided_ = wanted_;
    } else if (whole && !sure_) {
      decided_ = "421";
    } else if (quiet) {
      decided_ = logged_in_ ? "421" : "hand over";
    }
  }

  bool signed_;
  std::string mode_ = "command";
  std::string body_;
  std::string server_line_;
  std::string code_;  // of a reply that goes on
  std::string wanted_;
  std::string decided_;
  std::string hello_ = "relay.example";  // the name that counts
  std::string said_;                     // the last one
  std::string hello_reply_;
  bool as_helo_ = false;
  unsigned long long chunk_ = 0;
  unsigned due_ = 0;
  bool sure_ = true;
  bool answered_ = false;
  bool logged_in_ = false;
};

}  // namespace tecs::test
