// libsasltecs.so, the server's side: the mechanism TECS-1 for servers that use Cyrus SASL. It verifies
// nothing itself: it hands the exchange, with both ends of the connection, to tecs-milter's SASL door.
//
// Cyrus SASL loads every plugin into every server on the machine. A TECS success is nobody's login, so the
// mechanism is offered only where the service is SMTP and its SASL configuration names tecs_socket.
//
// Everything here is called by Cyrus SASL, by one thread at a time for one connection.
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sasl/cyrus_calls.hpp"
#include "sasl/cyrus_endpoint.hpp"
#include "sasl/door_exchange.hpp"
#include "sasl/door_options.hpp"
#include "tecs/adapters/system_clock.hpp"

namespace tecs {
namespace {

struct Connection {
  explicit Connection(const DoorOptions& options) : exchange(options.door, options.patience, clock) {}

  SystemClock clock;
  DoorExchange exchange;
  bool begun = false;
  std::string challenge;  // what *serverout points to
};

// A response to a 334 has 12,288 octets of base64 at most (RFC 4954 section 4); this is what they hold.
constexpr unsigned maximum_response = 9216;

std::optional<std::string> encode_base64(const sasl_utils_t& utils, std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  unsigned length = 0;
  if (utils.encode64(octets.data(), static_cast<unsigned>(octets.size()), text.data(),
                     static_cast<unsigned>(text.size()), &length) != SASL_OK) {
    return std::nullopt;
  }
  text.resize(length);
  return text;
}

std::optional<std::string> decode_base64(const sasl_utils_t& utils, std::string_view text) {
  std::string octets(text.size() + 1, '\0');
  unsigned length = 0;
  if (utils.decode64(text.data(), static_cast<unsigned>(text.size()), octets.data(),
                     static_cast<unsigned>(octets.size()), &length) != SASL_OK) {
    return std::nullopt;
  }
  octets.resize(length);
  return octets;
}

std::optional<Endpoint> end_of_connection(const char* text) {
  if (text == nullptr) return std::nullopt;
  const auto endpoint = parse_cyrus_endpoint(text);
  return endpoint ? std::optional(*endpoint) : std::nullopt;
}

int finish(const Passed& passed, sasl_server_params_t& parameters, sasl_out_params_t& result) {
  // No password database knows signing domains, and none needs to.
  const int canonical = parameters.canon_user(
      parameters.utils->conn, passed.user.c_str(), static_cast<unsigned>(passed.user.size()),
      SASL_CU_AUTHID | SASL_CU_AUTHZID | SASL_CU_EXTERNALLY_VERIFIED, &result);
  if (canonical != SASL_OK) return canonical;
  finish_without_layer(result);
  return SASL_OK;
}

// Empty: the client's response, as far as it is there, is not fit to be sent on.
std::optional<AuthRequest> make_request(const sasl_server_params_t& parameters, const char* octets,
                                        unsigned length) {
  AuthRequest request;
  request.process = static_cast<std::uint32_t>(getpid());
  request.server = end_of_connection(parameters.iplocalport);
  request.client = end_of_connection(parameters.ipremoteport);
  if (octets == nullptr) return request;
  request.response = encode_base64(*parameters.utils, {octets, length});
  return request.response ? std::optional(std::move(request)) : std::nullopt;
}

int send_challenge(Connection& connection, const sasl_utils_t& utils, const std::string& base64,
                   const char** server_octets, unsigned* server_length) {
  auto octets = decode_base64(utils, base64);
  if (!octets) {
    explain(utils, SASL_LOG_ERR, "tecs_socket: a challenge that is not base64");
    return SASL_UNAVAIL;
  }
  connection.challenge = std::move(*octets);
  *server_octets = connection.challenge.c_str();
  *server_length = static_cast<unsigned>(connection.challenge.size());
  return SASL_CONTINUE;
}

std::optional<DoorExchange::Step> take_step(Connection& connection, const sasl_server_params_t& parameters,
                                            const char* octets, unsigned length) {
  auto request = make_request(parameters, octets, length);
  if (!request) return std::nullopt;
  // Cyrus SASL has no word for a response that is absent once there was a challenge; null is an empty one
  // then.
  if (connection.begun) return connection.exchange.respond(request->response.value_or(std::string()));
  connection.begun = true;
  return connection.exchange.begin(std::move(*request));
}

// A wrong tecs_socket is offered all the same, and fails: an smtpd of Postfix that has no mechanism to offer
// dies, and its port serves nobody.
int mech_avail(void*, sasl_server_params_t* parameters, void**) noexcept {
  return without_exceptions([&] {
    if (parameters->service == nullptr || std::string_view(parameters->service) != "smtp") return SASL_NOMECH;
    return option(*parameters->utils, "tecs_socket").empty() ? SASL_NOMECH : SASL_OK;
  });
}

int mech_new(void*, sasl_server_params_t* parameters, const char*, unsigned, void** context) noexcept {
  return without_exceptions([&] {
    const sasl_utils_t& utils = *parameters->utils;
    const auto options = DoorOptions::parse(option(utils, "tecs_socket"), option(utils, "tecs_timeout"));
    if (!options) {
      explain(utils, SASL_LOG_ERR, options.error().sentence);
      return SASL_UNAVAIL;
    }
    *context = std::make_unique<Connection>(*options).release();
    return SASL_OK;
  });
}

int mech_step(void* context, sasl_server_params_t* parameters, const char* client_octets,
              unsigned client_length, const char** server_octets, unsigned* server_length,
              sasl_out_params_t* result) noexcept {
  return without_exceptions([&] {
    const sasl_utils_t& utils = *parameters->utils;
    auto& connection = *static_cast<Connection*>(context);
    *server_octets = nullptr;
    *server_length = 0;
    const auto step = client_length > maximum_response
                          ? std::nullopt
                          : take_step(connection, *parameters, client_octets, client_length);
    if (!step) {
      explain(utils, SASL_LOG_FAIL, "a response longer than any credential");
      return SASL_BADPROT;
    }
    if (const auto* const challenge = std::get_if<AuthDialogue::Challenge>(&*step)) {
      return send_challenge(connection, utils, challenge->base64, server_octets, server_length);
    }
    if (const auto* const passed = std::get_if<Passed>(&*step)) return finish(*passed, *parameters, *result);
    if (const auto* const refused = std::get_if<Refused>(&*step)) {
      explain(utils, SASL_LOG_FAIL, refused->reason);
      return SASL_BADAUTH;
    }
    // Postfix says 454 to this, Sendmail 535.
    explain(utils, SASL_LOG_ERR, "tecs_socket: " + std::get<Unavailable>(*step).error.sentence);
    return SASL_UNAVAIL;
  });
}

void mech_dispose(void* context, const sasl_utils_t*) noexcept {
  const std::unique_ptr<Connection> ended(static_cast<Connection*>(context));
}

// Cyrus SASL's interface takes it by a pointer to what is not const, and does not change it.
sasl_server_plug_t server_plugin = {
    "TECS-1",
    0,  // no security layer
    // Nothing that is sent can be used again or guessed, and it says who is responsible. Without NOANONYMOUS
    // an MTA that wants no anonymous mechanism, as Postfix by default, would not offer it.
    SASL_SEC_NOPLAINTEXT | SASL_SEC_NODICTIONARY | SASL_SEC_NOANONYMOUS,
    SASL_FEAT_DONTUSE_USERPASSWD,
    nullptr,  // nothing global
    mech_new,
    mech_step,
    mech_dispose,
    nullptr,  // mech_free
    nullptr,  // setpass
    nullptr,  // user_query
    nullptr,  // idle
    mech_avail,
    nullptr,
};

}  // namespace
}  // namespace tecs

extern "C" __attribute__((visibility("default"))) int sasl_server_plug_init(const sasl_utils_t*,
                                                                            int max_version, int* out_version,
                                                                            sasl_server_plug_t** plugins,
                                                                            int* count) {
  if (max_version < SASL_SERVER_PLUG_VERSION) return SASL_BADVERS;
  *out_version = SASL_SERVER_PLUG_VERSION;
  *plugins = &tecs::server_plugin;
  *count = 1;
  return SASL_OK;
}
