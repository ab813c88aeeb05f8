#include "evaluation/classifier_pool.h"

#include "support/files.h"

namespace leukolens::train {
namespace {

Classifiers load(std::span<const std::vector<std::uint8_t>> files, std::span<const std::uint8_t> locator) {
  const auto shared = std::make_shared<Locator>(value_or_throw(Locator::load(locator)));
  Classifiers classifiers;
  classifiers.reserve(files.size());
  for (const std::vector<std::uint8_t>& file : files)
    classifiers.push_back(value_or_throw(Classifier::load(file, shared)));
  return classifiers;
}

}  // namespace

ClassifierPool::ClassifierPool(std::span<const std::vector<std::uint8_t>> files,
                               std::span<const std::uint8_t> locator, int threads) {
  for (int i = 0; i < threads; ++i) idle_.push_back(load(files, locator));
}

Classifiers ClassifierPool::take() {
  const std::lock_guard lock(mutex_);
  Classifiers taken = std::move(idle_.back());
  idle_.pop_back();
  return taken;
}

void ClassifierPool::give(Classifiers classifiers) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(classifiers));
}

}  // namespace leukolens::train
