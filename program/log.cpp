#include "program/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace tecs {
namespace {

using Level = spdlog::level::level_enum;

constexpr std::array<std::pair<std::string_view, Level>, 4> level_names{
    {{"debug", Level::debug}, {"info", Level::info}, {"warning", Level::warn}, {"error", Level::err}}};

// The numbers of syslog(3), as sd-daemon(3) wants them.
char priority(Level level) {
  switch (level) {
    case Level::trace:
    case Level::debug:
      return '7';
    case Level::info:
      return '6';
    case Level::warn:
      return '4';
    case Level::err:
      return '3';
    default:
      return '2';
  }
}

class PriorityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& line) override {
    const std::array<char, 3> prefix{'<', priority(message.level), '>'};
    line.append(prefix.data(), prefix.data() + prefix.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }
};

class PrintableMessageFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& line) override {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char character : message.payload) {
      const auto octet = static_cast<unsigned char>(character);
      if (octet >= 0x20 && octet < 0x7f) {
        line.push_back(character);
        continue;
      }
      const std::array<char, 4> escaped{'\\', 'x', digits[octet >> 4U], digits[octet & 0xfU]};
      line.append(escaped.data(), escaped.data() + escaped.size());
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableMessageFlag>();
  }
};

// The variable is inherited by programs whose stderr was redirected since; only the file that it names is the
// journal (systemd.exec(5), JOURNAL_STREAM).
bool stderr_is_journal() {
  const char* const stream =
      std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): start-up, one thread
  struct stat status {};
  if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
  return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace

std::shared_ptr<spdlog::logger> make_log(const std::string& name, Level level) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PriorityFlag>('*').add_flag<PrintableMessageFlag>('?');
  formatter->set_pattern(stderr_is_journal() ? "%*%?" : "%Y-%m-%dT%H:%M:%S.%e%z %n %l: %?");
  auto log = std::make_shared<spdlog::logger>(name, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_formatter(std::move(formatter));
  log->set_level(level);
  return log;
}

Expected<Level> parse_log_level(std::string_view text) {
  for (const auto& [name, level] : level_names) {
    if (text == name) return level;
  }
  return failure(Reason::bad_option, "a log level is one of debug, info, warning, error");
}

}  // namespace tecs
