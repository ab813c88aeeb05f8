#include "files/suggestion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <format>
#include <utility>

namespace leukolens::files {
namespace {

/// Levenshtein's distance, for suggestions.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string>& known) {
  if (known.empty()) return "";
  const auto best =
      std::ranges::min_element(known, {}, [&](const auto& one) { return distance(wrong, one); });
  if (distance(wrong, *best) <= 2) return std::format(" Did you mean \"{}\"?", *best);
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  return std::format(" Known are: {}.", list);
}

std::string unknown_word(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining(true);
  if (unknown.empty()) return "";
  const std::string& word = unknown.front();
  const std::vector<CLI::App*> verbs = app.get_subcommands();  // those that were given
  std::vector<std::string> known;
  std::error_code error;
  if (word.starts_with("-") && std::filesystem::exists(word, error))
    return std::format("\"{0}\" is no option. The file is named by ./{0}", word);
  if (!verbs.empty() && verbs.front()->get_option_no_throw("--data") && std::filesystem::exists(word, error))
    return std::format("\"{0}\" is not known here. Did you mean --data {0}?", word);
  if (word.starts_with("-")) {
    for (const CLI::Option* option : (verbs.empty() ? &app : verbs.front())->get_options())
      if (!option->get_positional()) known.push_back(option->get_name());
  } else if (verbs.empty()) {
    for (const CLI::App* verb : app.get_subcommands({})) known.push_back(verb->get_name());
  }
  const std::string name = word.substr(0, word.find('='));
  if (std::ranges::contains(known, name)) return std::format("\"{}\" belongs after the verb.", word);
  return std::format("\"{}\" is not known here.{}", word, suggestion(name, known));
}

}  // namespace leukolens::files
