// What an MTA and a server say to each other, in pieces: the first octet of each says who speaks and how long
// it is. The watch must agree, piece by piece, with a reference that is slow and simple: it keeps all that
// was said and looks at it again.
#include <cstdlib>
#include <vector>

#include "signer/identity_match.hpp"
#include "signer/transaction_watch.hpp"
#include "tecs/octets.hpp"

namespace {

using namespace tecs;
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

const Parties& parties() {
  static const Parties all;
  return all;
}

std::string verb_of_line(const std::string& line) {
  std::string verb;
  for (const char octet : line) {
    const bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    if (!letter && !verb.empty()) break;
    if (letter) verb.push_back(static_cast<char>(octet & ~0x20));
  }
  return verb;
}

bool bad_line(const std::string& line) {
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

  void server(const std::string& piece) {
    for (const char octet : piece) {
      server_line_.push_back(octet);
      if (octet == '\n')
        reply_line(std::exchange(server_line_, {}));
      else if (server_line_.size() > 1 && server_line_[server_line_.size() - 2] == '\r')
        sure_ = false;
      if (octet == '\0') sure_ = false;
    }
    decide();
  }

  [[nodiscard]] State state() const {
    if (!decided_.empty()) return decided_ == "hand over" ? State::hand_over : State::failed;
    const bool waits = !wanted_.empty() || mode_ == "data reply" || mode_ == "response reply";
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
    if (line.size() > (mode_ == "response" ? 12'288U : 2048U)) return wish("500 5.5.2");
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
      if (!anybody && (hello_ ? *hello_ : parties().choice().at_mail(line)) != own)
        return wish("hand over") != 0;
    }
    if (verb == "STARTTLS" || verb == "TURN" || verb == "ATRN" || verb == "SEND" || verb == "SOML" ||
        verb == "SAML")
      return wish("421 4.7.0") != 0;
    if (verb == "BDAT" && !chunk(line)) return wish("501 5.5.4") != 0;
    if (verb == "DATA") mode_ = "data reply";
    if (verb == "AUTH") mode_ = "response reply";
    if (verb == "EHLO" || verb == "HELO") {
      std::size_t begin = line.find_first_of(" \t");
      while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
      const std::string name = begin < line.size() ? line.substr(begin) : "";
      hello_ = parties().choice().at_hello(name.substr(0, name.find_first_of(" \t")));
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
    if (code == "421") closing_ = true;
    if (due_ == 0) {
      if (mode_ == "message" && !answered_)
        answered_ = true;
      else if (code != "421")
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
    } else if (more) {
      sure_ = false;
    }
  }

  void decide() {
    if (!decided_.empty() || wanted_.empty()) return;
    const bool whole = server_line_.empty() && code_.empty();
    const bool quiet = whole && due_ == 0;
    if (wanted_ != "hand over") {
      if (quiet || (whole && !sure_)) decided_ = wanted_;
    } else if (whole && (closing_ || !sure_)) {
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
  std::optional<Identity> hello_;
  unsigned long long chunk_ = 0;
  unsigned due_ = 0;
  bool sure_ = true;
  bool closing_ = false;
  bool answered_ = false;
  bool logged_in_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  std::string_view octets = text_of({input, size});
  if (octets.empty()) return 0;
  const bool is_signed = octets.front() != '-';
  octets.remove_prefix(1);
  TransactionWatch watch(parties().choice(), is_signed ? parties().a : nullptr, is_signed);
  Reference reference(is_signed);
  std::string kept;
  while (!octets.empty()) {
    const auto head = static_cast<std::uint8_t>(octets.front());
    const std::string piece(octets.substr(1, head & 0x7FU));
    octets.remove_prefix(std::min(octets.size(), piece.size() + 1));
    if ((head & 0x80U) != 0) {
      watch.upstream_sent(piece);
      reference.server(piece);
    } else {
      kept += piece;
    }
    if (watch.state() != reference.state()) std::abort();
    if (watch.state() == State::going) {
      const std::size_t passed = watch.mta_sent(kept);
      if (passed != reference.mta(kept) || passed > kept.size()) std::abort();
      kept.erase(0, passed);
      if (watch.state() == State::going && kept.size() > TransactionWatch::maximum_response) std::abort();
    }
    if (watch.state() != reference.state()) std::abort();
    if (watch.state() == State::hand_over && kept.empty()) std::abort();
    if (watch.state() == State::hand_over || watch.state() == State::failed)
      return 0;  // the pump goes no further
  }
  return 0;
}
