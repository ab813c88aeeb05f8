#include "evaluation/scoring.h"

#include <algorithm>

#include "leukolens/network.h"
#include "leukolens/view.h"
#include "network/network.h"

namespace leukolens::train {
namespace {

constexpr std::size_t kBatch = 64;

std::vector<float> row_of(const torch::Tensor& matrix, std::size_t row) {
  const auto columns = static_cast<std::size_t>(matrix.size(1));
  const float* first = matrix.data_ptr<float>() + row * columns;
  return {first, first + columns};
}

}  // namespace

std::vector<Answer> predict(TorchNetwork& network, const Input& input, const Samples& samples,
                            const Indices& indices) {
  const torch::NoGradGuard no_gradients;
  network.eval();
  const std::size_t each = samples.pixels_each();
  std::vector<Answer> result;
  result.reserve(indices.size());
  for (std::size_t first = 0; first < indices.size(); first += kBatch) {
    const auto batch = std::span(indices).subspan(first, std::min(kBatch, indices.size() - first));
    std::vector<float> values(batch.size() * each);
    for (std::size_t i = 0; i < batch.size(); ++i)
      normalise(samples.image(batch[i]), input, std::span(values).subspan(i * each, each));
    torch::Tensor statistics;
    const torch::Tensor logits =
        network.infer(images_of(values, input), input.tta_margin, &statistics).cpu().contiguous();
    statistics = torch::cat({statistics.cpu(), logits}, 1).contiguous();
    for (std::size_t i = 0; i < batch.size(); ++i)
      result.push_back({samples.list[batch[i]].label, row_of(logits, i), row_of(statistics, i)});
  }
  return result;
}

std::vector<Answer> predict(const Model& model, const Samples& samples, const Indices& indices) {
  TorchNetwork network(model);
  network.to(device());
  return predict(network, model.input, samples, indices);
}

std::vector<Scored> scored(std::span<const Answer> answers) {
  std::vector<Scored> result;
  result.reserve(answers.size());
  for (const Answer& answer : answers) {
    std::vector<float> probabilities(answer.logits.size());
    softmax(answer.logits, 1, probabilities);
    result.push_back({answer.truth, std::move(probabilities)});
  }
  return result;
}

std::vector<Scored> score(const Model& model, const Samples& samples, const Indices& indices) {
  return scored(predict(model, samples, indices));
}

}  // namespace leukolens::train
