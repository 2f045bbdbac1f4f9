// A mail, read as a feedback report, and what it then says of a connection.
#include <cstdlib>

#include "verdicts/complaint_claim.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  const std::string_view mail = text_of({input, size});
  const auto message = parse_arf(mail);
  if (!message) {
    if (message.error().status != ComplaintStatus::malformed || message.error().detail.empty()) std::abort();
    return 0;
  }
  if (message->message.empty()) std::abort();
  if (!message->reporter.empty() && !Domain::parse(message->reporter)) std::abort();
  const auto claim = read_claim(*message, std::chrono::sys_seconds{std::chrono::seconds{1767225600}});
  if (!claim) {
    if (claim.error().status == ComplaintStatus::counted || claim.error().detail.empty()) std::abort();
    return 0;
  }
  if (!claim->credential && !claim->verdict) std::abort();
  if (!claim->credential) return 0;
  // What was read is written so that, unfolded, the same is read again.
  std::string written = claim->credential->format();
  std::erase(written, '\n');
  const auto again = TecsCredentialField::parse(written);
  if (!again || again->tuple != claim->credential->tuple || again->epoch != claim->credential->epoch ||
      again->auth != claim->credential->auth)
    std::abort();
  return 0;
}
