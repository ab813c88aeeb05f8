// Distillation: networks that have learnt already answer to each batch, and their answers are a share of its
// targets (G. Hinton et al., Distilling the knowledge in a neural network, 2015). Brings libtorch in.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "network/network.h"
#include "training/recipe.h"

namespace leukolens::train {

class Teachers {
 public:
  /// Throws std::runtime_error if one does not know all labels of `student`, or sees other views of a cell.
  Teachers(const std::vector<Model>& models, const Model& student, const Training& training);

  /// The loss of `logits` [n, classes] for `images` as the student gets them: of the targets [n] or
  /// [n, classes], and of the mean of the teachers' probabilities, at Training::teacher_temperature and by
  /// Training::teacher_share. Where the target is every label equally, the teachers say the same.
  torch::Tensor loss(const torch::Tensor& images, const torch::Tensor& logits,
                     const torch::Tensor& targets) const;

 private:
  struct Teacher {
    std::shared_ptr<TorchNetwork> network;
    torch::Tensor columns;       // [classes]: where its answer has the student's labels
    torch::Tensor gain, offset;  // [1, 3, 1, 1]: from the student's values of pixels to its own
  };
  /// [n, classes]
  torch::Tensor answers(const torch::Tensor& images) const;

  std::vector<Teacher> teachers_;
  double share_, temperature_;
};

}  // namespace leukolens::train
