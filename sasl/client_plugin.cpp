// libsasltecs.so, the client's side: an MTA that uses Cyrus SASL signs its connections itself. It has to give
// both ends of the connection, as Sendmail does.
//
// Cyrus SASL loads every plugin into every client on the machine. So the mechanism is there only for programs
// that may read the file that says as whom to sign, and it signs only as a domain that stands in it.
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sasl/client_exchange.hpp"
#include "sasl/client_identities.hpp"
#include "sasl/cyrus_calls.hpp"
#include "sasl/cyrus_endpoint.hpp"
#include "tecs/adapters/system_clock.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

// As long as Cyrus SASL has the mechanism; its connections may be on several threads.
struct ClientPlugin {
  explicit ClientPlugin(std::string configuration_path) : identities(std::move(configuration_path)) {}

  ClientIdentities identities;
  sasl_client_plug_t mechanism{};
};

// By one thread at a time.
struct Connection {
  explicit Connection(ClientPlugin& owner) : plugin(owner) {}

  ClientPlugin& plugin;
  SystemClock clock;
  std::optional<ClientExchange> exchange;
  bool begun = false;
  std::string out;  // what *client_octets points to
};

// The authentication id, as the MTA's configuration says it. Empty when it says none.
std::string authentication_id(const sasl_utils_t& utils) {
  sasl_callback_ft function = nullptr;
  void* context = nullptr;
  if (utils.getcallback(utils.conn, SASL_CB_AUTHNAME, &function, &context) != SASL_OK) return {};
  if (function == nullptr) return {};
  // Cyrus SASL has one type for all callbacks, and g++ knows void (*)() as the one that any function becomes.
  auto* const ask = reinterpret_cast<sasl_getsimple_t*>(reinterpret_cast<void (*)()>(function));
  const char* name = nullptr;
  const int answer = ask(context, SASL_CB_AUTHNAME, &name, nullptr);
  return answer == SASL_OK && name != nullptr ? name : "";
}

Expected<Domain> signing_domain(const sasl_utils_t& utils) {
  const std::string name = authentication_id(utils);
  return Domain::parse(name).map_error([&name](const Error& error) {
    constexpr std::size_t shown = 100;
    return Error{error.reason, "the authentication id \"" + printable_text(name, shown) +
                                   "\" is no signing domain: " + error.sentence};
  });
}

// PROTOCOL section 3. Nothing else is ever signed in place of a connection that is not known.
Expected<ConnectionTuple> own_view(const sasl_client_params_t& parameters) {
  const auto server = parse_cyrus_endpoint(parameters.ipremoteport);
  if (!server) return failure(Reason::bad_endpoint, "the server's end: " + server.error().sentence);
  const auto client = parse_cyrus_endpoint(parameters.iplocalport);
  if (!client) return failure(Reason::bad_endpoint, "our end: " + client.error().sentence);
  return ConnectionTuple::make(*server, *client);
}

Expected<void> prepare(Connection& connection, sasl_client_params_t& parameters, sasl_out_params_t& result) {
  if (parameters.service == nullptr || std::string_view(parameters.service) != "smtp") {
    return failure(Reason::bad_option, "only connections of SMTP are signed");
  }
  const sasl_utils_t& utils = *parameters.utils;
  const auto domain = signing_domain(utils);
  if (!domain) return tl::unexpected(domain.error());
  const auto tuple = own_view(parameters);
  if (!tuple) return tl::unexpected(tuple.error());
  auto terms = connection.plugin.identities.find(*domain);
  if (!terms) return tl::unexpected(terms.error());
  const std::string& name = domain->text();
  if (parameters.canon_user(utils.conn, name.c_str(), static_cast<unsigned>(name.size()),
                            SASL_CU_AUTHID | SASL_CU_AUTHZID, &result) != SASL_OK) {
    return failure(Reason::bad_option, "Cyrus SASL does not take " + name + " for a user");
  }
  connection.exchange.emplace(*std::move(terms), *tuple, connection.clock);
  return {};
}

// What goes wrong here is said now and fails after the 334: when a mechanism fails before AUTH was sent,
// Sendmail may keep the mail, and after it Sendmail goes on without. No mail is to wait because it cannot be
// signed.
int begin(Connection& connection, sasl_client_params_t& parameters, const char** client_octets,
          unsigned* client_length, sasl_out_params_t& result) {
  const auto credential = prepare(connection, parameters, result).and_then([&] {
    return connection.exchange->initial_response();
  });
  if (!credential) {
    connection.exchange.reset();
    explain(*parameters.utils, SASL_LOG_ERR, "not signed: " + credential.error().sentence);
    return SASL_CONTINUE;
  }
  if (!*credential) return SASL_CONTINUE;
  connection.out = **credential;
  *client_octets = connection.out.c_str();
  *client_length = static_cast<unsigned>(connection.out.size());
  finish_without_layer(result);
  return SASL_OK;
}

int respond(Connection& connection, const sasl_utils_t& utils, std::string_view challenge,
            const char** client_octets, unsigned* client_length, sasl_out_params_t& result) {
  if (!connection.exchange) return SASL_FAIL;  // was explained
  auto credential = connection.exchange->response(challenge);
  if (!credential) {
    explain(utils, SASL_LOG_ERR, "not signed: " + credential.error().sentence);
    return SASL_FAIL;
  }
  connection.out = *std::move(credential);
  *client_octets = connection.out.c_str();
  *client_length = static_cast<unsigned>(connection.out.size());
  finish_without_layer(result);
  return SASL_OK;
}

// An MTA that does not say which connection it is, as Postfix does not, cannot be served at all. It is told
// before it sends AUTH: Postfix says QUIT when it is told after the 334, which the server takes for a
// credential.
int mech_new(void* plugin, sasl_client_params_t* parameters, void** context) noexcept {
  return without_exceptions([&] {
    if (parameters->iplocalport == nullptr || parameters->ipremoteport == nullptr) {
      explain(*parameters->utils, SASL_LOG_ERR,
              "not signed: this program does not say which connection it is; use tecs-signer for it");
      return SASL_FAIL;
    }
    *context = std::make_unique<Connection>(*static_cast<ClientPlugin*>(plugin)).release();
    return SASL_OK;
  });
}

int mech_step(void* context, sasl_client_params_t* parameters, const char* server_octets,
              unsigned server_length, sasl_interact_t**, const char** client_octets, unsigned* client_length,
              sasl_out_params_t* result) noexcept {
  return without_exceptions([&] {
    auto& connection = *static_cast<Connection*>(context);
    *client_octets = nullptr;
    *client_length = 0;
    if (!connection.begun) {
      connection.begun = true;
      return begin(connection, *parameters, client_octets, client_length, *result);
    }
    const std::string_view challenge(server_octets == nullptr ? "" : server_octets, server_length);
    return respond(connection, *parameters->utils, challenge, client_octets, client_length, *result);
  });
}

void mech_dispose(void* context, const sasl_utils_t*) noexcept {
  const std::unique_ptr<Connection> ended(static_cast<Connection*>(context));
}

void mech_free(void* plugin, const sasl_utils_t*) noexcept {
  const std::unique_ptr<ClientPlugin> ended(static_cast<ClientPlugin*>(plugin));
}

constexpr std::array<unsigned long, 2> required_prompts = {SASL_CB_AUTHNAME, SASL_CB_LIST_END};

// Cyrus SASL's interface takes it by a pointer to what is not const, and does not change it.
sasl_client_plug_t mechanism_of(ClientPlugin& plugin) {
  return {
      "TECS-1",
      0,  // no security layer
      // As on the server's side. An MTA that wants no plain text, as Postfix by default, would not take it
      // without.
      SASL_SEC_NOPLAINTEXT | SASL_SEC_NODICTIONARY | SASL_SEC_NOANONYMOUS,
      SASL_FEAT_WANT_CLIENT_FIRST,
      required_prompts.data(),
      &plugin,
      mech_new,
      mech_step,
      mech_dispose,
      mech_free,
      nullptr,  // idle
      nullptr,
      nullptr,
  };
}

}  // namespace
}  // namespace tecs

// No mechanism, and no complaint, for a program that may not read the file.
extern "C" __attribute__((visibility("default"))) int sasl_client_plug_init(const sasl_utils_t* utils,
                                                                            int max_version, int* out_version,
                                                                            sasl_client_plug_t** plugins,
                                                                            int* count) {
  if (max_version < SASL_CLIENT_PLUG_VERSION) return SASL_BADVERS;
  return tecs::without_exceptions([&] {
    *out_version = SASL_CLIENT_PLUG_VERSION;
    *plugins = nullptr;
    *count = 0;
    std::string path = tecs::option(*utils, "tecs_client_configuration");
    if (path.empty()) path = tecs::ClientConfiguration::standard_path;
    if (::euidaccess(path.c_str(), R_OK) != 0) return SASL_OK;
    auto plugin = std::make_unique<tecs::ClientPlugin>(std::move(path));
    plugin->mechanism = tecs::mechanism_of(*plugin);
    *plugins = &plugin.release()->mechanism;  // until mech_free
    *count = 1;
    return SASL_OK;
  });
}
