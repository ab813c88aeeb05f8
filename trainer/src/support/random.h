// Random numbers that are the same with every compiler and library.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace leukolens::train {

/// splitmix64 (Steele, Lea & Flood, OOPSLA 2014). Cheap to make: one for each epoch, each image, each
/// purpose.
class Random {
 public:
  /// Different streams of one seed, and equal streams of different seeds, are unrelated.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : state_(seed) {
    state_ = (*this)() + stream;
    state_ = (*this)();
  }

  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// In [0, 1).
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
  /// In [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, count); the bias of the remainder is below 2^-40 for any count of images.
  std::size_t below(std::size_t count) { return (*this)() % count; }

  template <class T>
  void shuffle(std::vector<T>& values) {  // Fisher & Yates
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace leukolens::train
