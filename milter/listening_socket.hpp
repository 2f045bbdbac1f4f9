// A socket that waits for connections, and what a unix socket leaves behind in the file system.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <string>

#include "tecs/adapters/door_address.hpp"
#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/error.hpp"

namespace tecs {

// While it lives, unix sockets that are made get mode 0660: whoever may write to such a socket may speak with
// the daemon, and the MTA comes as a member of the directory's group. The mask is one for the whole program
// (umask(2)), so this is for main() before there are threads.
class SocketFileMode {
 public:
  SocketFileMode() noexcept : former_(umask(0117)) {}
  ~SocketFileMode() { umask(former_); }
  SocketFileMode(const SocketFileMode&) = delete;
  SocketFileMode& operator=(const SocketFileMode&) = delete;

 private:
  mode_t former_;
};

// Removes the unix socket of a program that is gone. Fails with io_error when somebody answers there, when
// what stands there is no socket, or when it cannot be removed; nothing there, and every inet address, is
// well.
[[nodiscard]] Expected<void> remove_stale_socket(const DoorAddress& address);

// Removes the file of a unix socket at the end; says nothing if it is gone already.
void remove_socket_file(const DoorAddress& address) noexcept;

// Connects and hangs up at once, without waiting: whoever waits in accept(2) there wakes.
void knock(const DoorAddress& address) noexcept;

// Bound, listening, not blocking, closed on exec.
class ListeningSocket {
 public:
  // Removes a stale unix socket first, and its own file when it goes. Fails with io_error; the sentence names
  // the address.
  [[nodiscard]] static Expected<ListeningSocket> open(const DoorAddress& address);
  // Takes over a socket that somebody else listens on and whose file is theirs (inherited_socket.hpp). Fails
  // with bad_option when it listens elsewhere: one of the two configurations would be silently ignored.
  [[nodiscard]] static Expected<ListeningSocket> adopt(FileDescriptor descriptor, const DoorAddress& address);
  ListeningSocket(ListeningSocket&&) noexcept = default;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket() { close(); }

  [[nodiscard]] int number() const noexcept { return descriptor_.number(); }
  [[nodiscard]] const DoorAddress& address() const noexcept { return address_; }
  // From now on nobody can connect. Further calls do nothing.
  void close() noexcept;

 private:
  ListeningSocket(FileDescriptor descriptor, DoorAddress address, bool owns_file) noexcept
      : descriptor_(std::move(descriptor)), address_(std::move(address)), owns_file_(owns_file) {}

  FileDescriptor descriptor_;
  DoorAddress address_;
  bool owns_file_;
};

}  // namespace tecs
