// A number that some part of a program knows, for its metrics.
#pragma once

#include <functional>
#include <string>

namespace tecs {

// Asked for whenever somebody looks.
struct Reading {
  enum class Kind { gauge, counter };

  std::string name;  // "tecs_sessions"; of a counter "..._total"
  std::string help;
  Kind kind;
  std::function<double()> value;  // from the listener's threads; must not wait
};

}  // namespace tecs
