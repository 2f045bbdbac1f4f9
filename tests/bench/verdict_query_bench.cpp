// Asks questions of a filled store (verdict-fill), and tells how long the answers took.
//
//   verdict-query-bench STORE VERDICTS
//
// Reads lines "store QUESTION" and "raw QUESTION" from its standard input, where raw is the engine that is
// asked over the rows of the verdicts, and answers each with a line: microseconds by the clock, those of this
// process, and rows.
#include <chrono>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string>

#include "bench/verdict_questions.hpp"
#include "verdicts/verdict_database.hpp"

namespace tecs::bench {
namespace {

std::chrono::nanoseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

// Nothing is made of the rows, which the store makes verdicts and sums of.
Expected<std::size_t> ask_rows(SqlDatabase& database, const Question& question) {
  std::size_t count = 0;
  return database.query(question.of_rows, question.values, [&](const SqlRow&) { return ++count > 0; })
      .map([&] { return count; });
}

const Question& find(const std::vector<Question>& all, const std::string& name) {
  for (const Question& question : all) {
    if (question.name == name) return question;
  }
  throw std::runtime_error("no such question: " + name);
}

void answer(SqlDatabase& database, const Question& question, bool raw, std::uint64_t verdicts) {
  const auto wall = std::chrono::steady_clock::now();
  const auto processor = processor_time();
  const auto rows = raw ? ask_rows(database, question) : question.of_store(database, verdicts);
  const auto taken = processor_time() - processor;
  const std::chrono::nanoseconds passed = std::chrono::steady_clock::now() - wall;
  if (!rows) throw std::runtime_error(rows.error().sentence);
  std::cout << passed.count() / 1000 << ' ' << taken.count() / 1000 << ' ' << *rows << std::endl;
}

void serve(const std::string& place, std::uint64_t verdicts) {
  const auto name = StoreName::parse(place);
  if (!name) throw std::runtime_error(name.error().sentence);
  const auto database = open_verdict_database(*name, StoreMode::read_only);
  if (!database) throw std::runtime_error(database.error().sentence);
  const auto all = questions(verdicts);
  for (std::string line; std::getline(std::cin, line);) {
    const bool raw = line.starts_with("raw ");
    answer(**database, find(all, line.substr(line.find(' ') + 1)), raw, verdicts);
  }
}

}  // namespace
}  // namespace tecs::bench

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: verdict-query-bench STORE VERDICTS\n";
    return 64;
  }
  try {
    tecs::bench::serve(words[1], std::stoull(words[2]));
  } catch (const std::exception& error) {
    std::cerr << "verdict-query-bench: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
