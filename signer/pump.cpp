#include "signer/pump.hpp"

#include <asio/post.hpp>
#include <utility>

namespace tecs {
namespace {

// A fast sender gives way to the other connections after so many scratch spaces full.
constexpr int turns = 4;

}  // namespace

void Pump::start(std::string to_mta, std::string to_upstream, std::weak_ptr<void> owner,
                 std::function<void()> done) {
  ways_[0].rest = std::move(to_mta);
  ways_[1].rest = std::move(to_upstream);
  owner_ = std::move(owner);
  done_ = std::move(done);
  for (Way& way : ways_) begin(way);
  settle();
}

void Pump::stop() noexcept {
  broken_ = true;
  mta_.close();
  upstream_.close();
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
  if (way.from->holds_octets()) {
    move(way);
  } else {
    await(*way.from, Connection::Socket::wait_read, way);
  }
}

void Pump::move(Way& way) {
  for (int turn = 0; turn < turns; ++turn) {
    if (step(way) != Progress::again) return;
  }
  await_turn(way);
}

Pump::Progress Pump::step(Way& way) {
  const Progress flushed = flush(way);
  if (flushed != Progress::again) return flushed;
  const Transfer read = way.from->read_some(scratch_);
  if (read.state != Transfer::State::done) return after(way, *way.from, read.state);
  moved_ = true;
  way.octets += read.octets;

  std::string_view octets(scratch_.data(), read.octets);
  while (!octets.empty()) {
    const Transfer written = way.to->write_some(octets);
    if (written.state != Transfer::State::done) {
      way.rest.assign(octets);
      return after(way, *way.to, written.state);
    }
    octets.remove_prefix(written.octets);
  }
  // A space that was not filled means that the kernel has no more.
  if (read.octets == scratch_.size() || way.from->holds_octets()) return Progress::again;
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
      way.to->finish_sending();
      if (!ways_[0].ended || !ways_[1].ended) return Progress::ended;
      break;
    default:
      break;
  }
  stop();
  return Progress::ended;
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
  if (!broken_) move(way);
  settle();
}

void Pump::settle() {
  if (waiting_ == 0 && done_) std::exchange(done_, nullptr)();
}

}  // namespace tecs
