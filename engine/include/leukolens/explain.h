// Where on an image a network found what speaks for a class.
#pragma once

#include <span>
#include <vector>

#include "leukolens/image.h"
#include "leukolens/model.h"

namespace leukolens {

/// The relevance of each place for one label's logit, at the resolution of the network's features.
struct Heatmap {
  int label = 0;              // index into Model::labels
  int width = 0, height = 0;  // of the map, in cells
  std::vector<float> values;  // rows from the top, in [-1, 1]; above 0 speaks for the label, below against it
  float scale = 0;            // logits that a value of 1 stands for: the largest magnitude on this map
  Rect region;                // px of the image over which the map is stretched; may reach past its edges
  double explain_ms = 0;      // what the map took, beyond the prediction

  /// The value at a point of the image, in pixels from its upper left corner: interpolated bilinearly between
  /// the centres of cells; beyond them the nearest one counts.
  float at(float x, float y) const;
};

/// HiResCAM (Draelos & Carin, arXiv:2011.08891): value[y, x] is the sum over channels k of
/// dlogit / dfeature[y, x, k] * feature[y, x, k], where dlogit is exact, rectifiers included. Where the head
/// is global_avg_pool and one dense layer, this is the class activation map of Zhou et al. 2016. The logit is
/// the label's own, not its lead over another's, and not divided by the temperature, which would scale all
/// values alike. Biases have no place and are left out: with such a head, scale * (sum of values) + bias is
/// the logit. `model`: needs the weights of its head only (see head_begin()); `features`, `shape`: what
/// Network::features() gives; `view`: the part of the image that the network's input was resampled from.
/// Errors: invalid_argument if there is no such label; unsupported_model if the features have one place only;
/// corrupt_model if a value is not finite.
Result<Heatmap> explain(const Model& model, std::span<const float> features, Shape shape, int label,
                        Rect view);

}  // namespace leukolens
