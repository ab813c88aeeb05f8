// Classifiers for several threads.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "leukolens/classifier.h"

namespace leukolens::train {

using Classifiers = std::vector<Classifier>;  // one for each model

/// As many sets as there are threads, each for one thread at a time.
class ClassifierPool {
 public:
  /// `files`: model files. Throws std::runtime_error if one, or the locator, cannot be loaded.
  ClassifierPool(std::span<const std::vector<std::uint8_t>> files, std::span<const std::uint8_t> locator,
                 int threads);
  Classifiers take();
  void give(Classifiers classifiers);

 private:
  std::mutex mutex_;
  std::vector<Classifiers> idle_;
};

}  // namespace leukolens::train
