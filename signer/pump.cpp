#include "signer/pump.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

// A fast sender gives way to the other connections after so many scratch spaces full.
constexpr int turns = 4;

}  // namespace

void Pump::watch(TransactionWatch watch) {
  watched_ = std::make_unique<Watched>(Watched{std::move(watch)});
}

void Pump::start(std::string to_mta, std::string to_upstream, std::weak_ptr<void> owner,
                 std::function<void()> done) {
  ways_[0].rest = std::move(to_mta);
  if (!watched_) last_word_.add(to_upstream);
  (watched_ ? watched_->kept : ways_[1].rest) = std::move(to_upstream);
  owner_ = std::move(owner);
  done_ = std::move(done);
  for (Way& way : ways_) begin(way);
  follow_watch();
  settle();
}

void Pump::stop() noexcept {
  broken_ = true;
  ending_ = Ending::over;
  mta_.close();
  upstream_.close();
}

void Pump::leave() {
  if (ending_soon() || !watched_ || half_closed()) return;
  const bool stuck = !ways_[0].rest.empty() || !ways_[1].rest.empty() || !watched_->kept.empty();
  if (!stuck && watched_->watch.between_transactions()) end(Ending::left);
}

bool Pump::moved() noexcept {
  return std::exchange(moved_, false);
}

bool Pump::half_closed() const noexcept {
  return ways_[0].ended || ways_[1].ended;
}

// After the first octets there is a pause while the peer thinks: the kernel has no more to give yet.
void Pump::begin(Way& way) {
  if (broken_ || flush(way) != Progress::again) return;
  const bool offer = watched_ && &way == &ways_[1];
  if (offer || way.from->holds_octets()) {
    turn(way);
  } else {
    await(*way.from, Connection::Socket::wait_read, way);
  }
}

void Pump::move(Way& way) {
  turn(way);
  follow_watch();
}

void Pump::turn(Way& way) {
  for (int i = 0; i < turns; ++i) {
    if (step(way) != Progress::again) return;
  }
  await_turn(way);
}

Pump::Progress Pump::step(Way& way) {
  const Progress flushed = flush(way);
  if (flushed != Progress::again) return flushed;
  if (watched_ && &way == &ways_[1]) return step_watched();
  const Transfer read = way.from->read_some(scratch_);
  if (read.state != Transfer::State::done) return after(way, *way.from, read.state);
  way.octets += read.octets;
  std::string_view octets(scratch_.data(), read.octets);
  if (watched_) octets = watched_->watch.upstream_sent(octets);
  const Progress passed = pass_on(way, octets);
  return passed == Progress::again ? wait_for_more(way, read.octets) : passed;
}

// What was kept is offered to the watch again when its state has changed, and with what is read after it.
Pump::Progress Pump::step_watched() {
  Way& way = ways_[1];
  auto& [watch, kept, offered, parked] = *watched_;
  if (watch.state() != TransactionWatch::State::going) return park();
  Transfer read{Transfer::State::done};
  const bool reads = std::exchange(offered, true);
  if (reads) {
    read = way.from->read_some(scratch_);
    if (read.state != Transfer::State::done) return after(way, *way.from, read.state);
  }
  std::string_view octets(scratch_.data(), read.octets);
  std::string joined = std::exchange(kept, {});
  if (!joined.empty()) octets = joined.append(octets);
  const std::size_t count = watch.mta_sent(octets);
  kept.assign(octets.substr(count));
  offered = watch.state() == TransactionWatch::State::going;
  way.octets += count;
  const Progress passed = pass_on(way, octets.substr(0, count));
  if (passed != Progress::again) return passed;
  if (watch.state() != TransactionWatch::State::going) return park();
  return reads ? wait_for_more(way, read.octets) : Progress::again;
}

Pump::Progress Pump::park() noexcept {
  // A server that has ended says nothing more that could be waited for.
  if (ways_[0].ended) {
    end(Ending::abandoned);
    return Progress::ended;
  }
  watched_->parked = true;
  return Progress::waiting;
}

Pump::Progress Pump::pass_on(Way& way, std::string_view octets) {
  moved_ = true;
  if (&way == &ways_[1]) last_word_.add(octets);
  while (!octets.empty()) {
    const Transfer written = way.to->write_some(octets);
    if (written.state != Transfer::State::done) {
      way.rest.assign(octets);
      return after(way, *way.to, written.state);
    }
    octets.remove_prefix(written.octets);
  }
  return Progress::again;
}

// A space that was not filled means that the kernel has no more.
Pump::Progress Pump::wait_for_more(Way& way, std::size_t octets) {
  if (octets == scratch_.size() || way.from->holds_octets()) return Progress::again;
  await(*way.from, Connection::Socket::wait_read, way);
  return Progress::waiting;
}

Pump::Progress Pump::flush(Way& way) {
  if (way.rest.empty()) return Progress::again;
  while (way.taken < way.rest.size()) {
    const Transfer written = way.to->write_some(std::string_view(way.rest).substr(way.taken));
    if (written.state != Transfer::State::done) return after(way, *way.to, written.state);
    way.taken += written.octets;
    moved_ = true;
  }
  std::string().swap(way.rest);  // gives the memory back, which clear() would not
  way.taken = 0;
  return Progress::again;
}

Pump::Progress Pump::after(Way& way, Connection& connection, Transfer::State state) {
  switch (state) {
    case Transfer::State::want_read:
    case Transfer::State::want_write:
      await(connection, wait_for(state), way);
      return Progress::waiting;
    case Transfer::State::closed:
      if (&connection == way.to) break;
      way.ended = true;
      moved_ = true;  // from here on the limit for half-closed connections counts
      on_end(way);
      // While the MTA's way is parked only the server could have set it going again.
      if (watched_ && watched_->parked) {
        end(Ending::abandoned);
        return Progress::ended;
      }
      if (!ways_[0].ended || !ways_[1].ended) return Progress::ended;
      break;
    default:
      break;
  }
  stop();
  return Progress::ended;
}

// TLS has no half of a connection to close: a server that hears of the end drops what it has not said yet,
// and the MTA would send a mail again that has arrived. After QUIT the server ends by itself; else it is told
// when it has nothing more to say, for a mail that broke off is to be forgotten.
void Pump::on_end(Way& way) noexcept {
  end_held_ = &way == &ways_[1] && upstream_.has_tls() && !ways_[0].ended;
  if (!end_held_) way.to->finish_sending();
}

void Pump::pass_on_end() noexcept {
  if (!end_held_ || ending_soon() || last_word_.is_quit()) return;
  end_held_ = false;
  upstream_.finish_sending();
}

void Pump::LastWord::add(std::string_view octets) noexcept {
  octets.remove_prefix(octets.size() - std::min(octets.size(), last_.size()));
  std::ranges::copy(octets, std::shift_left(last_.begin(), last_.end(), static_cast<long>(octets.size())));
}

bool Pump::LastWord::is_quit() const noexcept {
  const std::string_view last(last_.data(), last_.size());
  return upper_case(last.substr(0, 4)) == "QUIT" && last.ends_with("\r\n");
}

// The server's replies may have changed what the MTA may say. All of them reach the MTA before anything that
// the signer does about it.
void Pump::follow_watch() {
  if (!watched_ || ending_soon()) return;
  auto& [watch, kept, offered, parked] = *watched_;
  if (parked && watch.state() == TransactionWatch::State::going) {
    parked = false;
    turn(ways_[1]);
  }
  if (ending_soon() || half_closed() || !ways_[0].rest.empty()) return;
  if (watch.state() == TransactionWatch::State::hand_over) end(Ending::hand_over);
  if (watch.state() == TransactionWatch::State::failed) end(Ending::refused);
}

void Pump::end(Ending ending) noexcept {
  ending_ = ending;
  asio::error_code ignored;
  mta_.socket().cancel(ignored);
  upstream_.socket().cancel(ignored);
}

void Pump::await(Connection& connection, Connection::Wait wait, Way& way) {
  ++waiting_;
  // An error of the socket shows when it is tried.
  connection.socket().async_wait(
      wait, [this, &way, owner = owner_.lock()](const asio::error_code&) { resume(way); });
}

void Pump::await_turn(Way& way) {
  ++waiting_;
  asio::post(way.from->socket().get_executor(), [this, &way, owner = owner_.lock()] { resume(way); });
}

void Pump::resume(Way& way) {
  --waiting_;
  if (!ending_soon()) move(way);
  settle();
}

void Pump::settle() {
  if (waiting_ == 0 && done_) std::exchange(done_, nullptr)();
}

}  // namespace tecs
