// From the bytes of an image to a verdict.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "leukolens/explain.h"
#include "leukolens/locator.h"

namespace leukolens {

/// A network ready to run on XNNPACK, one thread. Not thread-safe: one Network for each thread.
class Network {
 public:
  /// Errors: corrupt_model, unsupported_model, out_of_memory.
  static Result<Network> create(const Model& model);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  /// Where to put the input before run(): NHWC, height * width * 3 floats, prepared by prepare().
  std::span<float> input();
  /// Runs the network once and returns the logits, one for each label; valid until the next run().
  Result<std::span<const float>> run();
  /// What run() last gave the head (see head_begin()): rows, columns, channels. Stays until the next run().
  std::span<const float> features() const;
  Shape features_shape() const;
  /// The style of what run() last saw, see trait_count(). Stays until the next run(). Empty where the model
  /// has no statistics to compare it with.
  std::span<const float> style() const;

 private:
  struct Plan;
  explicit Network(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

/// The square around a cell that a network with Input::Region::cell looks at, `extent` red cells wide. It may
/// reach beyond the image.
Rect square_around(const Located& cell, const Field& field, float extent);

/// Resamples `square` to width x height under a light that makes the background white; what lies beyond the
/// image is white.
Image cut(const Image& image, const Field& field, Rect square, int width, int height);

/// Makes everything outside the largest disc white.
void mask_disc(Image& image);

/// The cell that an image of one cell is about: the surest of those in its middle, or of all; nullptr where
/// there is none.
const Located* subject(const Image& image, const Field& field);

/// The cell whose nucleus is nearest to a point; nullptr where there is none.
const Located* nearest(const Field& field, Point point);

/// Fills `out` (input.height * input.width * 3 floats, NHWC) from an image of the input's size.
void normalise(const Image& image, const Input& input, std::span<float> out);

/// All of the above: fills `out` from the whole image, or from its subject. False if it has none.
bool prepare(const Image& image, const Input& input, std::span<float> out);

/// What else a network has to say of an image, the right way up.
struct Seen {
  std::vector<float> features;  // see Network
  std::vector<float> traits;    // see trait_count(); the logits are those that look() returns
};

/// The logits of what normalise() has put into the network, which it may turn; where the two largest differ
/// by less than `input.second_look`, the mean over its four quarter turns.
Result<std::vector<float>> look(Network& network, const Input& input, Seen& seen);

/// probabilities = softmax(logits / temperature), computed so that no finite logit overflows.
void softmax(std::span<const float> logits, float temperature, std::span<float> probabilities);

/// Whether the cut of a located cell was drawn: nothing in it is darker than glass, or an eighth or more of
/// what is has the very colour of all four neighbours, as no sensor gives. Of 2,580 images of BCCD and PBC
/// none has more than a fiftieth of it, and of a hundred stored as JPEG of quality 20 one has a tenth.
bool is_drawn(const Image& view);

/// How far traits lie from the nearest centre of known cells: the Mahalanobis distance, squared, under one
/// covariance for all (Lee et al., NeurIPS 2018, who have one centre a class).
float distance(const Rejection& rejection, std::span<const float> traits);

/// The share of known cells that lay as far or farther, in [0, 1]: a conformal p-value. A thousandth part
/// says that of a thousand cells like those of training, about one looks so strange.
float familiarity(const Rejection& rejection, float distance);

enum class Verdict { classified, unsure, rejected };
std::string_view name(Verdict verdict);

struct Timings {
  double decode_ms = 0, locate_ms = 0, prepare_ms = 0, infer_ms = 0;
};

/// What the network says of one image or one cell.
struct Judgement {
  Verdict verdict = Verdict::rejected;
  std::optional<int> label;          // index into Model::labels; none when rejected
  float confidence = 0;              // the largest probability
  std::optional<float> familiarity;  // see familiarity(); none where the model has no statistics
  std::vector<float> probabilities;  // one for each label, in the model's order, summing to 1; none without a
                                     // cell to look at
};

struct Cell : Judgement {
  Located located;
};

struct Classification : Judgement {
  std::vector<Cell> cells;  // the one that was looked at; none if the network sees the whole image
  Timings timings;
};

struct FieldClassification {
  std::vector<Cell> cells;  // all white cells, the surest first
  Timings timings;          // of all cells together
};

/// A model and a network in one. Not thread-safe.
class Classifier {
 public:
  /// `model_file`: the bytes of a .safetensors file; not needed after the call. Errors: those of read_model
  /// and Network::create.
  static Result<Classifier> load(std::span<const std::uint8_t> model_file);

  /// Of the image's subject or, with `at`, of the cell nearest to that point. Errors: those of decode();
  /// invalid_argument if there is a point and the network sees the whole image.
  Result<Classification> classify(std::span<const std::uint8_t> image_file, std::optional<Point> at = {});
  Result<Classification> classify(const Image& image, std::optional<Point> at = {});

  /// Every white cell of a field. Errors: those of decode(); invalid_argument if the network sees the whole
  /// image.
  Result<FieldClassification> classify_field(std::span<const std::uint8_t> image_file);
  Result<FieldClassification> classify_field(const Image& image);

  /// What on the image that classify() saw last speaks for a label, without running the network again.
  /// Errors: those of leukolens::explain(); invalid_argument if the network has not run on an image.
  Result<Heatmap> explain(int label) const;
  /// The same of another image. Errors: those of classify() too.
  Result<Heatmap> explain(std::span<const std::uint8_t> image_file, int label);
  Result<Heatmap> explain(const Image& image, int label);

  /// Milliseconds of each of `iterations` (at least 1) runs of the network alone, on whatever image it saw
  /// last.
  std::vector<double> benchmark(int iterations);

  /// Weights are dropped once the network has packed them, but for the head's, which explanations need;
  /// everything else about the model stays.
  const Model& model() const { return model_; }

 private:
  Classifier(Model model, Network network);
  Result<Judgement> judge(const Image& view, Rect seen, Timings& timings);
  Result<Cell> judge(const Image& image, const Field& field, const Located& located, Timings& timings);
  Model model_;
  Network network_;
  std::optional<Rect> view_;  // the part of the last image that the network ran on; none if it did not run
  Seen seen_;                 // there
};

}  // namespace leukolens
