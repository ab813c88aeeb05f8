// Training a locator: recipe and images in, weights out.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "locator/marked_images.h"
#include "training/recipe.h"

namespace leukolens::train {

struct LocatorStep {
  int step = 0, steps = 0;
  double centres = 0, edges = 0;  // losses, averaged over the last hundred steps or so
};

struct LocatorFitOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  const std::atomic<bool>* interrupted = nullptr;  // read after each step
  std::function<void(const LocatorStep&)> on_step = [](const LocatorStep&) {};
  std::function<void(int found)> on_labels = [](int) {};  // crops whose cell the network has framed
};

/// Trains on the images that are seen, to which it adds the boxes that crops lack. The same arguments give
/// the same weights on the same machine. Throws Interrupted, and std::runtime_error if training diverges.
Model fit_locator(const Recipe& recipe, std::vector<MarkedImage>& images, const LocatorFitOptions& options);

}  // namespace leukolens::train
