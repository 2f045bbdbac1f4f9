// What a probe comes to: the answer in a sentence, and what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "program/exit_code.hpp"
#include "tools/probe_session.hpp"
#include "tools/published_key.hpp"

namespace tecs {

// All that is known at the end. Plain value.
struct ProbeExamination {
  std::string host;  // as the user wrote it
  std::uint16_t port = 25;
  ProbeRecord record;
  // What the server said of a further connection when it refused this one's signature.
  std::optional<ProbeRecord> second;
  std::optional<PublishedKey> key;  // empty: nothing was signed

  // The one of the two connections in which a challenge was heard; null if none was.
  [[nodiscard]] const ProbeRecord* with_challenge() const noexcept;
};

// Plain value; sentences.
struct ProbeAnswer {
  std::string why;
  std::string advice;  // empty: there is nothing to do
};

[[nodiscard]] ProbeAnswer answer_of(const ProbeExamination& examination);

// ok: signed, or offered where that was the question. temporary for what can pass. failed else.
[[nodiscard]] ExitCode exit_code_of(ProbeOutcome outcome) noexcept;

}  // namespace tecs
