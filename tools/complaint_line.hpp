// A decided complaint, as a line for people and scripts.
#pragma once

#include <string>
#include <string_view>

#include "verdicts/complaint.hpp"

namespace tecs {

// "counted example.org - new/1": status, domain, reason and the mail's name, with '-' for what is not there.
// No line break at the end.
[[nodiscard]] std::string complaint_line(const Complaint& complaint, std::string_view mail);
// One of which nothing can be said now, or that was only queued. Both words are ours.
[[nodiscard]] std::string complaint_line(std::string_view status, std::string_view reason,
                                         std::string_view mail);

// One JSON object with the columns of the table of complaints, in their order; mail stands at the end unless
// it is empty.
[[nodiscard]] std::string complaint_json(const Complaint& complaint, std::string_view mail);
[[nodiscard]] std::string complaint_json(std::string_view status, std::string_view reason,
                                         std::string_view detail, std::string_view mail);

}  // namespace tecs
