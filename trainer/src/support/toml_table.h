// Reading TOML strictly: every key is either understood or refused, with its line and a suggestion.
#pragma once

#include <algorithm>
#include <cstdint>
#include <format>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <toml++/toml.hpp>
#include <vector>

#include "files/suggestion.h"

namespace leukolens::train {

/// One table of the file. Remembers which keys were asked for, so that finish() can refuse the others.
class Table {
 public:
  Table(const toml::table& table, std::string source, std::string what)
      : table_(table), source_(std::move(source)), what_(std::move(what)) {}

  [[noreturn]] void refuse(const toml::node& node, const std::string& message) const {
    const toml::source_path_ptr& path = node.source().path;
    if (path && *path != source_) throw std::runtime_error(std::format("{}: {}", *path, message));
    throw std::runtime_error(std::format("{}, line {}: {}", source_, node.source().begin.line, message));
  }
  [[noreturn]] void refuse(const std::string& message) const { refuse(table_, message); }

  const toml::node* find(const std::string& key) {
    known_.push_back(key);
    return table_.get(key);
  }

  Table table(const std::string& key) {
    static const toml::table kEmpty;
    const toml::node* node = find(key);
    if (node && !node->is_table()) refuse(*node, std::format("{} must be a table.", key));
    return {node ? *node->as_table() : kEmpty, source_, std::format("[{}]", key)};
  }

  /// `what` names each of them in errors.
  std::vector<Table> tables(const std::string& key, const std::string& what) {
    const toml::node* node = find(key);
    std::vector<Table> result;
    if (!node) return result;
    if (!node->is_array()) refuse(*node, std::format("{} must be a list of tables.", key));
    for (const toml::node& element : *node->as_array()) {
      if (!element.is_table()) refuse(element, std::format("{} must be a list of tables.", key));
      result.emplace_back(*element.as_table(), source_, what);
    }
    return result;
  }

  double number(const std::string& key, double fallback, double low, double high) {
    const toml::node* node = find(key);
    if (!node) return fallback;
    const std::optional<double> value = node->value<double>();
    if (!value || !(*value >= low && *value <= high)) {
      refuse(*node, std::format("{} must be a number from {} to {}.", key, low, high));
    }
    return *value;
  }

  int integer(const std::string& key, int fallback, int low, int high) {
    const toml::node* node = find(key);
    if (!node) return fallback;
    const std::optional<std::int64_t> value = node->value_exact<std::int64_t>();
    if (!value || *value < low || *value > high) {
      refuse(*node, std::format("{} must be a whole number from {} to {}.", key, low, high));
    }
    return static_cast<int>(*value);
  }

  /// False where the key is missing.
  bool flag(const std::string& key) {
    const toml::node* node = find(key);
    if (!node) return false;
    if (!node->is_boolean()) refuse(*node, std::format("{} must be true or false.", key));
    return **node->as_boolean();
  }

  std::string text(const std::string& key, std::string fallback) {
    const toml::node* node = find(key);
    if (!node) return fallback;
    if (!node->is_string()) refuse(*node, std::format("{} must be text in quotes.", key));
    return **node->as_string();
  }

  template <class Enum>
  Enum choice(const std::string& key, Enum fallback, const std::map<std::string, Enum>& choices) {
    const toml::node* node = find(key);
    if (!node) return fallback;
    const std::string value = text(key, "");
    if (const auto found = choices.find(value); found != choices.end()) return found->second;
    std::vector<std::string> known;
    known.reserve(choices.size());
    for (const auto& [choice, unused] : choices) known.push_back(choice);
    refuse(*node, std::format("{} cannot be \"{}\".{}", key, value, files::suggestion(value, known)));
  }

  std::vector<std::string> texts(const std::string& key) {
    const toml::node* node = find(key);
    std::vector<std::string> result;
    if (!node) return result;
    if (!node->is_array()) refuse(*node, std::format("{} must be a list of texts.", key));
    for (const toml::node& element : *node->as_array()) {
      if (!element.is_string()) refuse(element, std::format("{} must be a list of texts.", key));
      result.push_back(**element.as_string());
    }
    return result;
  }

  void channels(const std::string& key, float (&values)[3], double low, double high) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    const std::string wanted =
        std::format("{} must be three numbers from {} to {}: red, green, blue.", key, low, high);
    if (!list || list->size() != 3) refuse(*node, wanted);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::optional<double> value = list->get(i)->value<double>();
      if (!value || !(*value >= low && *value <= high)) refuse(*node, wanted);
      values[i] = static_cast<float>(*value);
    }
  }

  /// Two numbers, the first not above the second.
  void range(const std::string& key, double (&values)[2], double low, double high) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    const std::string wanted =
        std::format("{} must be two numbers from {} to {}, the larger last.", key, low, high);
    if (!list || list->size() != 2) refuse(*node, wanted);
    for (std::size_t i = 0; i < 2; ++i) values[i] = list->get(i)->value<double>().value_or(low - 1);
    if (!(values[0] >= low && values[0] <= values[1] && values[1] <= high)) refuse(*node, wanted);
  }

  /// "balanced", or a table with a number from 0.01 to 1000 for each of some names.
  void weights(const std::string& key, bool& balanced, std::map<std::string, double>& by_name) {
    const toml::node* node = find(key);
    if (!node) return;
    const std::string wanted =
        std::format("{} must be \"balanced\", or a table of numbers from 0.01 to 1000.", key);
    balanced = node->value<std::string>() == "balanced";
    if (balanced) return;
    if (!node->is_table()) refuse(*node, wanted);
    for (const auto& [name, value] : *node->as_table()) {
      const double weight = value.value<double>().value_or(0);
      if (!(weight >= 0.01 && weight <= 1000)) refuse(value, wanted);
      by_name[std::string(name.str())] = weight;
    }
  }

  void finish() const {
    for (const auto& [key, node] : table_) {
      if (std::ranges::contains(known_, key.str())) continue;
      refuse(node, std::format("{} does not know \"{}\".{}", what_, key.str(),
                               files::suggestion(key.str(), known_)));
    }
  }

 private:
  const toml::table& table_;
  std::string source_, what_;
  std::vector<std::string> known_;
};

}  // namespace leukolens::train
