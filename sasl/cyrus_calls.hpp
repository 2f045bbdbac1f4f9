// What both sides of the plugin ask of Cyrus SASL, and how they answer it.
#pragma once

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

#include <exception>
#include <new>
#include <string>

namespace tecs {

// An option of the MTA's SASL configuration; empty when it is not there.
[[nodiscard]] std::string option(const sasl_utils_t& utils, const char* name);

// The MTA logs it, and may show it to the administrator, not to the other side. level: SASL_LOG_ERR and so
// on.
void explain(const sasl_utils_t& utils, int level, const std::string& sentence);

// No security layer: what follows a success goes as it is.
void finish_without_layer(sasl_out_params_t& result);

// Exceptions end here: an MTA written in C cannot take them.
template <typename Call>
int without_exceptions(Call call) noexcept {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return SASL_NOMEM;
  } catch (const std::exception&) {
    return SASL_FAIL;
  }
}

}  // namespace tecs
