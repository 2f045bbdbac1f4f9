#include "tools/verdict_argument.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <string>

#include "tools/plain_text.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/uuid.hpp"
#include "verdicts/verdict_by_id.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr std::size_t shortest_beginning = 8;

Outcome<Verdict> find_only(SqlDatabase& database, const std::string& beginning) {
  constexpr std::size_t listed = 5;
  const auto found = find_verdicts_by_id(database, beginning, listed + 1);
  if (!found) return failed(found.error());
  if (found->empty())
    return failed(ExitCode::data_error, "there is no verdict " + beginning + " in this store");
  if (found->size() == 1) return found->front();
  std::string sentence = "several verdicts begin so, say more of the one:";
  for (std::size_t i = 0; i < found->size() && i < listed; ++i) {
    const std::string& domain = (*found)[i].domain;
    sentence += "\n  " + plain_text((*found)[i].id) + "  " + encode_field((*found)[i].time) + "  " +
                (domain.empty() ? "-" : plain_text(domain));
  }
  if (found->size() > listed) sentence += "\n  and more";
  return failed(ExitCode::data_error, sentence);
}

}  // namespace

void add_verdict_argument(OptionTable& table, const char* description) {
  table.add_options()("verdict", po::value<std::string>()->value_name("ID"), description);
}

std::vector<const char*> name_verdict_argument(Arguments arguments) {
  std::vector<const char*> named(arguments.begin(), arguments.end());
  if (!named.empty() && named.front()[0] != '-') named.insert(named.begin(), "--verdict");
  return named;
}

Outcome<Verdict> find_verdict_argument(const OptionValues& values) {
  const auto text = option_text(values, "verdict");
  const auto beginning =
      text && text->size() >= shortest_beginning ? parse_uuid_beginning(*text) : std::nullopt;
  if (!beginning) {
    return failed(ExitCode::usage,
                  "say the id of a verdict, or at least its first 8 characters; it stands as id= in the log "
                  "of tecs-milter, and in 'tecs verdicts list --format json'");
  }
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());
  return find_only(**database, *beginning);
}

}  // namespace tecs
