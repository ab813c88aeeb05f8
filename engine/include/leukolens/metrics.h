// How good a classifier is, from its probabilities. Used by `leukolens evaluate` and by the trainer.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace leukolens {

struct Interval {
  double low = 0, high = 1;
};

/// Wilson score interval for `successes` of `trials` at 95 % (E. B. Wilson, JASA 22, 1927). [0, 1] when
/// trials is 0.
Interval wilson(std::size_t successes, std::size_t trials);

struct Scored {
  int truth = 0;                     // index of the true label
  std::vector<float> probabilities;  // one for each label; none where the cell was not found
};

/// The index of the most probable label, the first of equals; none where the cell was not found.
std::optional<std::size_t> predicted(const Scored& scored);

struct RocPoint {
  double false_positive_rate = 0, true_positive_rate = 0;
};

/// One class against the rest.
struct ClassMetrics {
  std::size_t support = 0, predicted = 0, correct = 0;
  std::size_t not_found = 0;                 // of the support
  double precision = 0, recall = 0, f1 = 0;  // 0 where undefined
  Interval recall_interval, precision_interval;
  std::vector<RocPoint>
      roc;         // from (0, 0) to (1, 1), one point for each distinct probability; empty where undefined
  double auc = 0;  // area under it by trapezia, which is the Mann-Whitney statistic; 0 where undefined
};

/// Confidence and accuracy in one bin of the reliability diagram.
struct ReliabilityBin {
  std::size_t count = 0;
  double confidence = 0, accuracy = 0;  // means over the bin
};

/// A cell that was not found is wrong: it counts in the total and in its class's support, so that it lowers
/// accuracy, recall and F1. Curves rank it last for every label. Loss, Brier score and ECE are of the images
/// that have probabilities.
struct Metrics {
  std::size_t total = 0, correct = 0, not_found = 0;
  double accuracy = 0, macro_f1 = 0, macro_recall = 0, macro_auc = 0;  // macro: over classes with support
  Interval accuracy_interval;
  double loss = 0;   // mean negative log-likelihood, natural logarithm
  double brier = 0;  // mean squared distance to the one-hot truth, summed over classes (Brier 1950)
  double ece = 0;  // expected calibration error of the top label, 15 equal-mass bins (Nguyen & O'Connor 2015)
  Interval ece_interval;  // 95 %, bootstrap over the images, centred on ece; all of [0, 1] where undefined
  std::vector<ReliabilityBin> reliability;  // the bins of ece, in order of confidence
  std::vector<ClassMetrics> classes;
  std::vector<std::vector<std::size_t>> confusion;  // [truth][prediction], of the cells that were found
};

/// `classes`: number of labels. Each Scored has that many probabilities, or none. The same input gives the
/// same figures: the bootstrap has a fixed seed.
Metrics measure(std::span<const Scored> scored, std::size_t classes);

}  // namespace leukolens
