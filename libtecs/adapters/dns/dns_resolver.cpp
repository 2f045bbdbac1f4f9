#include "tecs/adapters/dns_resolver.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "adapters/dns/dns_exchange.hpp"
#include "adapters/dns/dns_message.hpp"
#include "adapters/dns/ldns_memory.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {

struct DnsResolver::Settings {
  struct Server {
    Endpoint endpoint;
    bool trusted;  // to have validated when it says so
  };
  std::vector<Server> servers;
  std::chrono::milliseconds timeout{};
  int attempts = 0;
  std::chrono::milliseconds lookup_time{};

  [[nodiscard]] Expected<DnsQuery::Answer> ask(const std::string& name, RecordType type) const {
    return ask(name, type, lookup_time);
  }
  [[nodiscard]] Expected<DnsQuery::Answer> ask(const std::string& name, RecordType type,
                                               std::chrono::milliseconds time_left) const;
  // Bad_option: it does not; see check_validates() for the rest.
  [[nodiscard]] Expected<void> check(const Server& server, const std::string& name,
                                     std::chrono::milliseconds time_left) const;
};

namespace {

Expected<std::vector<Endpoint>> read_system_configuration(const std::string& file, std::uint16_t port) {
  ldns_resolver* read = nullptr;
  const ldns_status status = ldns_resolver_new_frm_file(&read, file.c_str());
  if (status != LDNS_STATUS_OK) {
    return failure(Reason::bad_option, file + " cannot be read: " + ldns_get_errorstr_by_id(status));
  }
  const LdnsOwner<ldns_resolver> configuration(read);
  std::vector<Endpoint> servers;
  const std::size_t count = std::min(ldns_resolver_nameserver_count(read), DnsResolver::maximum_servers);
  for (std::size_t i = 0; i < count; ++i) {
    const auto address = address_of(*ldns_resolver_nameservers(read)[i]);
    if (!address) continue;
    if (const auto endpoint = Endpoint::make(*address, port)) servers.push_back(*endpoint);
  }
  if (servers.empty()) return failure(Reason::bad_option, file + " names no DNS server");
  return servers;
}

// The id is half of what a forger of datagrams has to guess; the port, of the kernel's choice, is the other.
Expected<std::uint16_t> random_id() {
  std::uint16_t id = 0;
  while (getrandom(&id, sizeof id, 0) != sizeof id) {
    if (errno != EINTR) return failure(Reason::dns_error, "the operating system gives no random octets");
  }
  return id;
}

// Those in A or AAAA records; what has not the form of one is passed over.
std::vector<IpAddress> addresses_of(const DnsQuery::Answer& answer) {
  std::vector<IpAddress> found;
  for (const auto& record : answer.records) {
    if (ldns_rr_rd_count(record.get()) != 1) continue;
    if (const auto address = address_of(*ldns_rr_rdf(record.get(), 0))) found.push_back(*address);
  }
  return found;
}

}  // namespace

// Asks the servers in turn, in rounds. One that answered with an error is not asked again; one that was
// silent, or whose answer got lost or garbled on the way, is.
Expected<DnsQuery::Answer> DnsResolver::Settings::ask(const std::string& name, RecordType type,
                                                      std::chrono::milliseconds time_left) const {
  std::optional<Error> error;
  const auto remember = [&](const Error& latest) {
    // Something said is worth more than silence.
    if (!error || latest.reason == Reason::dns_error) error = latest;
  };
  const auto end = std::chrono::steady_clock::now() + std::min(lookup_time, time_left);
  std::vector<Server> left = servers;
  const auto in_time = [end] { return std::chrono::steady_clock::now() < end; };
  for (int attempt = 0; attempt < attempts; ++attempt) {
    for (auto server = left.begin(); server != left.end() && in_time();) {
      const auto query =
          random_id().and_then([&](std::uint16_t id) { return DnsQuery::make(name, type, id); });
      if (!query) return tl::unexpected(query.error());
      const auto message =
          exchange(*query, server->endpoint, std::min(end, std::chrono::steady_clock::now() + timeout));
      if (!message) {
        remember(message.error());
        ++server;
        continue;
      }
      auto answer = query->read(*message);
      if (answer) {
        answer->authenticated = answer->authenticated && server->trusted;
        return answer;
      }
      remember(answer.error());
      server = left.erase(server);
    }
  }
  if (!error) return failure(Reason::dns_timeout, "no time was left to ask DNS");
  return tl::unexpected(*error);
}

Expected<void> DnsResolver::Settings::check(const Server& server, const std::string& name,
                                            std::chrono::milliseconds time_left) const {
  const std::string who = "the DNS server " + server.endpoint.format();
  if (!server.trusted) {
    return failure(Reason::bad_option,
                   who +
                       " is not on this host, so that its word on DNSSEC is not believed; "
                       "use a validating resolver on this host, or name the one to believe "
                       "with the option resolver");
  }
  Settings alone = *this;
  alone.servers = {server};
  const auto answer = alone.ask(name, RecordType::soa, time_left);
  if (!answer) return failure(answer.error().reason, who + ": " + answer.error().sentence);
  if (answer->authenticated) return {};
  return failure(
      Reason::bad_option,
      who + " does not validate DNSSEC: what it answers about " +
          (name == "." ? std::string("the root zone") : printable_text(name, 300)) +
          " comes without the AD flag; turn validation on there, or use a resolver that validates");
}

Expected<std::unique_ptr<DnsResolver>> DnsResolver::make(const DnsOptions& options) {
  if (options.timeout.count() <= 0)
    return failure(Reason::bad_option, "the time for a DNS query must be more than 0");
  if (options.attempts < 1) return failure(Reason::bad_option, "a DNS query needs one attempt at least");
  auto settings = std::make_unique<Settings>();
  settings->timeout = options.timeout;
  settings->attempts = options.attempts;
  settings->lookup_time = options.lookup_time;
  if (options.resolver) {
    settings->servers.push_back({*options.resolver, true});
  } else {
    const auto servers = read_system_configuration(options.system_configuration, options.system_port);
    if (!servers) return tl::unexpected(servers.error());
    for (const Endpoint& server : *servers)
      settings->servers.push_back({server, server.address().loopback()});
  }
  return std::unique_ptr<DnsResolver>(new DnsResolver(std::move(settings)));
}

DnsResolver::DnsResolver(std::unique_ptr<const Settings> settings) noexcept
    : settings_(std::move(settings)) {}
DnsResolver::~DnsResolver() = default;

Expected<TxtAnswer> DnsResolver::lookup(const std::string& name) {
  return texts(name, settings_->lookup_time);
}

Expected<TxtAnswer> DnsResolver::texts(const std::string& name, std::chrono::milliseconds time_left) {
  const auto answer = settings_->ask(name, RecordType::txt, time_left);
  if (!answer) return tl::unexpected(answer.error());
  TxtAnswer found{{}, answer->ttl.value_or(std::chrono::seconds{0}), answer->authenticated};
  for (const auto& record : answer->records) found.texts.push_back(joined_strings(*record));
  return found;
}

Expected<AddressAnswer> DnsResolver::ipv4_addresses(const std::string& name,
                                                    std::chrono::milliseconds time_left) {
  const auto answer = settings_->ask(name, RecordType::a, time_left);
  if (!answer) return tl::unexpected(answer.error());
  return AddressAnswer{addresses_of(*answer), answer->ttl.value_or(std::chrono::seconds{0})};
}

Expected<std::vector<IpAddress>> DnsResolver::addresses(const std::string& host) {
  std::vector<IpAddress> found;
  std::optional<Error> error;
  for (const RecordType type : {RecordType::aaaa, RecordType::a}) {
    const auto answer = settings_->ask(host, type);
    if (!answer) {
      if (!error) error = answer.error();
      continue;
    }
    for (const IpAddress& address : addresses_of(*answer)) found.push_back(address);
  }
  if (!found.empty()) return found;
  if (error) return tl::unexpected(*error);
  return failure(Reason::dns_error, "this host has no address in DNS");
}

Expected<HostAnswer> DnsResolver::host(const std::string& name, AddressFamily family,
                                       std::chrono::milliseconds time_left) {
  const RecordType type = family == AddressFamily::ipv4 ? RecordType::a : RecordType::aaaa;
  const auto answer = settings_->ask(name, type, time_left);
  if (!answer) return tl::unexpected(answer.error());
  return HostAnswer{addresses_of(*answer), answer->name, answer->ttl, answer->authenticated};
}

Expected<bool> DnsResolver::validated_alias(const std::string& name, std::chrono::milliseconds time_left) {
  return settings_->ask(name, RecordType::cname, time_left).map([](const DnsQuery::Answer& answer) {
    return !answer.records.empty() && answer.authenticated;
  });
}

Expected<TlsaAnswer> DnsResolver::tlsa_records(const std::string& name, std::chrono::milliseconds time_left) {
  const auto answer = settings_->ask(name, RecordType::tlsa, time_left);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->records.size() > maximum_tlsa_records) {
    return failure(Reason::dns_error, "more TLSA records than anybody needs");
  }
  TlsaAnswer found{{}, answer->ttl, answer->authenticated};
  std::size_t octets = 0;
  for (const auto& record : answer->records) {
    auto tlsa = tlsa_record_of(*record);
    if (!tlsa) return failure(Reason::dns_error, "a TLSA record cannot be read");
    octets += tlsa->association.size();
    if (octets > maximum_tlsa_octets) {
      return failure(Reason::dns_error, "longer TLSA records than anybody needs");
    }
    found.records.push_back(std::move(*tlsa));
  }
  return found;
}

Expected<void> DnsResolver::check_validates(const std::string& name, std::chrono::milliseconds time_left) {
  const auto end = std::chrono::steady_clock::now() + time_left;
  std::optional<Error> error;
  for (const Settings::Server& server : settings_->servers) {
    auto checked = settings_->check(
        server, name, std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()));
    if (checked) continue;
    if (checked.error().reason == Reason::bad_option) return checked;
    if (!error) error = checked.error();
  }
  if (error) return tl::unexpected(*error);
  return {};
}

}  // namespace tecs
