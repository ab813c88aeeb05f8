// From the bytes of an image to a verdict.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "leukolens/explain.h"

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

 private:
  struct Plan;
  explicit Network(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

/// Fills `out` (input.height * input.width * 3 floats, NHWC) from `image`. The only preprocessing there is:
/// training, the command line and the browser all call it.
void prepare(const Image& image, const Input& input, std::span<float> out);

/// probabilities = softmax(logits / temperature), computed so that no finite logit overflows.
void softmax(std::span<const float> logits, float temperature, std::span<float> probabilities);

enum class Verdict { classified, unsure, rejected };
std::string_view name(Verdict verdict);

struct Timings {
  double decode_ms = 0, prepare_ms = 0, infer_ms = 0;
};

struct Classification {
  Verdict verdict = Verdict::rejected;
  std::optional<int> label;          // index into Model::labels; none when rejected
  float confidence = 0;              // the largest probability
  std::vector<float> probabilities;  // one for each label, in the model's order, summing to 1
  Timings timings;
};

/// A model and a network in one. Not thread-safe.
class Classifier {
 public:
  /// `model_file`: the bytes of a .safetensors file; not needed after the call. Errors: those of read_model
  /// and Network::create.
  static Result<Classifier> load(std::span<const std::uint8_t> model_file);

  /// Errors: those of decode().
  Result<Classification> classify(std::span<const std::uint8_t> image_file);
  Result<Classification> classify(const Image& image);

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
  Model model_;
  Network network_;
  std::optional<Rect> seen_;  // the part of the last image that the network ran on; none if it did not run
};

}  // namespace leukolens
