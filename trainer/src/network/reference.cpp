#include "network/reference.h"

#include "network/network.h"

namespace leukolens::train {

std::vector<std::vector<float>> reference_logits(const Model& model, std::span<const float> inputs) {
  const torch::NoGradGuard no_gradients;
  TorchNetwork network(model);
  const torch::Tensor x = torch::tensor(at::ArrayRef<float>(inputs.data(), inputs.size()))
                              .reshape({-1, model.input.height, model.input.width, 3});
  const torch::Tensor logits = network.infer(x.permute({0, 3, 1, 2}), model.input.tta_margin);
  std::vector<std::vector<float>> rows;
  rows.reserve(static_cast<std::size_t>(logits.size(0)));
  for (std::int64_t i = 0; i < logits.size(0); ++i) rows.push_back(to_vector(logits[i]));
  return rows;
}

std::string libtorch_version() { return TORCH_VERSION; }

bool has_gpu() { return torch::cuda::is_available(); }

}  // namespace leukolens::train
