#include "c_api/signing_key.hpp"

#include <memory>
#include <utility>

#include "c_api/call.hpp"
#include "tecs/adapters/key_file.hpp"
#include "tecs/key_record.hpp"

namespace tecs {
namespace {

Expected<std::unique_ptr<tecs_signing_key>> with_record(Expected<SigningKey> key) {
  if (!key) return tl::unexpected(key.error());
  std::string record = format_key_record(*key);
  return std::make_unique<tecs_signing_key>(tecs_signing_key{std::move(*key), std::move(record)});
}

}  // namespace
}  // namespace tecs

tecs_signing_key* tecs_signing_key_new(const char* pem, size_t length, tecs_error** error) {
  return tecs::made<tecs_signing_key>(error, [&] {
    return tecs::with_record(tecs::view_of(pem, length, "pem").and_then(tecs::SigningKey::from_pem));
  });
}

tecs_signing_key* tecs_signing_key_new_from_file(const char* path, tecs_error** error) {
  return tecs::made<tecs_signing_key>(error, [&] {
    return tecs::with_record(path == nullptr ? tecs::missing("path") : tecs::read_key_file(path));
  });
}

const char* tecs_signing_key_record(const tecs_signing_key* key) {
  return key == nullptr ? nullptr : key->record.c_str();
}

void tecs_signing_key_free(tecs_signing_key* key) {
  tecs::free_object(key);
}
