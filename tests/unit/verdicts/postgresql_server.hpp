// The PostgreSQL that tests/postgresql_cluster.py has started for this program.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "verdicts/postgres_database.hpp"

namespace tecs::test {

class PostgresqlServer {
 public:
  // database: its name; user: a role.
  [[nodiscard]] static StoreName name(const std::string& database, const std::string& user = "postgres") {
    const std::string uri =
        environment("TECS_TEST_POSTGRESQL");  // postgresql://postgres@/postgres?host=FOLDER
    return StoreName::parse("postgresql://" + user + "@/" + database + uri.substr(uri.find('?'))).value();
  }

  // As a crash would end it.
  static void stop() { control("stop"); }
  // Again. Returns when it serves.
  static void start() { control("start"); }

  // As somebody who may do anything, through a connection that nobody else uses.
  static void execute(const StoreName& name, const std::string& sql) {
    const auto done =
        PostgresDatabase::connect(name, {}).and_then([&](auto database) { return database->execute(sql); });
    if (!done) throw std::runtime_error(done.error().sentence);
  }

  // The first column of the first row.
  [[nodiscard]] static std::string text(const StoreName& name, const std::string& sql) {
    std::string found;
    const auto done = PostgresDatabase::connect(name, {}).and_then([&](auto database) {
      return database->query(sql, {}, [&](const SqlRow& row) {
        found = row.text(0);
        return false;
      });
    });
    if (!done) throw std::runtime_error(done.error().sentence);
    return found;
  }

 private:
  static std::string environment(const char* variable) {
    const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody changes it
    if (value == nullptr)
      throw std::runtime_error("no PostgreSQL: run this as tests/postgresql_cluster.py -- PROGRAM");
    return value;
  }
  static void control(const std::string& word) {
    const std::string command = environment("TECS_TEST_POSTGRESQL_CONTROL") + " " + word;
    if (std::system(command.c_str()) != 0)  // NOLINT(concurrency-mt-unsafe,cert-env33-c): as above
      throw std::runtime_error("PostgreSQL did not " + word);
  }
};

// An empty schema of the one database, gone with this: made ten times as fast as a database.
class PostgresqlSchema {
 public:
  PostgresqlSchema() {
    static unsigned count = 0;
    schema_ = "test_" + std::to_string(++count);
    PostgresqlServer::execute(PostgresqlServer::name("postgres"), "CREATE SCHEMA " + schema_);
  }
  PostgresqlSchema(const PostgresqlSchema&) = delete;
  PostgresqlSchema& operator=(const PostgresqlSchema&) = delete;
  ~PostgresqlSchema() {
    const auto gone =
        PostgresDatabase::connect(PostgresqlServer::name("postgres"), {}).and_then([&](auto all) {
          return all->execute("DROP SCHEMA " + schema_ + " CASCADE");
        });
    EXPECT_TRUE(gone) << gone.error().sentence;
  }

  [[nodiscard]] StoreName name() const {
    const StoreName all = PostgresqlServer::name("postgres");
    return StoreName::parse(all.text() + "&options=-csearch_path%3D" + schema_).value();
  }

 private:
  std::string schema_;
};

// An empty database, gone with this.
class PostgresqlDatabase {
 public:
  PostgresqlDatabase() {
    static unsigned count = 0;
    database_ = "test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    PostgresqlServer::execute(PostgresqlServer::name("postgres"), "CREATE DATABASE " + database_);
  }
  PostgresqlDatabase(const PostgresqlDatabase&) = delete;
  PostgresqlDatabase& operator=(const PostgresqlDatabase&) = delete;
  ~PostgresqlDatabase() {
    const auto gone =
        PostgresDatabase::connect(PostgresqlServer::name("postgres"), {}).and_then([&](auto all) {
          return all->execute("DROP DATABASE " + database_ + " WITH (FORCE)");
        });
    EXPECT_TRUE(gone) << gone.error().sentence;
  }

  [[nodiscard]] StoreName name(const std::string& user = "postgres") const {
    return PostgresqlServer::name(database_, user);
  }

 private:
  std::string database_;
};

// For PostgresDatabase::copy(): all in one piece.
inline auto in_one_piece(std::string rows) {
  return [rows = std::move(rows)]() mutable { return std::exchange(rows, {}); };
}

}  // namespace tecs::test
