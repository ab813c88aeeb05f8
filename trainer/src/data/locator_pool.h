// Finding cells on several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "leukolens/picture.h"

namespace leukolens::train {

/// Locators of one model file, one for each thread that asks at a time.
class LocatorPool {
 public:
  /// Throws std::runtime_error if the file holds no locator.
  explicit LocatorPool(std::span<const std::uint8_t> model_file);

  /// Finds the cells of a picture, unless that has been done. Several threads may call this, each with its
  /// own picture. Errors: those of Locator::locate().
  Result<void> locate(const Picture& picture);

 private:
  std::unique_ptr<Locator> take();

  std::vector<std::uint8_t> file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Locator>> idle_;
};

}  // namespace leukolens::train
