// A model's layers on XNNPACK, from normalised pixels to logits.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "leukolens/model.h"

namespace leukolens {

/// A network ready to run on XNNPACK, one thread. Not thread-safe: one Network for each thread.
class Network {
 public:
  /// Errors: corrupt_model, unsupported_model, out_of_memory.
  static Result<Network> create(const Model& model);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  /// From now on for inputs of another size, whose shapes infer_shapes() accepts. Errors: theirs;
  /// out_of_memory.
  Result<void> resize(int height, int width);

  /// Where to put the input before run(): NHWC, height * width * 3 floats, as normalise() makes them.
  std::span<float> input();
  /// Runs the network once and returns what the last layer gives: of a classifier the logits, one for each
  /// label. Valid until the next run(). Errors: corrupt_model if they, the features or the channel statistics
  /// are not finite, for finite weights may overflow; internal.
  Result<std::span<const float>> run();
  /// What run() last gave the head (see head_begin()): rows, columns, channels. Stays until the next run().
  std::span<const float> features() const;
  Shape features_shape() const;
  /// The mean, then the standard deviation, of each channel of the statistics_layer() in the last run().
  /// Stays until the next run(). Empty where the model has nothing to compare them with.
  std::span<const float> channel_statistics() const;

 private:
  struct Plan;
  explicit Network(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

/// What one inference gives.
struct NetworkOutput {
  std::vector<float> logits;              // one for each label
  std::vector<float> feature_statistics;  // the channel statistics, then the logits: for distance()
  std::vector<float> features;            // see Network::features(); of the input the right way up
  std::vector<float> embedding;           // see embedding_size(), but for the temperature; for Looks::all
};

/// From how many sides a network looks at its input.
enum class Looks {
  as_needed,  // from four, a quarter turn each, where the two largest logits differ by less than
              // Input::tta_margin; else from one
  all         // from four, unless that margin is 0: then the model has not learnt to be turned
};

/// Runs the network on what normalise() has put into it, which it may turn. Logits and embedding are means
/// over all looks; the feature statistics are those of Looks::as_needed. Errors: those of Network::run().
Result<NetworkOutput> infer(Network& network, const Input& input, Looks looks = Looks::as_needed);

/// probabilities = softmax(logits / temperature), computed so that no finite logit overflows.
void softmax(std::span<const float> logits, float temperature, std::span<float> probabilities);

}  // namespace leukolens
