#include "signer/farewell.hpp"

#include <asio/post.hpp>
#include <utility>

namespace tecs {
namespace {

// A fast sender gives way to the other connections after so many scratch spaces full.
constexpr int turns = 4;

}  // namespace

void Farewell::start(std::string reply, std::weak_ptr<void> owner, std::function<void()> done) {
  reply_ = std::move(reply);
  owner_ = std::move(owner);
  done_ = std::move(done);
  go_on();
}

void Farewell::go_on() {
  if (tell() || drain()) return;
  mta_.close();
  std::exchange(done_, nullptr)();
}

// True when something waits.
bool Farewell::tell() {
  while (!reply_.empty()) {
    const Transfer written = mta_.write_some(reply_);
    if (written.state != Transfer::State::done) return goes_on(written.state);
    reply_.erase(0, written.octets);
  }
  if (!std::exchange(told_, true)) mta_.finish_sending();
  return false;
}

bool Farewell::drain() {
  if (!told_) return false;
  for (int i = 0; i < turns; ++i) {
    const Transfer read = mta_.read_some(scratch_);
    if (read.state != Transfer::State::done) return goes_on(read.state);
  }
  asio::post(mta_.socket().get_executor(), [this, owner = owner_.lock()] { go_on(); });
  return true;
}

bool Farewell::goes_on(Transfer::State state) {
  if (state != Transfer::State::want_read && state != Transfer::State::want_write) return false;
  mta_.socket().async_wait(wait_for(state),
                           [this, owner = owner_.lock()](const asio::error_code&) { go_on(); });
  return true;
}

}  // namespace tecs
