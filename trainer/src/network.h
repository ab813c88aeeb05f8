// The model's layers as a libtorch module. The only header that brings libtorch in: include it in few units.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

class TorchNetwork : public torch::nn::Module {
 public:
  /// Copies the model's weights, which must all be there.
  explicit TorchNetwork(const Model& model);

  /// `x`: [n, 3, height, width], channels last. Returns logits [n, labels].
  torch::Tensor forward(torch::Tensor x);

  /// Writes the weights back, in the model file's layouts.
  void store(Model& model) const;

 private:
  struct Layer {
    Operation operation;
    torch::Tensor weight, bias;  // undefined where the operation has none
  };
  std::vector<Layer> layers_;
};

/// Fills the weights as Keras does: Glorot-uniform kernels, zero biases. The same seed gives the same
/// weights.
void initialise(Model& model, std::uint64_t seed);

}  // namespace leukolens::train
