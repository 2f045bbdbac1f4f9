#include "tools/reputation_complain.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "program/option_value.hpp"
#include "tools/bounded_mail.hpp"
#include "tools/complaint_limit_options.hpp"
#include "tools/complaint_line.hpp"
#include "tools/file_arguments.hpp"
#include "tools/maildir.hpp"
#include "tools/store_option.hpp"
#include "tools/txt_source_options.hpp"
#include "verdicts/complaint_queue.hpp"
#include "verdicts/complaint_silence.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;
using MaximumQueue = Number<1, 1'000'000'000>;
using MaximumSize = Number<1024, 1024U * 1024U * 1024U>;

struct Mail {
  fs::path path;  // empty: standard input
  bool of_maildir = false;
};

Outcome<std::vector<Mail>> find_mails(const std::vector<std::string>& names) {
  if (names.empty()) return std::vector<Mail>{{}};
  std::vector<Mail> mails;
  for (const std::string& name : names) {
    std::error_code error;
    if (!fs::is_directory(name, error)) {
      mails.push_back({name == "-" ? "" : name});
      continue;
    }
    if (!is_maildir(name)) return failed(ExitCode::no_input, name + ": a folder, but not a maildir");
    const auto found = find_unseen_mails(name);
    if (!found) return failed(ExitCode::no_input, found.error().sentence);
    for (const fs::path& path : *found) mails.push_back({path, true});
  }
  return mails;
}

// What the mails are decided with. DNS is not opened for a queue.
class Reception {
 public:
  Reception(SqlDatabase& database, std::unique_ptr<TxtSource> source, const PublicSuffixList& suffixes,
            const OptionValues& values, const Environment& environment)
      : database_(database),
        source_(std::move(source)),
        silence_(source_ ? *source_ : none_, environment.clock, suffixes),
        suffixes_(suffixes),
        environment_(environment),
        maximum_octets_(get<MaximumSize>(values, "maximum-size").value),
        limits_(complaint_limits(values)),
        maximum_queue_(get<MaximumQueue>(values, "maximum-queue").value),
        json_(values["json"].as<bool>()) {}

  // False: nothing was written of it, and it is to come again.
  [[nodiscard]] bool take(const std::string& mail, const std::string& name) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(environment_.clock.now());
    if (!source_ && mail.size() <= maximum_octets_) {
      const auto queued = queue(mail, now);
      return queued ? told("queued", "", "", name) : undecided(queued.error(), name);
    }
    // What is too large is decided at once, and not kept.
    const auto complaint =
        decide_complaint(mail, now, {database_, source(), suffixes_, maximum_octets_, limits_});
    if (!complaint) return take_later(mail, now, complaint.error(), name);
    environment_.out << (json_ ? complaint_json(*complaint, name) : complaint_line(*complaint, name)) << '\n'
                     << std::flush;
    return true;
  }

  [[nodiscard]] std::size_t maximum_octets() const noexcept { return maximum_octets_; }

 private:
  class NoSource final : public TxtSource {
   public:
    [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& /*name*/) override {
      return failure(Reason::dns_error, "DNS is not asked here");
    }
  };

  [[nodiscard]] TxtSource& source() noexcept {
    if (!source_) return none_;
    return silence_;
  }

  Expected<void> queue(const std::string& mail, Verdict::Time now) {
    constexpr std::uint64_t between_counts = 1000;
    if (room_ == 0) {
      const auto waiting = count_queued_complaints(database_);
      if (!waiting) return tl::unexpected(waiting.error());
      if (*waiting >= maximum_queue_)
        return failure(Reason::io_error,
                       std::to_string(*waiting) + " mails wait already, and no more are taken");
      room_ = std::min(maximum_queue_ - *waiting, between_counts);
    }
    --room_;
    return queue_complaint(database_, mail, now);
  }

  // A mail system that is told to come again gives up some day, and tells the sender, who may be a stranger.
  bool take_later(const std::string& mail, Verdict::Time now, const Error& error, const std::string& name) {
    if (!queue(mail, now)) return undecided(error, name);
    environment_.err << "tecs reputation complain: " << error.sentence
                     << "; the mail waits for 'tecs reputation work'\n";
    return told("queued", word(error.reason), error.sentence, name);
  }

  bool told(std::string_view status, std::string_view reason, std::string_view detail,
            const std::string& name) {
    environment_.out << (json_ ? complaint_json(status, reason, detail, name)
                               : complaint_line(status, reason, name))
                     << '\n'
                     << std::flush;
    return true;
  }

  bool undecided(const Error& error, const std::string& name) {
    told("undecided", word(error.reason), error.sentence, name);
    environment_.err << "tecs reputation complain: " << error.sentence << '\n';
    return false;
  }

  SqlDatabase& database_;
  std::unique_ptr<TxtSource> source_;
  NoSource none_;
  ComplaintSilence silence_;
  const PublicSuffixList& suffixes_;
  const Environment& environment_;
  std::size_t maximum_octets_;
  ComplaintLimits limits_;
  std::uint64_t maximum_queue_;
  std::uint64_t room_ = 0;  // in the queue, before it is counted again
  bool json_;
};

// Only what stands on the command line is the operator's mistake; all else can pass, and a mail system that
// is told so keeps the mail.
template <typename T>
tl::unexpected<Failure> later(const Outcome<T>& outcome) {
  if (outcome.error().code == ExitCode::usage) return tl::unexpected(outcome.error());
  return failed(ExitCode::temporary, outcome.error().sentence);
}

// Empty: it is gone, as somebody else has dealt with it.
Expected<std::optional<std::string>> read_mail(const Mail& mail, std::size_t maximum_octets,
                                               const Environment& environment) {
  if (mail.path.empty()) return std::optional(read_bounded_mail(environment.in, maximum_octets));
  if (mail.of_maildir) return read_found_mail(mail.path, maximum_octets);
  std::ifstream file(mail.path, std::ios::binary);
  std::string text = file ? read_bounded_mail(file, maximum_octets) : std::string();
  if (!file.eof()) return failure(Reason::io_error, mail.path.string() + ": cannot be read");
  return std::optional(std::move(text));
}

// What is wrong with one mail keeps no other from its turn.
ExitCode take_all(const std::vector<Mail>& mails, Reception& reception, const Environment& environment) {
  bool again = false;
  bool missing = false;
  for (const Mail& mail : mails) {
    const auto text = read_mail(mail, reception.maximum_octets(), environment);
    if (!text) {
      environment.err << "tecs reputation complain: " << text.error().sentence << '\n';
      (mail.of_maildir ? again : missing) = true;
      continue;
    }
    if (!*text) continue;
    if (!reception.take(**text, mail.path.string())) {
      again = true;
    } else if (mail.of_maildir) {
      const auto seen = mark_seen(mail.path);
      if (seen) continue;
      environment.err << "tecs reputation complain: " << seen.error().sentence << '\n';
      again = true;
    }
  }
  if (again) return ExitCode::temporary;
  return missing ? ExitCode::no_input : ExitCode::ok;
}

Outcome<ExitCode> take_complaints(const OptionValues& values, const Environment& environment) {
  const auto mails = find_mails(read_files(values));
  if (!mails) return tl::unexpected(mails.error());
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return failed(ExitCode::temporary, suffixes.error().sentence);
  std::unique_ptr<TxtSource> source;
  if (!values["queue"].as<bool>()) {
    auto opened = open_txt_source(values, environment);
    if (!opened && (opened.error().code == ExitCode::usage || values.count("zone") != 0))
      return later(opened);
    // Without DNS the mails wait for those who have it.
    if (opened) {
      source = *std::move(opened);
    } else {
      environment.err << "tecs reputation complain: " << opened.error().sentence << '\n';
    }
  }
  const auto database = open_database(values, StoreUse::create);
  if (!database) return later(database);
  Reception reception(**database, std::move(source), *suffixes, values, environment);
  return take_all(*mails, reception, environment);
}

// What went wrong here is no fault of the mail, which a mail system would return for any other code.
Outcome<ExitCode> complain(const OptionValues& values, const Environment& environment) {
  try {
    return take_complaints(values, environment);
  } catch (const std::exception& exception) {
    return failed(ExitCode::temporary, exception.what());
  }
}

}  // namespace

ExitCode run_reputation_complain(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_file_option(table,
                  "a mail, or a maildir; the name of this option may be left out, '-' or none: standard "
                  "input");
  add_store_option(table);
  add_txt_source_options(table);
  auto add = table.add_options();
  add("queue", po::bool_switch(), "only store the mails, for 'tecs reputation work' to decide");
  add("maximum-size", value_of<MaximumSize>("OCTETS", std::to_string(ArfMessage::maximum_octets)),
      "a larger mail is malformed");
  add_complaint_limit_options(table);
  add("maximum-queue", value_of<MaximumQueue>("NUMBER", "1000000"),
      "when so many mails wait, no more are queued (75)");
  add("json", po::bool_switch(), "print one JSON object for each mail");
  const ProgramText text{
      .name = "tecs reputation complain",
      .usage =
          "[FILE|MAILDIR...] [--store STORE] [--zone FILE | --resolver IP:PORT]\n"
          "                                [--queue] [--maximum-size OCTETS] [--maximum-age AGE]\n"
          "                                [--without-verdict NUMBER] [--maximum-queue NUMBER] [--json]",
      .description =
          "Takes complaints: feedback reports (ARF, RFC 5965) whose field TECS-Credential holds the "
          "evidence\n"
          "that a domain signed the connection, or whose TECS-Verdict names a verdict of this store. A\n"
          "complaint counts only if its evidence verifies here: with a key that the store has kept with\n"
          "verdicts of that time, else with the key in DNS. For each mail one line is printed: what it is\n"
          "(counted, duplicate, forged, unverified, malformed, queued), domain, reason, and the name of its\n"
          "file. What DNS does not answer now is queued, as all is with --queue, and decided by 'tecs\n"
          "reputation work': run that too. Of a maildir, the mails in new/ and those in cur/ that are not\n"
          "marked as seen are read; what was dealt with is then marked as seen.\n"
          "Ends with 0 when all mails were dealt with, whatever became of them, and with 75 when the store\n"
          "did not take one, so that it must come again. Thus a transport of Postfix, pipe(8), can run it; "
          "a\n"
          "mail system returns nothing to its sender for it but on a mistake on the command line (64), or\n"
          "when the store is away for as long as the mail system keeps mail.",
      .examples =
          "tecs reputation complain < mail\n"
          "tecs reputation complain /var/mail/complaints --store postgresql://tecs@db.example.net/tecs\n"
          "tecs reputation complain --queue < mail"};
  return run_subcommand({text, table, complain}, with_named_files(arguments, table), environment);
}

}  // namespace tecs
