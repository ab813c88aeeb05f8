// A model's layers as a libtorch module. It brings libtorch in: include it in few units.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

/// MixStyle: how the images of a batch mix their styles.
struct StyleMixture {
  torch::Tensor share, partner;  // [n]: how much each keeps of its own; the image that the rest is of
};

class TorchNetwork : public torch::nn::Module {
 public:
  /// Copies the model's weights, which must all be there. `batch_norm`: each convolution but a last layer is
  /// followed by one, which takes the place of its bias.
  explicit TorchNetwork(const Model& model, bool batch_norm = false);

  /// `x`: [n, 3, height, width], channels last. Returns logits [n, labels], of a locator [n, rows * columns *
  /// channels]; with `statistics`, also what the
  /// engine's Network::channel_statistics() gives, [n, twice the channels]. With `styles`, mean and deviation
  /// of each channel are mixed between images before the second and third halving of their size.
  torch::Tensor forward(torch::Tensor x, torch::Tensor* statistics = nullptr,
                        const StyleMixture* styles = nullptr);

  /// The logits that the engine's infer() gives: where the two largest of an image differ by less than
  /// `tta_margin`, the mean over its four quarter turns. `statistics` are those of the image as it is.
  torch::Tensor infer(const torch::Tensor& x, float tta_margin, torch::Tensor* statistics = nullptr);

  /// All that training changes, in a fixed order: parameters, then the running statistics of batch norms.
  std::vector<torch::Tensor> state() const;

  /// Those of each layer of the model; none where it has no weights.
  std::vector<std::vector<torch::Tensor>> parameters_by_layer() const;

  /// Writes the weights back, in the model file's layouts, batch norms folded into the convolutions.
  void store(Model& model) const;

 private:
  struct Layer {
    Operation operation;
    torch::Tensor weight, bias;  // undefined where the operation has none
    torch::Tensor gain, mean,
        variance;  // of a batch norm, whose shift is `bias`; undefined where there is none
  };
  torch::Tensor convolve(const torch::Tensor& x, const Conv2d& conv, const Layer& layer);

  std::vector<Layer> layers_;
  std::optional<std::size_t> statistics_layer_;
};

/// Images as normalise() fills them, NHWC, as a batch [n, 3, height, width], channels last, on device(). On a
/// CPU it shares the memory of `values`.
torch::Tensor images_of(std::vector<float>& values, const Input& input);

/// Values in the tensor's order, as floats.
std::vector<float> to_vector(const torch::Tensor& tensor);

/// A GPU where libtorch has one.
torch::Device device();

/// Whether the model's layers have their weights; those of model_of() have none.
bool has_weights(const Model& model);

/// Fills the weights as Keras does: Glorot-uniform kernels, zero biases; but a locator's logits begin low.
/// The same seed gives the same weights.
void initialise(Model& model, std::uint64_t seed);

}  // namespace leukolens::train
