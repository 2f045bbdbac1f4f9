// Numbers as people read them: the same text in every locale.
#pragma once

#include <string>

namespace tecs {

// With so many digits behind the point, up to 9: "0.0712". For finite numbers.
[[nodiscard]] std::string decimal_number(double number, int digits);

// A share of 1 as per cent, with two digits: "7.12 %".
[[nodiscard]] std::string decimal_percent(double share);

}  // namespace tecs
