#include "tools/program_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

using std::chrono::steady_clock;

struct Pipe {
  FileDescriptor reading;
  FileDescriptor writing;
};

std::optional<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

tl::unexpected<Error> failed_here(const std::string& program, int number) {
  return failure(Reason::io_error, program + ": " + std::generic_category().message(number));
}

class SpawnActions {
 public:
  SpawnActions(int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// The number of the new process; 0: there is no such program.
Expected<pid_t> start(const std::vector<std::string>& command, int out, int err) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnActions actions(out, err);
  int error = ENOENT;
  for (const char* folder : {"", "/usr/sbin/", "/sbin/"}) {
    pid_t child = 0;
    error = posix_spawnp(&child, (folder + command.front()).c_str(), actions.get(), nullptr, arguments.data(),
                         environ);
    if (error == 0) return child;
    if (error != ENOENT || command.front().find('/') != std::string::npos) break;
  }
  if (error == ENOENT) return 0;
  return failed_here(command.front(), error);
}

// Ended and waited for in any case, so that no child is left behind.
class Child {
 public:
  explicit Child(pid_t number) : number_(number) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (number_ <= 0) return;
    kill(number_, SIGKILL);
    static_cast<void>(wait());
  }
  int wait() {
    int status = 0;
    while (waitpid(number_, &status, 0) < 0 && errno == EINTR) {
    }
    number_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t number_;
};

// Appends what is there to read; closes the descriptor at the end.
void read_some(FileDescriptor& descriptor, std::string& text) {
  std::array<char, 16384> part{};
  const ssize_t count = read(descriptor.number(), part.data(), part.size());
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    descriptor.reset();
  } else {
    text.append(part.data(), static_cast<std::size_t>(count));
  }
}

// poll() passes over negative descriptors.
Expected<ProgramOutput> read_all(FileDescriptor out, FileDescriptor err, const std::string& program,
                                 const ProgramLimits& limits) {
  ProgramOutput output;
  const auto deadline = steady_clock::now() + limits.time;
  while (out || err) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return failure(Reason::io_error, program + ": did not end in time");
    std::array<pollfd, 2> polled{{{out.number(), POLLIN, 0}, {err.number(), POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
      return failed_here(program, errno);
    if (polled[0].revents != 0) read_some(out, output.out);
    if (polled[1].revents != 0) read_some(err, output.err);
    if (output.out.size() + output.err.size() > limits.octets)
      return failure(Reason::io_error, program + ": printed too much");
  }
  return output;
}

}  // namespace

Expected<ProgramOutput> run_program(const std::vector<std::string>& command, const ProgramLimits& limits) {
  auto out = open_pipe();
  auto err = open_pipe();
  if (!out || !err) return failed_here(command.front(), errno);
  const auto number = start(command, out->writing.number(), err->writing.number());
  if (!number) return tl::unexpected(number.error());
  if (*number == 0) {
    return ProgramOutput{program_not_found, "",
                         command.front() + ": " + std::generic_category().message(ENOENT)};
  }
  Child child(*number);
  out->writing.reset();
  err->writing.reset();
  auto output = read_all(std::move(out->reading), std::move(err->reading), command.front(), limits);
  if (output) output->exit_code = child.wait();
  return output;
}

}  // namespace tecs
