#include "sasl/cyrus_calls.hpp"

namespace tecs {

std::string option(const sasl_utils_t& utils, const char* name) {
  const char* value = nullptr;
  const int result = utils.getopt(utils.getopt_context, "TECS-1", name, &value, nullptr);
  return result == SASL_OK && value != nullptr ? value : "";
}

void explain(const sasl_utils_t& utils, int level, const std::string& sentence) {
  utils.seterror(utils.conn, SASL_NOLOG, "TECS-1: %s", sentence.c_str());
  utils.log(utils.conn, level, "TECS-1: %s", sentence.c_str());
}

void finish_without_layer(sasl_out_params_t& result) {
  result.doneflag = 1;
  result.mech_ssf = 0;
  result.maxoutbuf = 0;
  result.encode_context = nullptr;
  result.encode = nullptr;
  result.decode_context = nullptr;
  result.decode = nullptr;
  result.param_version = 0;
}

}  // namespace tecs
