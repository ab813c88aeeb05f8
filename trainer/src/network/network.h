// The model's layers as a libtorch module. The only header that brings libtorch in: include it in few units.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

/// How the rows of a batch mix their looks: shares [n] of their own, and whose the rest is, [n].
struct StyleMixture {
  torch::Tensor share, partner;
};

class TorchNetwork : public torch::nn::Module {
 public:
  /// Copies the model's weights, which must all be there. `batch_norm`: each convolution is followed by one,
  /// which takes the place of its bias.
  explicit TorchNetwork(const Model& model, bool batch_norm = false);

  /// `x`: [n, 3, height, width], channels last. Returns logits [n, labels]; with `style`, also what the
  /// engine's Network::channel_statistics() gives, [n, twice the channels]. With `styles`, mean and deviation
  /// of each channel are mixed between rows before the second and third halving of the image.
  torch::Tensor forward(torch::Tensor x, torch::Tensor* style = nullptr,
                        const StyleMixture* styles = nullptr);

  /// As the engine's infer() judges: where the two largest logits of a row differ by less than `second_look`,
  /// the mean over the image's four quarter turns. `style` is that of the images as they are.
  torch::Tensor look(const torch::Tensor& x, float second_look, torch::Tensor* style = nullptr);

  /// All that training changes, in a fixed order: parameters, then the running statistics of batch norms.
  std::vector<torch::Tensor> state() const;

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
  std::optional<std::size_t> style_layer_;
};

/// Fills the weights as Keras does: Glorot-uniform kernels, zero biases. The same seed gives the same
/// weights.
void initialise(Model& model, std::uint64_t seed);

}  // namespace leukolens::train
