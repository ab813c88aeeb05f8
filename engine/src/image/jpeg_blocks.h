// The blocks of 8 x 8 coefficients of a JPEG, one after another, as stb_image reads them: for who needs less
// than all pixels.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "image/codec.h"

namespace leukolens {

class JpegBlocks {
 public:
  using Block = std::array<std::int16_t, 64>;

  /// How often a component is sampled in a unit of coded blocks, across and down; see Frame.
  struct Component {
    int across = 1, down = 1;
  };
  struct Frame {
    std::vector<Component> components;  // 1, 3 or 4; the most samples are a multiple of each
    bool progressive = false, is_rgb = false;
  };
  struct Scan {
    std::vector<int> components;  // by their place in the frame
    int first = 0, last = 63;     // coefficients, in the order of place_of()
    bool refines = false;
  };

  /// `jpeg` must outlive it. Error: corrupt_image.
  static Result<JpegBlocks> open(const JpegScan& jpeg);
  const Frame& frame() const { return frame_; }

  /// Goes to the next scan, once all blocks of the one before are decoded. Nothing behind the last one.
  /// Error: corrupt_image.
  Result<std::optional<Scan>> next_scan();

  /// Decodes a block of a component. Of a sequential JPEG it gets coefficients, by rows of frequencies down,
  /// of a progressive one it must hold what was decoded before. False where the data is damaged or has ended.
  bool decode(int component, Block& block);
  /// After each unit but the last: goes on behind a restart where there is one. False where it is missing.
  bool end_unit();

  /// True where the next block of a scan that does not refine has no coefficients: decode() leaves it as it
  /// is.
  bool is_next_empty() const;

  /// Where in a block coefficient `index` stands.
  static int place_of(int index);
  /// What the coefficients of a component of a progressive JPEG are multiplied by, as they stand in a block.
  std::span<const std::uint16_t> steps_of(int component) const;

  /// A row of pixels of four bytes from luminance and two colour differences.
  void to_rgbx(const std::uint8_t* y, const std::uint8_t* cb, const std::uint8_t* cr, int count,
               std::uint8_t* out) const;

 private:
  struct State;
  struct End {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, End> state_;
  Frame frame_;
};

}  // namespace leukolens
