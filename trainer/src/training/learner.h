// A network that learns: batch in, weights moved.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "evaluation/scoring.h"
#include "network/network.h"
#include "training/batches.h"
#include "training/optimiser.h"
#include "training/recipe.h"

namespace leukolens::train {

class Teachers;

class Learner {
 public:
  /// A model without weights gets some from `seed`; one with weights learns on from them, in the layers that
  /// the recipe says.
  Learner(const Recipe& recipe, Model model, std::uint64_t seed);

  struct Sums {
    double loss = 0, right = 0;  // over the images of the batch
  };
  /// The rate of the last layer; those before it have the recipe's share of it.
  void set_learning_rate(double rate);

  /// One step of the optimiser. `teachers`: see there; none: the batch's targets alone.
  Sums learn(Batch& batch, const Teachers* teachers = nullptr);

  /// The same for any loss of what the network makes of `images`, [n, 3, height, width]; its value. `loss` is
  /// given the output in float, flattened to [n, values].
  torch::Tensor step(const torch::Tensor& images, const StyleMixture* styles,
                     const std::function<torch::Tensor(const torch::Tensor& output)>& loss);

  /// Exchanges the weights and their moving average, which is what is measured and kept.
  void swap_average() { average_.swap(); }

  std::vector<Scored> score(const Samples& samples, const Indices& indices) {
    return scored(predict(*network_, model_.input, samples, indices));
  }

  /// All that training changes, copied; see TorchNetwork::state().
  std::vector<torch::Tensor> weights() const;
  void set_weights(const std::vector<torch::Tensor>& weights);

  MovingAverage& average() { return average_; }
  torch::optim::Optimizer& optimiser() { return *optimiser_; }

  /// The model with the present weights. take() ends the learner.
  Model store() const;
  Model take();

 private:
  Model model_;
  bool bfloat16_;
  std::shared_ptr<TorchNetwork> network_;
  std::vector<ParameterGroup> groups_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
  MovingAverage average_;
};

}  // namespace leukolens::train
