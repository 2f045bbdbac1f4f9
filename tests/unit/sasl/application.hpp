// An application of the real libsasl2, for tests: its configuration, its log, its connections.
#pragma once

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tecs::test {

inline constexpr const char* server_end = "198.51.100.25;25";
inline constexpr const char* client_end = "192.0.2.10;40213";

// What an MTA gives libsasl2 besides the mechanism's own exchange.
struct Application {
  std::map<std::string, std::string> configuration;
  std::string plugins;  // folder
  std::vector<std::string> log;
};

inline int get_option(void* context, const char*, const char* option, const char** result, unsigned* length) {
  const auto& configuration = static_cast<Application*>(context)->configuration;
  const auto found = configuration.find(option);
  if (found == configuration.end()) return SASL_FAIL;
  *result = found->second.c_str();
  if (length != nullptr) *length = static_cast<unsigned>(found->second.size());
  return SASL_OK;
}

inline int get_path(void* context, const char** path) {
  *path = static_cast<Application*>(context)->plugins.c_str();
  return SASL_OK;
}

inline int take_log(void* context, int, const char* message) {
  static_cast<Application*>(context)->log.emplace_back(message);
  return SASL_OK;
}

// Cyrus SASL has one type for all callbacks, and g++ knows void (*)() as the one that any function becomes.
template <typename Function>
sasl_callback_t callback(unsigned long id, Function function, void* context) {
  return {id, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(function)), context};
}

struct Disposal {
  void operator()(sasl_conn_t* connection) const { sasl_dispose(&connection); }
};
using Connection = std::unique_ptr<sasl_conn_t, Disposal>;

enum class Origin { loaded, linked };

}  // namespace tecs::test
