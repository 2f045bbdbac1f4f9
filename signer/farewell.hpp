// The last words to the MTA, and the end of its connection.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "signer/connection.hpp"

namespace tecs {

// What the MTA is still sending is read and thrown away until it has closed: with octets that nobody read,
// the kernel would break the connection, and the MTA might never see the reply. Used by one thread; the
// connection and the scratch space must outlive this.
class Farewell {
 public:
  Farewell(Connection& mta, std::span<char> scratch) noexcept : mta_(mta), scratch_(scratch) {}
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;

  // Called once. reply: perhaps empty. owner is what this is part of; it is kept alive while something waits.
  // done is called once, when the connection is closed: in a later turn of the loop, or before this returns.
  void start(std::string reply, std::weak_ptr<void> owner, std::function<void()> done);

  // Ends at once; done follows.
  void stop() noexcept { mta_.close(); }

 private:
  void go_on();
  [[nodiscard]] bool tell();
  [[nodiscard]] bool drain();
  [[nodiscard]] bool goes_on(Transfer::State state);

  Connection& mta_;
  std::span<char> scratch_;
  std::string reply_;
  bool told_ = false;
  std::weak_ptr<void> owner_;
  std::function<void()> done_;
};

}  // namespace tecs
