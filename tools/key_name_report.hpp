// What stands at one of the names under which a key is looked up, and what a verifier makes of it.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "tecs/key_record.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

enum class KeyStanding {
  no_answer,  // DNS failed: temperror
  no_key,     // no key record: the next name is asked
  unusable,   // a key record that no signature can pass with
  usable,
};

// Plain value.
struct KeyNameReport {
  std::string name;
  Expected<TxtAnswer> answer;
  // As a verifier chooses; a null pointer when there is no key record, an error also when there was no
  // answer.
  Expected<std::shared_ptr<const KeyRecord>> selected;

  [[nodiscard]] KeyStanding standing() const;
};

[[nodiscard]] KeyNameReport examine_key_name(const std::string& name, TxtSource& source);

// Every record, and below them what is wrong or worth knowing. Whatever octets stand in DNS, what is printed
// is ASCII.
void print_key_name_report(const KeyNameReport& report, std::ostream& out);

// "rsa, 2048 bits".
[[nodiscard]] std::string describe_key(const KeyRecord& record);

}  // namespace tecs
