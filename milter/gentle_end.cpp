#include "milter/gentle_end.hpp"

#include <sys/socket.h>

namespace tecs {

void GentleEnd::begin(int descriptor) noexcept {
  begun_ = true;
  if (!amid_) shutdown(descriptor, SHUT_RD);
}

void GentleEnd::before_read(int descriptor, bool amid) noexcept {
  amid_ = amid;
  if (!amid && begun_) shutdown(descriptor, SHUT_RD);
}

}  // namespace tecs
