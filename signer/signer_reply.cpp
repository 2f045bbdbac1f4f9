#include "signer/signer_reply.hpp"

#include <algorithm>

namespace tecs {
namespace {

constexpr std::size_t maximum_reply_text = 510;  // CRLF comes on top

}  // namespace

std::string signer_reply(std::string_view code, std::string_view host, std::string_view reason) {
  std::string reply = std::string(code).append(" ").append(host).append(" TECS signer: ").append(reason);
  reply.resize(std::min(reply.size(), maximum_reply_text));
  return reply.append("\r\n");
}

}  // namespace tecs
