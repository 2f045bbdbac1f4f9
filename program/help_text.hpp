// What a program says of itself.
#pragma once

#include <string>
#include <string_view>

namespace boost::program_options {
class options_description;
}

namespace tecs {

// What help_text() prints around the table. Every text may hold line breaks and needs none at its end.
struct ProgramText {
  std::string name;         // "tecs-milter", "tecs sign"
  std::string usage;        // what follows the name: "--key FILE --domain DOMAIN [--selector SELECTOR]"
  std::string description;  // what the program does, in sentences
  std::string examples;     // commands, one a line; empty: no such paragraph
};

// In 100 columns. The options stand in the order of the table, whose captions are not used: a value is called
// by its value_name(), and a default is said behind the description. Ends with a line break.
[[nodiscard]] std::string help_text(const ProgramText& text,
                                    const boost::program_options::options_description& table);

// "tecs-milter 0.1.0", a line.
[[nodiscard]] std::string version_text(std::string_view program_name);

}  // namespace tecs
