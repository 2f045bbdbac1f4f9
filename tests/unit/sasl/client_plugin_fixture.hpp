// An application of the real libsasl2 that uses the mechanism as a client, for tests: with the plugin loaded
// from the folder where the build put it, or linked, so that sanitizers look at it.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "unit/sasl/application.hpp"
#include "unit/sasl/signing_fixture.hpp"
#include "unit/verdicts/temporary_directory.hpp"

extern "C" int sasl_client_plug_init(const sasl_utils_t*, int, int*, sasl_client_plug_t**, int*);

namespace tecs::test {

// What Sendmail knows of a connection besides its ends: who is to sign.
inline int get_name(void* context, int, const char** result, unsigned* length) {
  const auto& name = *static_cast<const std::string*>(context);
  *result = name.c_str();
  if (length != nullptr) *length = static_cast<unsigned>(name.size());
  return SASL_OK;
}

struct Sent {
  int code;
  bool there;  // not the same as empty
  std::string octets;
};

class ClientPluginTest : public testing::TestWithParam<Origin> {
 protected:
  ClientPluginTest() {
    write_file(key_file, key.to_pem());
    configure("identity = sender.example - " + key_file + "\n");
    application.configuration["tecs_client_configuration"] = configuration;
    application.plugins = GetParam() == Origin::linked ? empty.path().string() : TECS_SASL_FOLDER;
  }
  ~ClientPluginTest() override {
    if (begun_) sasl_done();
  }

  // Once; what the plugin looks at when it is loaded must be there.
  void begin() {
    if (sasl_client_init(callbacks.data()) != SASL_OK) throw std::runtime_error("sasl_client_init");
    begun_ = true;
    if (GetParam() == Origin::linked && sasl_client_add_plugin("tecs", sasl_client_plug_init) != SASL_OK) {
      throw std::runtime_error("sasl_client_add_plugin");
    }
  }

  void configure(const std::string& text) const { write_file(configuration, text); }

  static Connection connect(const char* local = client_end, const char* remote = server_end,
                            const char* service = "smtp") {
    sasl_conn_t* connection = nullptr;
    if (sasl_client_new(service, "mx.example.net", nullptr, nullptr, nullptr, 0, &connection) != SASL_OK) {
      throw std::runtime_error("sasl_client_new");
    }
    Connection owned(connection);
    // As Sendmail says it. Those that sasl_client_new() takes do not reach a plugin.
    if (local != nullptr) (void)sasl_setprop(connection, SASL_IPLOCALPORT, local);
    if (remote != nullptr) (void)sasl_setprop(connection, SASL_IPREMOTEPORT, remote);
    return owned;
  }

  static Sent start(sasl_conn_t* connection, const char* offered = "TECS-1") {
    const char* octets = nullptr;
    unsigned length = 0;
    const char* chosen = nullptr;
    const int code = sasl_client_start(connection, offered, nullptr, &octets, &length, &chosen);
    return sent(code, octets, length);
  }
  static Sent answer(sasl_conn_t* connection, const std::string& challenge) {
    const char* octets = nullptr;
    unsigned length = 0;
    const int code = sasl_client_step(connection, challenge.c_str(), static_cast<unsigned>(challenge.size()),
                                      nullptr, &octets, &length);
    return sent(code, octets, length);
  }

  const SigningKey key = make_key();
  std::string name = "sender.example";
  TemporaryDirectory empty;
  TemporaryDirectory folder;
  const std::string key_file = folder.file("sender.pem");
  const std::string configuration = folder.file("sasl-client.conf");
  Application application;
  std::vector<sasl_callback_t> callbacks{callback(SASL_CB_GETOPT, get_option, &application),
                                         callback(SASL_CB_GETPATH, get_path, &application),
                                         callback(SASL_CB_LOG, take_log, &application),
                                         callback(SASL_CB_AUTHNAME, get_name, &name),
                                         callback(SASL_CB_USER, get_name, &name),
                                         {SASL_CB_LIST_END, nullptr, nullptr}};

 private:
  static Sent sent(int code, const char* octets, unsigned length) {
    return {code, octets != nullptr, octets == nullptr ? "" : std::string(octets, length)};
  }
  bool begun_ = false;
};

}  // namespace tecs::test
