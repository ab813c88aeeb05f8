#include "data/locator_pool.h"

#include <stdexcept>

namespace leukolens::train {

LocatorPool::LocatorPool(std::span<const std::uint8_t> model_file)
    : file_(model_file.begin(), model_file.end()) {
  idle_.push_back(take());
}

std::unique_ptr<Locator> LocatorPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Locator> locator = std::move(idle_.back());
      idle_.pop_back();
      return locator;
    }
  }
  Result<Locator> loaded = Locator::load(file_);
  if (!loaded) throw std::runtime_error("The locator cannot be used: " + loaded.error().message);
  return std::make_unique<Locator>(std::move(*loaded));
}

Result<void> LocatorPool::locate(const Picture& picture) {
  if (picture.is_located()) return {};
  std::unique_ptr<Locator> locator = take();
  const Result<void> located = picture.locate(*locator);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(locator));
  return located;
}

}  // namespace leukolens::train
