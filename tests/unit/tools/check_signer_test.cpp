// Runs `tecs check signer` over the machines in tests/cases/check/signer.
#include "tools/check_signer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tecs/key_record.hpp"
#include "test_folders.hpp"
#include "tools/text_file.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::filesystem::path folder = TECS_TEST_DATA "/check/signer";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class CheckSigner : public CommandTest {
 protected:
  CheckSigner() {
    for (const char* name : {"_domainkey.example.org", "s1._domainkey.example.org"})
      dns_[name] = TxtAnswer{.texts = {format_key_record(key_)}, .ttl = {}, .dnssec = true};
    dns_["_domainkey.other.example"] =
        TxtAnswer{.texts = {format_key_record(other_key_)}, .ttl = {}, .dnssec = true};
    dns_["_domainkey.silent.example"] = failure(Reason::dns_timeout, "nobody answers");
  }

  Ran check(const std::string& name, std::vector<std::string> more = {}) {
    const std::filesystem::path here = folder / name;
    machine_.read_file = [here](const std::string& path) { return read_text_file(path_in(here, path)); };
    machine_.find_files = [here](const std::string& pattern) {
      const bool exim = pattern.starts_with("/etc/exim4/") && std::filesystem::exists(here / "exim");
      return exim || pattern.find('*') == std::string::npos ? std::vector{pattern}
                                                            : std::vector<std::string>();
    };
    machine_.run_program = [here](const std::vector<std::string>& command) { return answer(here, command); };
    machine_.find_account = [](const std::string& user) { return made_up_account(user); };
    machine_.can_read = [](const std::string& path, const std::string& user) -> Expected<void> {
      if (!path.ends_with("/secret.pem")) return {};
      return failure(Reason::io_error,
                     path + " has mode 0600, owner 0, group 0, and " + user + " cannot read it");
    };
    machine_.programs_with_socket = [here](std::uint64_t inode) { return programs(here, inode); };
    machine_.read_key = [this](const std::string& path) -> Expected<SigningKey> {
      if (path.ends_with("/open.pem")) return failure(Reason::bad_key_file, path + ": others may read it");
      return key_;
    };
    more.insert(more.begin(), {"check", "signer", "--configuration", here / "signer.conf",
                               "--config-directory", here, "--config-file", here / "sendmail.cf"});
    return run(more);
  }

  // What is usually there unless the case has a file of that name.
  static std::string path_in(const std::filesystem::path& here, const std::string& path) {
    for (const char* named : {"/etc/nftables.conf", "/etc/mail/access", "/etc/tecs/identities",
                              "/proc/net/tcp6", "/proc/net/tcp"}) {
      if (path != named) continue;
      const auto own = here / std::filesystem::path(path).filename();
      if (path == "/etc/nftables.conf" && !std::filesystem::exists(own)) return here / "rules.nft";
      return own;
    }
    return path;
  }

  // Lines of "INODE PROGRAM".
  static std::vector<std::string> programs(const std::filesystem::path& here, std::uint64_t wanted) {
    std::istringstream lines(read_text_file(here / "programs").value_or(""));
    std::vector<std::string> names;
    std::uint64_t inode = 0;
    for (std::string name; lines >> inode >> name;) {
      if (inode == wanted) names.push_back(name);
    }
    return names;
  }

  static Expected<ProgramOutput> printed(const std::filesystem::path& file) {
    const auto text = read_text_file(file);
    if (!text) return ProgramOutput{1, "", "Operation not permitted (you must be root)\n"};
    return ProgramOutput{0, *text, ""};
  }

  static Expected<ProgramOutput> answer(const std::filesystem::path& here,
                                        const std::vector<std::string>& command) {
    const std::string& program = command.front();
    if (program == "nft") {
      if (std::filesystem::exists(here / "nft-fails"))
        return failure(Reason::io_error, "nft: did not end in time");
      if (std::filesystem::exists(here / "no-nft"))
        return ProgramOutput{program_not_found, "", "nft: No such file or directory"};
      return printed(here / "nft.json");
    }
    if (program == "systemctl" && command[1] == "is-enabled") return printed(here / "unit-state");
    if (program == "systemctl") return printed(here / "unit-user");
    if (program == "exim4") return printed(here / (command.back() == "routers" ? "exim-routers" : "exim"));
    if (program == "iptables-save" || program == "ip6tables-save") return printed(here / program);
    if (program == "ip") {
      return ProgramOutput{
          0,
          R"([{"ifname": "lo", "addr_info": [{"local": "127.0.0.1"}]}, {"addr_info": )"
          R"([{"local": "192.0.2.10"}, {"local": "2001:db8:2::10"}, {"local": "fe80::1"}]}])",
          ""};
    }
    return run_program(command);  // postconf
  }

  static std::optional<Account> made_up_account(const std::string& user) {
    const std::map<std::string, uid_t> users{
        {"root", 0}, {"postfix", 105}, {"Debian-exim", 106}, {"tecs", 990}, {"signer", 991}};
    const auto found = users.find(user);
    if (found == users.end()) return std::nullopt;
    return Account{found->second, {found->second}};
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
  const SigningKey other_key_ = *SigningKey::generate(KeyType::ed25519, 0);
};

// The folder of the case is left out of what is to be changed.
std::string written(const Ran& ran, const std::string& here) {
  const auto without_folder = [&here](std::string text) {
    const std::size_t at = text.find(here + "/");
    return at == std::string::npos ? text : text.erase(at, here.size() + 1);
  };
  std::ostringstream text;
  const Json report = Json::parse(ran.out);
  for (const Json& finding : report["findings"]) {
    const std::string file = without_folder(finding["file"].get<std::string>());
    text << finding["severity"].get<std::string>() << ' ' << finding["finding"].get<std::string>() << " ("
         << finding["subject"].get<std::string>() << ")\n  " << (file.empty() ? "run" : file)
         << (finding["line"].is_null() ? "" : ":" + finding["line"].dump())
         << (finding["replaces"].get<bool>() ? " change to: " : " add: ")
         << without_folder(finding["change"].get<std::string>()) << '\n';
  }
  text << "exit " << to_int(ran.code) << '\n';
  return text.str();
}

class CheckSignerCase : public CheckSigner, public testing::WithParamInterface<std::string> {};

TEST_P(CheckSignerCase, FindsWhatIsWanted) {
  const Ran ran = check(GetParam(), {"--json"});
  ASSERT_EQ(ran.err, "");
  EXPECT_EQ(written(ran, folder / GetParam()), read(folder / GetParam() / "want"));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CheckSignerCase, testing::ValuesIn(case_names()), test_name);

TEST_F(CheckSigner, SaysItInWords) {
  const Ran ran = check("loop");
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_THAT(ran.out,
              HasSubstr("broken  redirect, IPv4: loop\n    The signer's own connections to port 25 are "
                        "redirected, too: the rule does not spare its user tecs.\n"));
  EXPECT_THAT(ran.out, HasSubstr("\n    /etc/nftables.conf, add:\n        fib daddr type != local tcp dport "
                                 "25 meta skuid != \"tecs\" "
                                 "redirect to :10025\n"));
  EXPECT_THAT(
      ran.out,
      EndsWith("signer.conf: 0 unsafe, 2 broken, 0 advice. Mail goes out unsigned, or not at all.\n"));
}

TEST_F(CheckSigner, IsContentWithWhatIsDocumented) {
  const Ran ran = check("documented");
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(
      ran.out,
      EndsWith("Good: as far as is to be seen, mail goes out signed, with keys that receivers find.\n"));
}

TEST_F(CheckSigner, BelievesTheUserOnTheCommandLine) {
  EXPECT_THAT(check("documented", {"--user", "signer"}).out, HasSubstr("redirect, IPv4: loop\n"));
}

TEST_F(CheckSigner, LooksAtTheMtaThatIsNamed) {
  EXPECT_EQ(check("postfix-demands-tls", {"--mta", "none"}).code, ExitCode::ok);
  EXPECT_EQ(check("documented", {"--mta", "sendmail"}).code, ExitCode::no_input);
  EXPECT_EQ(check("documented", {"--mta", "exim"}).code, ExitCode::unavailable);
  EXPECT_EQ(check("documented", {"--mta", "qmail"}).code, ExitCode::usage);
}

TEST_F(CheckSigner, NamesTheLineThatIsWrong) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;
    ExitCode code;
  };
  for (const Row& row : {
           Row{"no file", "", "No such file or directory (say with --configuration where",
               ExitCode::no_input},
           Row{"section", "[signer]\n", ":1: sections are not used here", ExitCode::data_error},
           Row{"listen", "\nlisten = 10025\n", ":2: expected ADDRESS:PORT", ExitCode::data_error},
           Row{"listen port", "listen = 127.0.0.1:70000\n", ":1: expected ADDRESS:PORT",
               ExitCode::data_error},
           Row{"identities", "identities = /etc/tecs/nowhere\n", "No such file", ExitCode::no_input},
       }) {
    SCOPED_TRACE(row.name);
    (void)check("documented");  // sets up the machine
    const std::string file = row.text.empty() ? path("none.conf") : write("signer.conf", row.text);
    const Ran ran = run({"check", "signer", "--configuration", file, "--mta", "none"});
    EXPECT_EQ(ran.code, row.code);
    EXPECT_THAT(ran.err, HasSubstr(row.want));
  }
}

}  // namespace
}  // namespace tecs
