// How the leukocytes of a film divide among the classes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "files/json_writer.h"
#include "leukolens/classifier.h"

namespace leukolens::cli {

/// Counts classified cells. Percentages are of leukocytes: erythroblasts and platelets are counted apart, as
/// in CLSI H20-A2, and so is what is unsure or rejected.
class Differential {
 public:
  /// `labels`, those of the model, must outlive this.
  explicit Differential(std::span<const Label> labels) : labels_(labels), counts_(labels.size()) {}

  void add(std::span<const Cell> cells);

  /// {"total", "classes": [{"label", "count", "percent", "percentInterval"}], "others": [{"label", "count"}],
  /// "unsure", "rejected"}; intervals are Wilson's at 95 %.
  files::Json::Value to_json(const files::Json& json) const;
  /// The same as a table.
  std::string text() const;

 private:
  std::vector<std::size_t> indices(bool leukocytes) const;
  std::size_t total() const;

  std::span<const Label> labels_;
  std::vector<std::size_t> counts_;  // one for each label
  std::size_t unsure_ = 0, rejected_ = 0;
};

}  // namespace leukolens::cli
