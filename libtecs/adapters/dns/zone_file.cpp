#include "tecs/adapters/zone_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include "adapters/dns/ldns_memory.hpp"

namespace tecs {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept {
    std::fclose(file);  // NOLINT(cppcoreguidelines-owning-memory)
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr std::size_t maximum_octets = std::size_t{64} * 1024 * 1024;

Expected<std::string> read_text(const std::string& path) {
  const auto unreadable = [&](const std::string& why) {
    return failure(Reason::bad_zone_file, path + " cannot be read: " + why);
  };
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable(std::generic_category().message(errno));
  std::string text;
  std::array<char, 65536> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), count);
    if (text.size() > maximum_octets) return unreadable("it is larger than 64 MiB");
  }
  if (std::ferror(file.get()) != 0) return unreadable(std::generic_category().message(errno));
  return text;
}

// Hands a text to ldns record by record, which keeps $ORIGIN, $TTL and the last owner from one to the next.
class MasterFileReader {
 public:
  explicit MasterFileReader(std::string text)
      : text_(std::move(text) + '\n'),
        file_(fmemopen(text_.data(), text_.size(), "r")),
        origin_(ldns_dname_new_frm_str(".")) {}
  MasterFileReader(const MasterFileReader&) = delete;
  MasterFileReader& operator=(const MasterFileReader&) = delete;
  ~MasterFileReader() {
    ldns_rdf_deep_free(origin_);
    ldns_rdf_deep_free(previous_owner_);
  }

  // Moves to the next record or directive. False: there is none.
  [[nodiscard]] bool advance() {
    auto position = static_cast<std::size_t>(std::ftell(file_.get()));
    // ldns passes over empty lines and comments too, but then nobody knows on which line the record began.
    while (position < text_.size()) {
      const std::size_t end = text_.find('\n', position);
      const std::size_t first = text_.find_first_not_of(" \t\r\f\v", position);
      if (first < end && text_[first] != ';') break;
      position = end + 1;
      ++line_;
    }
    std::fseek(file_.get(), static_cast<long>(position), SEEK_SET);
    record_line_ = line_;
    return position < text_.size();
  }

  // A null record: it was a directive.
  [[nodiscard]] std::pair<ldns_status, LdnsOwner<ldns_rr>> read() {
    ldns_rr* record = nullptr;
    ldns_status status =
        ldns_rr_new_frm_fp_l(&record, file_.get(), &ttl_, &origin_, &previous_owner_, &line_);
    LdnsOwner<ldns_rr> owner(status == LDNS_STATUS_OK ? record : nullptr);
    if (status == LDNS_STATUS_SYNTAX_ORIGIN || status == LDNS_STATUS_SYNTAX_TTL) status = LDNS_STATUS_OK;
    return {status, std::move(owner)};
  }

  [[nodiscard]] int line() const noexcept { return record_line_; }

 private:
  std::string text_;
  File file_;
  std::uint32_t ttl_ = LDNS_DEFAULT_TTL;
  ldns_rdf* origin_;                    // replaced by ldns at $ORIGIN
  ldns_rdf* previous_owner_ = nullptr;  // likewise, at each record
  int line_ = 1;
  int record_line_ = 1;
};

void add_txt(std::map<std::string, TxtAnswer>& answers, const ldns_rr& record) {
  const std::chrono::seconds ttl{ldns_rr_ttl(&record)};
  const auto [place, fresh] = answers.try_emplace(format_dname(*ldns_rr_owner(&record)));
  TxtAnswer& answer = place->second;
  answer.ttl = fresh ? ttl : std::min(answer.ttl, ttl);
  answer.texts.push_back(joined_strings(record));
}

}  // namespace

ZoneFile::ZoneFile(std::map<std::string, TxtAnswer> answers) noexcept : answers_(std::move(answers)) {}

Expected<std::unique_ptr<ZoneFile>> ZoneFile::load(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  std::map<std::string, TxtAnswer> answers;
  MasterFileReader reader(std::move(*text));
  while (reader.advance()) {
    const auto [status, record] = reader.read();
    if (status != LDNS_STATUS_OK) {
      return failure(Reason::bad_zone_file,
                     path + ":" + std::to_string(reader.line()) + ": " + ldns_get_errorstr_by_id(status));
    }
    if (record && ldns_rr_get_type(record.get()) == LDNS_RR_TYPE_TXT) add_txt(answers, *record);
  }
  return std::unique_ptr<ZoneFile>(new ZoneFile(std::move(answers)));
}

Expected<TxtAnswer> ZoneFile::lookup(const std::string& name) {
  const auto found = answers_.find(name);
  return found == answers_.end() ? TxtAnswer{} : found->second;
}

}  // namespace tecs
