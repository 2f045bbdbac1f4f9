#include "c_api/txt_answer.hpp"

#include <algorithm>
#include <new>

#include "c_api/call.hpp"

namespace {

// An empty text counts as well, so that there cannot be any number of them.
constexpr std::size_t cost_of_text = 1;

}  // namespace

std::size_t tecs_txt_answer::room() const noexcept {
  constexpr std::size_t most = 2 * tecs::KeyRecord::maximum_octets;
  return most - std::min(octets, most);
}

void tecs_txt_answer::add(const char* text, std::size_t length) noexcept {
  if (room() < cost_of_text) return;
  try {
    texts.emplace_back();
    octets += cost_of_text;
  } catch (const std::bad_alloc&) {
    broken = true;
  }
  append(text, length);
}

void tecs_txt_answer::append(const char* string, std::size_t length) noexcept {
  if (string == nullptr && length > 0) broken = true;
  if (broken || length == 0) return;
  if (texts.empty()) {
    add(string, length);
    return;
  }
  const std::size_t kept = std::min(length, room());
  try {
    texts.back().append(string, kept);
    octets += kept;
  } catch (const std::bad_alloc&) {
    broken = true;
  }
}

tecs::Expected<tecs::TxtAnswer> tecs_txt_answer::found() const {
  if (broken) return tecs::failure(tecs::Reason::dns_error, "the answer of the look-up could not be kept");
  return tecs::TxtAnswer{texts, ttl, dnssec};
}

void tecs_txt_answer_add(tecs_txt_answer* answer, const char* text, size_t length) {
  if (answer != nullptr) answer->add(text, length);
}

void tecs_txt_answer_append(tecs_txt_answer* answer, const char* string, size_t length) {
  if (answer != nullptr) answer->append(string, length);
}

void tecs_txt_answer_set_ttl(tecs_txt_answer* answer, uint32_t seconds) {
  if (answer != nullptr) answer->ttl = std::chrono::seconds{seconds};
}

void tecs_txt_answer_set_dnssec(tecs_txt_answer* answer, int dnssec) {
  if (answer != nullptr) answer->dnssec = dnssec != 0;
}
