// Runs `tecs` inside the test, in a world made for it: a folder of its own, a clock that stands still, and
// DNS that says what the test wrote there.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tecs/signing_key.hpp"
#include "tools/command.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {

class StoppedClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::sys_seconds{std::chrono::seconds{1170806410}};
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
};

using FakeDns = std::map<std::string, Expected<TxtAnswer>>;

class FakeTxtSource final : public TxtSource {
 public:
  explicit FakeTxtSource(const FakeDns& dns) : dns_(dns) {}
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override {
    const auto found = dns_.find(name);
    return found == dns_.end() ? TxtAnswer{} : found->second;
  }

 private:
  const FakeDns& dns_;
};

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
};

class CommandTest : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) {
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const Environment environment{
        .clock = clock_,
        .out = out,
        .err = err,
        .in = in_,
        .open_dns =
            [this](const DnsOptions& options) {
              asked_resolver_ = options.resolver ? options.resolver->format() : "system";
              return Expected<std::unique_ptr<TxtSource>>(std::make_unique<FakeTxtSource>(dns_));
            },
        .pause = pause_,
        .machine = machine_,
        .network = network_,
        .err_is_terminal = err_is_terminal_};
    const ExitCode code = run_command(pointers, environment);
    return {code, out.str(), err.str()};
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

  static std::string read(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  // A private key that only its owner can read.
  [[nodiscard]] std::string write_key(const std::string& name, const SigningKey& key) const {
    const std::string file = write(name, key.to_pem());
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
  }

  const test::TemporaryDirectory temporary_directory_;
  const std::filesystem::path folder_ = temporary_directory_.path();
  const StoppedClock clock_;
  FakeDns dns_;
  Machine machine_;
  ServerNetwork network_;
  std::function<bool(std::chrono::milliseconds)> pause_;
  bool err_is_terminal_ = false;
  std::istringstream in_;
  std::string asked_resolver_;  // empty: nobody
};

}  // namespace tecs
