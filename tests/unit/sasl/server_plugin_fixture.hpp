// An application of the real libsasl2 that offers the mechanism, for tests: with the plugin loaded from the
// folder where the build put it, or linked, so that sanitizers look at it.
#pragma once

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit/sasl/application.hpp"
#include "unit/verdicts/temporary_directory.hpp"

extern "C" int sasl_server_plug_init(const sasl_utils_t*, int, int*, sasl_server_plug_t**, int*);

namespace tecs::test {

inline constexpr const char* credential = "d=jgc.org; b=AAAA";
inline constexpr const char* credential_in_base64 = "ZD1qZ2Mub3JnOyBiPUFBQUE=";

struct Answer {
  int code;
  std::string challenge;
};

class ServerPluginTest : public testing::TestWithParam<Origin> {
 protected:
  ServerPluginTest() {
    const bool linked = GetParam() == Origin::linked;
    application.plugins = linked ? empty.path().string() : TECS_SASL_FOLDER;
    if (sasl_server_init(callbacks.data(), "unit-test") != SASL_OK)
      throw std::runtime_error("sasl_server_init");
    if (linked && sasl_server_add_plugin("tecs", sasl_server_plug_init) != SASL_OK) {
      throw std::runtime_error("sasl_server_add_plugin");
    }
  }
  ~ServerPluginTest() override { sasl_done(); }

  void door_at(const std::string& socket) { application.configuration["tecs_socket"] = socket; }

  static Connection connect(const char* local = server_end, const char* remote = client_end,
                            const char* service = "smtp") {
    sasl_conn_t* connection = nullptr;
    if (sasl_server_new(service, "mx.example.net", nullptr, local, remote, nullptr, 0, &connection) !=
        SASL_OK) {
      throw std::runtime_error("sasl_server_new");
    }
    return Connection(connection);
  }
  static std::string offered(sasl_conn_t* connection) {
    const char* list = nullptr;
    return sasl_listmech(connection, nullptr, "", " ", "", &list, nullptr, nullptr) == SASL_OK ? list : "";
  }
  static Answer start(sasl_conn_t* connection, const char* response, unsigned length) {
    const char* challenge = nullptr;
    unsigned size = 0;
    const int code = sasl_server_start(connection, "TECS-1", response, length, &challenge, &size);
    return {code, challenge == nullptr ? "" : std::string(challenge, size)};
  }
  static Answer start(sasl_conn_t* connection, const std::string& response = credential) {
    return start(connection, response.data(), static_cast<unsigned>(response.size()));
  }
  static Answer respond(sasl_conn_t* connection, const std::string& response) {
    const char* challenge = nullptr;
    unsigned size = 0;
    const int code = sasl_server_step(connection, response.data(), static_cast<unsigned>(response.size()),
                                      &challenge, &size);
    return {code, challenge == nullptr ? "" : std::string(challenge, size)};
  }
  static std::string property(sasl_conn_t* connection, int number) {
    const void* value = nullptr;
    if (sasl_getprop(connection, number, &value) != SASL_OK || value == nullptr) return {};
    return static_cast<const char*>(value);
  }

  test::TemporaryDirectory empty;
  Application application;
  std::vector<sasl_callback_t> callbacks{callback(SASL_CB_GETOPT, get_option, &application),
                                         callback(SASL_CB_GETPATH, get_path, &application),
                                         callback(SASL_CB_LOG, take_log, &application),
                                         {SASL_CB_LIST_END, nullptr, nullptr}};
};

}  // namespace tecs::test
