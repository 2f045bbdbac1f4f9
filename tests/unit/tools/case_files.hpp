// The data cases of verification (tests/cases/README.md), for running the command over them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "test_folders.hpp"

namespace tecs {

struct CaseFile {
  std::string name;
  std::string folder;
  std::string zone;  // path
  nlohmann::json json;

  [[nodiscard]] std::string text(const char* key) const { return json.at(key).get<std::string>(); }
  [[nodiscard]] std::string number(const char* key) const {
    return std::to_string(json.at(key).get<std::int64_t>());
  }
};

inline std::vector<CaseFile> case_files() {
  std::vector<CaseFile> cases;
  for (const auto& entry : std::filesystem::directory_iterator(TECS_TEST_DATA "/verify")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream stream(entry.path());
    auto zone = entry.path();
    cases.push_back({entry.path().stem(), entry.path().parent_path(), zone.replace_extension(".zone"),
                     nlohmann::json::parse(stream)});
  }
  std::sort(cases.begin(), cases.end(), [](const CaseFile& a, const CaseFile& b) { return a.name < b.name; });
  return cases;
}

}  // namespace tecs
