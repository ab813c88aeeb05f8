// A data set in memory: what the network sees of each picture, ready for training.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/locator_pool.h"
#include "data/picture_pass.h"
#include "files/dataset.h"
#include "leukolens/model.h"

namespace leukolens::train {

/// The label of a place without a cell, though a locator may take it for one. The network is trained to give
/// every label the same probability there. Only training uses such places.
inline constexpr std::string_view kBackgroundId = "background";
inline constexpr int kBackground = -1;

/// How much larger than the network's input a source of augment() is in memory, so that turning it loses
/// nothing.
inline constexpr int kSourceScale = 2;
/// Likewise for located cells, of which the source also shows more than the network will see.
inline constexpr double kCellScale = 1.5, kCellContext = 1.5;

/// How a source of augment() relates to what the network sees.
struct Frame {
  double aspect = 1;   // width / height
  double context = 1;  // side of what the source shows, as a multiple of the network's view
  bool disc = false;   // the network sees a disc on white
};

struct Sample {
  std::string source, group;
  files::Part part = files::Part::unassigned;
  int label = 0;                  // index into the labels, or kBackground
  int origin = 0;                 // which of several data sets it comes from
  Frame frame;                    // of its source
  std::optional<int> soft_label;  // another label that it may have as well, which gets half of the target
  std::uint32_t item = 0;         // index of its row, see Dataset::items()
  std::string content;            // of its file, see content_of()
  int fold = 0;                   // that the data gives it, from 1; 0: none
  std::optional<std::array<float, 3>> nucleus;  // of a located cell: what it absorbs, see Located::density
};

struct Samples {
  int width = 0, height = 0;
  std::vector<Sample> list;
  std::vector<std::uint8_t> pixels;  // [list.size(), height, width, 3]: 12 kB an image of 64x64
  int source_width = 0, source_height = 0;
  std::vector<std::uint8_t> sources;       // what augment() needs, likewise; may be empty
  std::vector<files::Skipped> unreadable;  // left out: files that cannot be read, and images without a cell
  std::vector<files::Skipped> unlabelled;  // left out: images of labels that the network does not have

  std::size_t pixels_each() const { return std::size_t(3) * width * height; }
  std::size_t source_each() const { return std::size_t(3) * source_width * source_height; }
  Image image(std::uint32_t index) const;  // at the network's size
  Image source(std::uint32_t index) const;
};

/// The ids of the labels in the data, sorted, without kBackgroundId.
std::vector<std::string> labels_in(const files::Dataset& data);

/// Composes samples from the pictures of one pass. Their memory is laid out beforehand, and each is written
/// where it will stay.
class SampleLoader {
 public:
  /// `with_sources`: keep what augment() needs. `locators`: for networks that look at cells; may be null for
  /// others. The data set and the locators must outlive this.
  SampleLoader(const files::Dataset& data, std::span<const Label> labels, const Input& input,
               bool with_sources, LocatorPool* locators);

  /// The rows whose label the network has, and those of background.
  const Items& items() const { return items_; }

  /// Each of items() must be added once; other rows are passed over. Several threads may call this.
  void add(const OpenedFile& file);

  /// Throws std::runtime_error if more than a tenth of the samples cannot be read, or none is left.
  Samples take();

 private:
  const files::Dataset& data_;
  std::vector<Label> labels_;
  Input input_;
  LocatorPool* locators_;
  Items items_;                      // of each slot
  std::vector<std::string> errors_;  // why a slot is empty
  Samples samples_;
};

struct LoadOptions {
  int threads = 1;
  bool sources = false;  // keep what augment() needs
  LocatorPool* locators = nullptr;
};

/// One pass for the samples alone.
Samples load_samples(const files::Dataset& data, std::span<const Label> labels, const Input& input,
                     const LoadOptions& options, const OnProgress& on_progress);

}  // namespace leukolens::train
