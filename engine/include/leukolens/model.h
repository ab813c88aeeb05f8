// The model file: a safetensors container. In its `__metadata__`, `leukolens` is a JSON document that
// describes the network, its input and its labels, and `sha256` a checksum: of the file with zeros for its 64
// digits. Reading validates everything; writing produces what reading accepts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "leukolens/error.h"

namespace leukolens {

enum class Activation { none, relu, relu6 };

/// Cross-correlation with bias. Weight [filters, kernel, kernel, in_channels / groups], bias [filters].
struct Conv2d {
  int filters = 0, kernel = 1, stride = 1, padding = 0, groups = 1;  // padding: zero pixels on every side
  Activation activation = Activation::none;
};
/// Window `size` x `size` at distance `stride`; what does not fill a window is dropped, as in Keras' "valid".
struct MaxPool2d {
  int size = 2, stride = 2;
};
/// Mean over rows and columns: [h, w, c] -> [1, 1, c].
struct GlobalAvgPool {};
/// [h, w, c] -> [1, 1, h * w * c] in the order rows, columns, channels.
struct Flatten {};
/// Weight [units, in], bias [units]. The input must be flat (1 x 1 x in).
struct Dense {
  int units = 0;
  Activation activation = Activation::none;
};
/// Adds the output of the earlier layer `from` (its index in the list) to the output of the layer before this
/// one.
struct Add {
  int from = 0;
  Activation activation = Activation::none;
};

/// Each place `scale` x `scale` times (nearest neighbour): [h, w, c] -> [h * scale, w * scale, c].
struct Upsample2d {
  int scale = 2;
};

using Operation = std::variant<Conv2d, MaxPool2d, GlobalAvgPool, Flatten, Dense, Add, Upsample2d>;

struct Shape {
  int height = 0, width = 0, channels = 0;
  friend bool operator==(const Shape&, const Shape&) = default;
};

struct Layer {
  std::string name;  // unique; weights are the tensors NAME.weight and NAME.bias
  Operation operation;
  std::vector<float> weight, bias;  // empty where the operation has none
};

struct Label {
  std::string id;    // lower case, of ASCII only a-z, 0-9, _ and -, no U+0080 to U+00BF, e.g. "eosinophil"
  std::string name;  // for people, e.g. "Eosinophil"
};

/// How pixels become the network's input: x = (value / 255 - mean) / std per channel, NHWC. Of a located cell
/// the network sees a disc, under a light that makes the background white; all around is white.
struct Input {
  enum class Region { whole, cell };
  int width = 0, height = 0;
  Region region = Region::whole;
  float extent = 3;  // cell: the disc's diameter in diameters of a red cell, which are about 7.5 um
  float mean[3] = {0, 0, 0};
  float std[3] = {1, 1, 1};
  // Test-time augmentation: where the two largest logits differ by less than this, infer() takes the mean
  // over four quarter turns; 0: never.
  float tta_margin = 0;
};

struct Calibration {
  float temperature = 1;  // probabilities = softmax(logits / temperature), Guo et al. 2017
};

struct Rejection {
  float min_confidence = 0;     // calibrated probability below which the verdict is "unsure"
  float min_typicality = 0;     // share of known cells below which it is "rejected"; see typicality()
  float reject_confidence = 0;  // calibrated probability below which it is "rejected" too
  // What the feature statistics of known cells, n = feature_statistics_count(), are like; empty where it was
  // not measured.
  std::vector<float> whitening;  // [n, n], lower triangle: makes their covariance within classes 1
  std::vector<float> centres;    // [any number, n], whitened: known cells gather around them
  std::vector<float> distances;  // ascending, at least 2: equally spaced quantiles, from the least to the
                                 // largest, of the distances of known cells that training did not see
};

/// What the usual nucleus absorbs, by channel (see Located::density), at the least and at the most among the
/// sources that a model was trained on.
struct StainRange {
  std::array<float, 3> least{}, most{};
};

/// What makes a model a locator: it gives boxes instead of one answer for the whole image. The last layer
/// gives a grid of places with labels + kBoxEdges channels: for each label the logit of the middle of such a
/// box being at this place, then the distances from the place to the left, upper, right and lower edge of the
/// box, d = diameter / 2 * exp(value) px. Works on images of any multiple of kLocatorStep px.
struct Detection {
  float diameter = 32;    // px of the input: of boxes whose four values are 0
  float min_score = 0.5;  // probability from which on there is something
};
inline constexpr int kBoxEdges = 4, kLocatorStep = 32;

struct Model {
  std::string name;
  std::vector<Layer> layers;
  std::vector<Label> labels;
  Input input;
  Calibration calibration;
  Rejection rejection;
  std::optional<StainRange> stain;     // of a model that looks at cells
  std::optional<Detection> detection;  // of a locator
  // JSON objects for people, which the engine does not interpret.
  std::string training_json = "{}";  // data, split, seed, commit, date
  std::string metrics_json = "{}";   // measured figures
  std::string sha256;                // of its file, for profiles; set by whoever reads one for this model
  std::string document;              // the whole description as read; write_model() makes it anew
};

enum class Precision { f32, f16, i8 };  // i8: symmetric, one F32 scale for each output channel

inline constexpr int kModelFormat = 1;
inline constexpr std::size_t kMaxModelFile = 64 << 20;  // bytes

/// Multiply-adds of one run of a network. A float that a layer makes room for counts as 64 of them: its
/// outputs take at most 250 MB.
inline constexpr std::int64_t kMaxWork = 4'000'000'000;

/// Reads a model file. Errors: corrupt_model, unsupported_model.
Result<Model> read_model(std::span<const std::uint8_t> file);

/// The bytes of a model file. Biases stay F32 whatever the precision of the weights.
/// Errors: invalid_argument if the model would not be read back.
Result<std::vector<std::uint8_t>> write_model(const Model& model, Precision precision = Precision::f32);

/// Output shapes of all layers, in order, for an input of [height, width, 3]. Errors: corrupt_model with the
/// layer's name if the layers do not fit together; unsupported_model beyond kMaxWork.
Result<std::vector<Shape>> infer_shapes(std::span<const Layer> layers, Shape input);

/// The same for the model's own input. Errors: corrupt_model too if the last layer does not give what the
/// model's labels or its detection need.
Result<std::vector<Shape>> infer_shapes(const Model& model);

/// The index of the first layer of the head: of the flatten, global_avg_pool and dense layers that end the
/// list. What the layer before it gives are the network's features, the last values that have a place in the
/// image.
std::size_t head_begin(const Model& model);

/// How many numbers an embedding, what a profile is fitted to, has: the network's features averaged over
/// their places, as global_avg_pool gives them; the channels of the feature statistics, where the model has
/// any; then the logits divided by the temperature.
std::size_t embedding_size(const Model& model);

/// The index of the layer whose channels the feature statistics measure: the first convolution; none where
/// there is none.
std::optional<std::size_t> statistics_layer(const Model& model);

/// The number of feature statistics, by which what is out of distribution is recognised: the mean of each
/// channel of the first convolution over all places, then the standard deviation of each (Huang & Belongie,
/// ICCV 2017), then the logits. What is new shows at both ends: the layers between keep little but what tells
/// the labels apart.
std::size_t feature_statistics_count(const Model& model);

/// The shape of NAME.weight for an operation that reads `in_channels`; empty if it has no weights. The first
/// side is the number of output channels, and NAME.bias has that one side.
std::vector<std::size_t> weight_shape(const Operation& operation, int in_channels);

/// Parameters and multiply-accumulates of one layer, given the shape that it reads.
struct Cost {
  std::int64_t parameters = 0, macs = 0;
};
Cost cost(const Operation& operation, Shape input, Shape output);

/// The sum over all layers of a model that read_model() accepted.
Cost total_cost(const Model& model);

/// "conv2d", "max_pool2d", "global_avg_pool", "flatten", "dense", "add" or "upsample2d": as in the file and
/// in recipes.
std::string_view type_name(const Operation& operation);

}  // namespace leukolens
