#include "signer/transaction_watch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "signer/identity.hpp"
#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_letter(char octet) noexcept {
  return (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
}

// Servers skip what is no letter in various ways, so no command may hide behind a blank or a tab.
std::string_view from_verb(std::string_view line) {
  return {std::ranges::find_if(line, is_letter), line.end()};
}

std::string verb_in(std::string_view line) {
  line = from_verb(line);
  return upper_case({line.begin(), std::ranges::find_if_not(line, is_letter)});
}

// Behind these nobody could read along: TLS, both sides changing places (RFC 2645 and RFC 821), and what old
// servers take for MAIL (RFC 821 section 3.4).
bool hides_what_follows(std::string_view verb) {
  static constexpr std::array<std::string_view, 6> verbs{"STARTTLS", "ATRN", "TURN", "SEND", "SOML", "SAML"};
  return std::ranges::find(verbs, verb) != verbs.end();
}

struct Chunk {
  std::uint64_t size;
  bool last;
};

// RFC 3030 section 2: "BDAT" SP chunk-size [ SP "LAST" ]. Anything that one server could read otherwise than
// another is none: they would not agree on where the next command begins.
std::optional<Chunk> parse_chunk(std::string_view line) {
  static constexpr std::size_t before_size = 5;
  static constexpr std::size_t maximum_digits = 18;  // fits every server that counts in 64 bits
  if (line.size() <= before_size || line[before_size - 1] != ' ') return std::nullopt;
  line.remove_prefix(before_size);
  const std::string_view digits = line.substr(0, line.find(' '));
  Chunk chunk{};
  const auto* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, chunk.size);
  if (error != std::errc() || stopped != end || digits.size() > maximum_digits) return std::nullopt;
  line.remove_prefix(digits.size());
  if (line.empty()) return chunk;
  chunk.last = verb_in(line) == "LAST" && line.size() == sizeof " LAST" - 1;
  return chunk.last ? std::optional(chunk) : std::nullopt;
}

}  // namespace

std::size_t TransactionWatch::mta_sent(std::string_view octets) {
  std::size_t passed = 0;
  while (state_ == State::going && passed < octets.size()) {
    const std::string_view rest = octets.substr(passed);
    std::size_t step = 0;
    if (next_ == Next::message) {
      step = pass_message(rest);
    } else if (next_ == Next::chunk) {
      step = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_, rest.size()));
      chunk_ -= step;
      if (chunk_ == 0) next_ = Next::command;
    } else {
      step = pass_line(rest);
    }
    passed += step;
    settle();
    if (step == 0) break;
  }
  return passed;
}

std::string_view TransactionWatch::upstream_sent(std::string_view octets) {
  if (next_ != Next::hello_reply) {
    read_reply(octets);
    settle();
    return octets;
  }
  if (state_ == State::failed) return {};
  // The replies to what came before EHLO are of no interest; its own is the last.
  std::size_t before = 0;
  while (before < octets.size() && outstanding_ > 1) read_reply(octets.substr(before++, 1));
  to_mta_.assign(octets.substr(0, before));
  octets.remove_prefix(before);
  octets.remove_prefix(read_hello_reply(octets));
  if (state_ != State::failed) to_mta_.append(octets);
  read_reply(octets);
  settle();
  return to_mta_;
}

void TransactionWatch::read_reply(std::string_view octets) {
  replies_.read(octets, [this](int code) { on_reply(code); });
}

// Gives how many of the octets belong to it.
std::size_t TransactionWatch::read_hello_reply(std::string_view octets) {
  // Octet by octet, as the counter may see the end of the reply elsewhere, behind half a line of junk.
  std::size_t size = 0;
  while (size < octets.size() && next_ == Next::hello_reply) {
    const std::string_view octet = octets.substr(size++, 1);
    read_reply(octet);
    const auto shown = hello_.replied(octet);
    if (!shown || hello_.awaited() != (next_ == Next::hello_reply)) {
      // Whether the server took the name is not known, and so not whose mail comes next. The MTA has not seen
      // anything of the reply: this takes its place.
      failure_ = {"421 4.5.0", "the server's reply to EHLO cannot be read"};
      state_ = State::failed;
      return size;
    }
    to_mta_.append(*shown);
  }
  return size;
}

bool TransactionWatch::between_transactions() const noexcept {
  return state_ == State::going && next_ == Next::command && outstanding_ == 0 && !transaction_ &&
         !replies_.within_reply() && counted();
}

std::size_t TransactionWatch::pass_message(std::string_view octets) {
  const MessageEnd::Step step = message_end_.next(octets);
  if (step.found == MessageEnd::Found::ambiguous) {
    // A server that took this dot for the end would run what follows as commands: mail that nobody sent, with
    // this party's signature.
    fail("554 5.6.0", "the message has a line of a dot alone that a bare CR or LF begins or ends");
  }
  if (step.found == MessageEnd::Found::end) {
    next_ = Next::command;
    // A server that answered in the middle of the message answers no more.
    const bool answered = std::exchange(answered_, false);
    if (answered) {
      transaction_ = false;
    } else {
      ending_ = true;
      ++outstanding_;
    }
  }
  return step.octets;
}

std::size_t TransactionWatch::pass_line(std::string_view octets) {
  const std::size_t end = octets.find('\n');
  const std::string_view line = octets.substr(0, end == std::string_view::npos ? end : end + 1);
  const bool may_be_long = next_ == Next::response || (line.size() > maximum_line && verb_in(line) == "AUTH");
  if (line.size() > (may_be_long ? maximum_response : maximum_line)) {
    fail("500 5.5.2", "a line of the MTA is too long");
    return 0;
  }
  if (end == std::string_view::npos) return 0;
  const std::string_view text = line.substr(0, line.size() - std::min(line.size(), line_end.size()));
  if (!line.ends_with(line_end) ||
      text.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos) {
    fail("500 5.5.2", "a line of the MTA holds a NUL, a bare CR or a bare LF");
    return 0;
  }
  if (next_ == Next::response) {
    next_ = Next::response_reply;
  } else if (!pass_command(text)) {
    return 0;
  }
  ++outstanding_;
  return line.size();
}

// False: it must not be passed on, at least not now.
bool TransactionWatch::pass_command(std::string_view line) {
  const std::string verb = verb_in(line);
  if (verb == "MAIL") return pass_mail(line);
  if (verb == "BDAT") return pass_chunk_size(line);
  if (hides_what_follows(verb)) {
    fail("421 4.7.0", "the MTA said a command that is not offered");
    return false;
  }
  // A fresh connection would not know of these, so the MTA was not told of them.
  if (verb == "XCLIENT" || verb == "XFORWARD") {
    fail("503 5.5.1", "the MTA said a command that is not offered");
    return false;
  }
  if (verb == "DATA") next_ = Next::data_reply;
  if (verb == "AUTH") next_ = Next::response_reply;
  if (verb == "RSET") ending_ = true;
  if (verb == "EHLO" || verb == "HELO") pass_hello(verb, line);
  return true;
}

bool TransactionWatch::pass_mail(std::string_view line) {
  // RFC 4954 section 4: after an AUTH of the MTA's own there can be no other, and on a fresh connection the
  // MTA would not be logged in. Nobody has signed for this one, so nobody is made to answer for the mail.
  const bool anybody = logged_in_ && !signed_;
  const std::optional<Identity>& of_hello = hello_.identity();
  if (!anybody && (of_hello ? *of_hello : choice_.at_mail(line)) != connection().identity) {
    waiting_ = Waiting::for_hand_over;
    return false;
  }
  transaction_ = true;
  ending_ = false;
  return true;
}

bool TransactionWatch::pass_chunk_size(std::string_view line) {
  const auto chunk = parse_chunk(line);
  if (!chunk) {
    fail("501 5.5.4", "the chunk size of BDAT cannot be read");
    return false;
  }
  chunk_ = chunk->size;
  if (chunk_ != 0) next_ = Next::chunk;
  if (chunk->last) ending_ = true;
  return true;
}

// RFC 5321 section 4.1.4: it begins anew, as RSET does, if the server takes it.
void TransactionWatch::pass_hello(std::string_view verb, std::string_view line) {
  hello_.said(from_verb(line), verb == "HELO");
  next_ = Next::hello_reply;
}

void TransactionWatch::on_reply(int code) noexcept {
  if (outstanding_ == 0) {
    // The MTA may take one that nothing was said for, perhaps a 421, for the reply to what it says next.
    if (next_ == Next::message && !answered_) {
      answered_ = true;
    } else {
      counted_ = false;
    }
    return;
  }
  --outstanding_;
  if (outstanding_ == 0) {
    on_last_reply(code);
  } else if (code / 100 == 3) {
    counted_ = false;  // to a command after which there is nothing to go on with
  }
}

// Nothing was passed on after the command that this is the reply to.
void TransactionWatch::on_last_reply(int code) noexcept {
  const bool go_on = code / 100 == 3;
  if (next_ == Next::data_reply) {
    // When DATA is refused there is no message, and the server takes what follows for commands: so does this.
    if (go_on) message_end_ = MessageEnd();
    next_ = go_on ? Next::message : Next::command;
  } else if (next_ == Next::response_reply) {
    if (code / 100 == 2) logged_in_ = true;
    next_ = go_on ? Next::response : Next::command;
  } else if (next_ == Next::hello_reply) {
    if (code / 100 == 2) transaction_ = false;
    if (go_on) counted_ = false;
    next_ = Next::command;
  } else if (go_on) {
    counted_ = false;
  }
  if (std::exchange(ending_, false)) transaction_ = false;
}

bool TransactionWatch::awaits_reply() const noexcept {
  return next_ == Next::data_reply || next_ == Next::response_reply || next_ == Next::hello_reply;
}

void TransactionWatch::fail(std::string_view status, std::string_view reason) {
  failure_ = {status, reason};
  waiting_ = Waiting::for_failure;
}

// What the MTA is told, or what follows on another connection, must not come between the replies to what it
// said before.
void TransactionWatch::settle() noexcept {
  if (state_ == State::hand_over || state_ == State::failed) return;
  const bool whole = !replies_.within_reply();
  const bool quiet = whole && outstanding_ == 0;
  state_ = awaits_reply() ? State::held : State::going;
  if (waiting_ == Waiting::no) return;
  state_ = State::held;
  if (waiting_ == Waiting::for_failure) {
    if (quiet || (whole && !counted())) state_ = State::failed;
    return;
  }
  if (whole && !counted()) {
    failure_ = {"421 4.5.0",
                "the replies of the server cannot be told apart, and this sender needs another connection"};
    state_ = State::failed;
  } else if (quiet && logged_in_) {
    failure_ = {"421 4.7.0", "the MTA has logged in, and this sender needs another connection"};
    state_ = State::failed;
  } else if (quiet) {
    state_ = State::hand_over;
  }
}

}  // namespace tecs
