#include "tecs.h"

const char* tecs_version(void) {
  return TECS_VERSION;
}
