// A picture that is open in the module, and what the network made of its cells.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "leukolens/classifier.h"

namespace leukolens {

/// Keeps the embeddings of cells that were classified: profiles are fitted to them, and whoever corrects
/// answers has just seen those cells classified.
class Held {
 public:
  Held(int number, Picture picture) : number_(number), picture_(std::move(picture)) {}

  int number() const { return number_; }
  const Picture& picture() const { return picture_; }

  /// `cell`: one of the picture's; nullptr: what classify() looks at. `stain`: in which it was seen. An empty
  /// embedding says nothing.
  void keep(const Located* cell, const StainScale& stain, std::vector<float> embedding) {
    constexpr std::size_t kMost = 3;  // as they are, as a field evens them, as a profile does
    auto seen = seen_in(stain);
    if (seen == seen_.end()) {
      if (seen_.size() == kMost) seen_.erase(seen_.begin());
      seen = seen_.insert(seen_.end(), {stain.factors, {}});
    }
    seen->embeddings.resize(std::max(seen->embeddings.size(), place_of(cell) + 1));
    seen->embeddings[place_of(cell)] = std::move(embedding);
  }

  /// The embedding of a cell seen in a stain; from memory, where it is known. Empty where there is no cell.
  /// Errors: those of Classifier::classify().
  Result<std::vector<float>> embedding(Classifier& classifier, const Located* cell, const StainScale& stain) {
    const std::size_t place = place_of(cell);
    if (const auto seen = seen_in(stain);
        seen != seen_.end() && place < seen->embeddings.size() && !seen->embeddings[place].empty())
      return seen->embeddings[place];
    classifier.use_stain(stain);
    const auto at = cell ? std::optional(Point{cell->x, cell->y}) : std::nullopt;
    auto answer = classifier.classify(picture_, at);
    classifier.use_stain({});
    if (!answer) return std::unexpected(std::move(answer.error()));
    keep(cell, stain, answer->embedding);
    return std::move(answer->embedding);
  }

  /// The same of what somebody framed, which is not kept. Errors: those of Classifier::classify_framed().
  Result<std::vector<float>> embedding(Classifier& classifier, const Rect& frame,
                                       const StainScale& stain) const {
    classifier.use_stain(stain);
    auto answer = classifier.classify_framed(picture_, {&frame, 1});
    classifier.use_stain({});
    if (!answer) return std::unexpected(std::move(answer.error()));
    return std::move(answer->cells.front().embedding);
  }

 private:
  struct Seen {
    std::array<float, 3> stain;
    std::vector<std::vector<float>> embeddings;
  };

  std::vector<Seen>::iterator seen_in(const StainScale& stain) {
    return std::ranges::find(seen_, stain.factors, &Seen::stain);
  }

  // The first place is that of the picture itself.
  std::size_t place_of(const Located* cell) const {
    return cell ? 1 + std::size_t(cell - picture_.field().cells.data()) : 0;
  }

  int number_;
  Picture picture_;
  std::vector<Seen> seen_;  // the oldest first
};

}  // namespace leukolens
