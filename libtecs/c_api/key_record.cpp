#include "tecs/key_record.hpp"

#include <memory>
#include <utility>

#include "c_api/call.hpp"
#include "c_api/options.hpp"
#include "tecs.h"

struct tecs_key_record {
  tecs::KeyRecord record;
};

tecs_key_record* tecs_key_record_new(const char* text, size_t length, const tecs_options* options,
                                     tecs_error** error) {
  return tecs::made<tecs_key_record>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_key_record>> {
    const auto octets = tecs::view_of(text, length, "text");
    if (!octets) return tl::unexpected(octets.error());
    auto record = tecs::KeyRecord::parse(*octets, tecs::options_or_default(options).key_limits);
    if (!record) return tl::unexpected(record.error());
    return std::make_unique<tecs_key_record>(tecs_key_record{std::move(*record)});
  });
}

const char* tecs_key_record_type(const tecs_key_record* record) {
  // The words are literals, which end with a NUL.
  return record == nullptr ? nullptr : tecs::format(record->record.type).data();
}

unsigned tecs_key_record_bits(const tecs_key_record* record) {
  return record == nullptr || !record->record.key ? 0 : record->record.key->bits();
}

int tecs_key_record_revoked(const tecs_key_record* record) {
  return record != nullptr && !record->record.key ? 1 : 0;
}

int tecs_key_record_testing(const tecs_key_record* record) {
  return record != nullptr && record->record.testing ? 1 : 0;
}

void tecs_key_record_free(tecs_key_record* record) {
  tecs::free_object(record);
}
