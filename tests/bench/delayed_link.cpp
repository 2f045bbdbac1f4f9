// A link of two network interfaces on which every packet is under way for a time that is given, as on a long
// cable: what netem(8) does, for kernels that have none.
//
//     delayed-link MILLISECONDS NAME-OF-ONE-END NAME-OF-THE-OTHER
//
// Makes the interfaces, says "linked", and carries packets until it is ended. An end may be moved to another
// name space. Needs root, and /dev/net/tun.
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void give_up(const std::string& reason) {
  throw std::runtime_error(reason);
}

int make_interface(const std::string& name) {
  const int device = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) give_up("cannot open /dev/net/tun");
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(device, TUNSETIFF, &request) != 0) give_up("cannot make the interface " + name);
  return device;
}

struct Packet {
  SteadyClock::time_point due;
  std::vector<char> octets;
};

// One direction.
class Way {
 public:
  Way(int from, int to, std::chrono::milliseconds delay) noexcept : from_(from), to_(to), delay_(delay) {}

  void take() {
    std::array<char, 65'536> space{};
    for (long octets = 0; (octets = ::read(from_, space.data(), space.size())) > 0;) {
      under_way_.push_back({SteadyClock::now() + delay_, {space.data(), space.data() + octets}});
    }
  }
  void deliver() {
    while (!under_way_.empty() && under_way_.front().due <= SteadyClock::now()) {
      const std::vector<char>& octets = under_way_.front().octets;
      (void)!::write(to_, octets.data(), octets.size());  // one that is lost is sent again by TCP
      under_way_.pop_front();
    }
  }
  [[nodiscard]] SteadyClock::time_point next() const {
    return under_way_.empty() ? SteadyClock::time_point::max() : under_way_.front().due;
  }
  [[nodiscard]] int from() const noexcept { return from_; }

 private:
  int from_;
  int to_;
  std::chrono::milliseconds delay_;
  std::deque<Packet> under_way_;
};

[[noreturn]] void carry(Way there, Way back) {
  std::array<pollfd, 2> ends{pollfd{there.from(), POLLIN, 0}, pollfd{back.from(), POLLIN, 0}};
  for (;;) {
    const auto next = std::min(there.next(), back.next());
    const auto left = std::max(next - SteadyClock::now(), SteadyClock::duration::zero());
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec time{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    const bool waits = next == SteadyClock::time_point::max();
    (void)::ppoll(ends.data(), ends.size(), waits ? nullptr : &time, nullptr);
    for (Way* way : {&there, &back}) {
      way->take();
      way->deliver();
    }
  }
}

int run(const std::vector<std::string>& words) {
  if (words.size() != 3) give_up("say MILLISECONDS NAME NAME");
  const std::chrono::milliseconds delay{std::stol(words[0])};
  const int one = make_interface(words[1]);
  const int other = make_interface(words[2]);
  std::cout << "linked" << std::endl;
  carry({one, other, delay}, {other, one, delay});
}

}  // namespace

int main(int count, char** words) {
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "delayed-link: " << error.what() << '\n';
    return 1;
  }
}
