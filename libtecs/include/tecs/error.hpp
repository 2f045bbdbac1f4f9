// Errors are values: a reason word for programs and a sentence for people.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "tecs/reason.hpp"

namespace tecs {

struct Error {
  Reason reason;
  std::string sentence;  // no trailing full stop; holds no octets of a stranger that were not checked
};

template <typename T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> failure(Reason reason, std::string sentence) {
  return tl::unexpected<Error>(Error{reason, std::move(sentence)});
}

}  // namespace tecs
