// A picture that is open in the module, and what the network made of its cells.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "leukolens/classifier.h"

namespace leukolens {

/// Keeps the embeddings of cells: whoever reviews cells has a profile fitted to them again and again.
class Held {
 public:
  Held(int number, Picture picture) : number_(number), picture_(std::move(picture)) {}

  int number() const { return number_; }
  const Picture& picture() const { return picture_; }

  /// `cell`: one of the picture's, or nullptr. Errors: those of Classifier::embed().
  Result<std::vector<float>> embedding(Classifier& classifier, const Located* cell, const StainScale& stain) {
    constexpr std::size_t kMost = 3;  // as they are, and in two stains
    auto seen = std::ranges::find(seen_, stain.factors, &Seen::stain);
    if (seen == seen_.end()) {
      if (seen_.size() == kMost) seen_.erase(seen_.begin());
      seen = seen_.insert(seen_.end(), {stain.factors, {}});
    }
    const std::size_t place = cell ? 1 + std::size_t(cell - picture_.field().cells.data()) : 0;
    seen->embeddings.resize(std::max(seen->embeddings.size(), place + 1));
    std::vector<float>& kept = seen->embeddings[place];
    if (kept.empty()) {
      auto embedding = classifier.embed(picture_, cell, stain);
      if (!embedding) return embedding;
      kept = std::move(*embedding);
    }
    return kept;
  }

 private:
  struct Seen {
    std::array<float, 3> stain;
    std::vector<std::vector<float>> embeddings;  // the first is that of the picture itself
  };

  int number_;
  Picture picture_;
  std::vector<Seen> seen_;  // the oldest first
};

}  // namespace leukolens
