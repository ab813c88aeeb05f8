// A data set in memory: decoded and resampled by the engine, ready for the network.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/dataset.h"
#include "leukolens/locator.h"
#include "leukolens/model.h"
#include "support/parallel.h"
#include "training/augment.h"

namespace leukolens::train {

/// The label of a place where no cell is, though a locator may take it for one: a network should give every
/// label the same probability there. Only training looks at such places.
inline constexpr std::string_view kNothingId = "nothing";
inline constexpr int kNothing = -1;

struct Sample {
  std::string source, group;
  files::Part part = files::Part::unassigned;
  int label = 0;         // index into the labels, or kNothing
  int origin = 0;        // which of several data sets it comes from
  Frame frame;           // of its source
  int doubt = kNothing;  // the other label it may have as well, which training gives half of the target
};

struct Samples {
  int width = 0, height = 0;
  std::vector<Sample> list;
  std::vector<std::uint8_t> pixels;  // [list.size(), height, width, 3]: 12 kB an image of 64x64
  int source_width = 0, source_height = 0;
  std::vector<std::uint8_t> sources;       // what augment() needs, likewise; may be empty
  std::vector<files::Skipped> unreadable;  // listed, counted, left out; images without a cell among them
  std::vector<files::Skipped> unlabelled;  // images of labels that the network does not have

  std::size_t pixels_each() const { return std::size_t(3) * width * height; }
  Image image(std::uint32_t index) const;  // at the network's size
  Image source(std::uint32_t index) const;
};

/// The ids of the labels in the data, sorted, without kNothingId.
std::vector<std::string> labels_in(const files::Dataset& data);

struct LoadOptions {
  int threads = 1;
  bool sources = false;  // keep what augment() needs
};

/// Reads every image whose label is known, and those of nothing. Throws std::runtime_error if more than a
/// tenth of them cannot be read, or none is left.
Samples load_samples(const files::Dataset& data, std::span<const Label> labels, const Input& input,
                     const LoadOptions& options, const OnProgress& on_progress);

}  // namespace leukolens::train
