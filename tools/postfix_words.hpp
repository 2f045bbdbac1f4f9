// How Postfix takes the values of its parameters apart (postconf(5), master(5)).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tecs {

enum class Separators { white_space, white_space_and_commas };

// Words; what stands in braces is one, braces included, separators in it and all. A brace that is not closed
// reaches to the end.
[[nodiscard]] std::vector<std::string> postfix_words(std::string_view text, Separators separators);
// The words of a list such as smtpd_relay_restrictions.
[[nodiscard]] std::vector<std::string> postfix_list(std::string_view text);

// What stands between the braces, without white space at its ends; a text without braces stays as it is.
[[nodiscard]] std::string_view without_braces(std::string_view text);

struct NameAndValue {
  std::string name;
  std::string value;
};
// "name=value" or "name = value"; without a '=' all is the name.
[[nodiscard]] NameAndValue parse_name_and_value(std::string_view text);

// Postfix compares them without regard to case.
[[nodiscard]] bool is_yes(std::string_view value);
[[nodiscard]] bool is_no(std::string_view value);

// A milter of smtpd_milters: an address, or { address, name=value, ... }; { } is none.
struct PostfixMilter {
  std::string address;
  std::map<std::string, std::string> settings;
  std::string text;  // as it stands in the list
};
[[nodiscard]] std::vector<PostfixMilter> parse_postfix_milters(std::string_view text);

// Where a SASL server or milter listens: "unix:path", a bare path, or anything else, such as inet:host:port.
struct PostfixSocket {
  bool is_unix = false;
  std::string path;  // of a unix socket
};
[[nodiscard]] PostfixSocket parse_postfix_socket(std::string_view text);

// The file that a daemon of Postfix opens by this path. They all work in the queue directory, and one in a
// chroot has it as its root as well.
[[nodiscard]] std::string file_of_socket(const std::string& path, const std::string& queue_directory,
                                         bool chrooted);

}  // namespace tecs
