// The differential count: how the leukocytes of a film divide among the classes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "leukolens/classifier.h"
#include "leukolens/metrics.h"

namespace leukolens {

/// Fewer leukocytes are too few to compare with reference ranges, which are of counts of a hundred and more
/// (CLSI H20-A2).
inline constexpr std::size_t kEnoughLeukocytes = 100;

/// Counts classified cells. Percentages are of leukocytes: erythroblasts and platelets are counted apart, as
/// in CLSI H20-A2, and so is what is unsure or rejected.
class Differential {
 public:
  struct Row {
    std::size_t label = 0, count = 0;  // label: an index into those of the model
    double percent = 0;                // of all leukocytes; 0 for others
    Interval percent_interval;         // Wilson's at 95 %, in percent; [0, 100] without leukocytes
  };

  /// `labels`, those of the model, must outlive this.
  explicit Differential(std::span<const Label> labels) : labels_(labels), counts_(labels.size()) {}

  void add(std::span<const Cell> cells);

  std::span<const Label> labels() const { return labels_; }
  std::size_t total() const;            // leukocytes
  std::vector<Row> leukocytes() const;  // a row a class, in the model's order
  std::vector<Row> others() const;      // erythroblasts and platelets, likewise, counts alone
  std::size_t unsure() const { return unsure_; }
  std::size_t rejected() const { return rejected_; }

 private:
  std::span<const Label> labels_;
  std::vector<std::size_t> counts_;  // one for each label
  std::size_t unsure_ = 0, rejected_ = 0;
};

}  // namespace leukolens
