// What the fuzzers have in common.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "leukolens/image.h"

namespace leukolens::fuzz {

using Input = std::span<const std::uint8_t>;

inline void require(bool condition) {
  if (!condition) std::abort();
}

/// Takes a byte off the input; 0 where it has ended.
inline std::uint8_t take(Input& input) {
  if (input.empty()) return 0;
  const std::uint8_t byte = input[0];
  input = input.subspan(1);
  return byte;
}

/// A sound file changed in places, so that the fuzzer begins inside the format instead of guessing its way
/// in: the input is edits of a place in two bytes, how many bytes are replaced, how many take their place,
/// and these.
template <class File>
File edited(File file, Input edits) {
  while (edits.size() >= 4 && !file.empty()) {
    const std::size_t place = (take(edits) << 8 | take(edits)) % file.size();
    const std::size_t replaced = std::min<std::size_t>(take(edits) % 32, file.size() - place);
    const std::size_t added = std::min<std::size_t>(take(edits) % 32, edits.size());
    const auto at = file.begin() + static_cast<std::ptrdiff_t>(place);
    file.erase(at, at + static_cast<std::ptrdiff_t>(replaced));
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(place), edits.begin(),
                edits.begin() + static_cast<std::ptrdiff_t>(added));
    edits = edits.subspan(added);
  }
  return file;
}

/// A drawing that the input chooses: its size, and its pixels by repeating the rest.
inline Image image_of(Input input, int largest) {
  Image image{1 + take(input) * largest / 256, 1 + take(input) * largest / 256, {}};
  image.rgb.resize(std::size_t(3) * image.width * image.height, 255);
  for (std::size_t i = 0; i < image.rgb.size() && !input.empty(); ++i) image.rgb[i] = input[i % input.size()];
  return image;
}

inline void require_sound(const Error& error) {
  require(!error.message.empty() && error.code != ErrorCode::internal);
}

/// Of one file decoded twice: the same image, or the same sound error.
inline void require_one_image(const Result<Image>& first, const Result<Image>& second) {
  require(first.has_value() == second.has_value());
  if (!first) {
    require(first.error().code == second.error().code);
    require_sound(first.error());
    return;
  }
  require(first->width >= 1 && first->width <= kMaxSide && first->height >= 1 && first->height <= kMaxSide);
  require(first->rgb.size() == 3 * std::size_t(first->width) * std::size_t(first->height));
  require(first->rgb == second->rgb);
}

inline void require_probabilities(std::span<const float> probabilities) {
  float sum = 0;
  for (const float one : probabilities) {
    require(one >= 0 && one <= 1);
    sum += one;
  }
  require(std::abs(sum - 1) < 1e-4f);
}

}  // namespace leukolens::fuzz
