#include "rejection.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "leukolens/classifier.h"

namespace leukolens::train {
namespace {

constexpr double kRidge = 0.01;  // of the mean variance

std::vector<float> to_vector(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

}  // namespace

Rejection fit_statistics(std::span<const Answer> known, std::size_t classes) {
  const auto size = static_cast<std::int64_t>(known[0].features.size());
  torch::Tensor means = torch::zeros({static_cast<std::int64_t>(classes), size}, torch::kDouble);
  torch::Tensor counts = torch::zeros({static_cast<std::int64_t>(classes), 1}, torch::kDouble);
  const auto row = [&](const Answer& answer) { return torch::tensor(answer.features).to(torch::kDouble); };
  for (const Answer& answer : known) {
    means[answer.truth] += row(answer);
    counts[answer.truth] += 1;
  }
  // A class without examples must attract nothing: its mean goes where no features are.
  means = torch::where(counts > 0, means / counts.clamp_min(1), torch::full_like(means, 1e3));
  torch::Tensor covariance = torch::zeros({size, size}, torch::kDouble);
  std::vector<torch::Tensor> rows;
  for (const Answer& answer : known) rows.push_back(row(answer) - means[answer.truth]);
  const torch::Tensor centred = torch::stack(rows);
  covariance = centred.t().matmul(centred) / static_cast<double>(known.size());
  covariance += kRidge * covariance.diagonal().mean() * torch::eye(size, torch::kDouble);
  const torch::Tensor whitening = torch::linalg_inv(torch::linalg_cholesky(covariance));
  Rejection result;
  result.whitening = to_vector(whitening);
  result.means = to_vector(means.matmul(whitening.t()));
  return result;
}

std::vector<float> distances(const Rejection& statistics, std::span<const Answer> answers) {
  std::vector<float> result;
  for (const Answer& answer : answers) result.push_back(distance(statistics, answer.features));
  return result;
}

std::vector<float> quantiles(std::vector<float> values, std::size_t count) {
  std::ranges::sort(values);
  std::vector<float> result;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = values[i * (values.size() - 1) / (count - 1)];
    result.push_back(result.empty() || value > result.back()
                         ? value
                         : std::nextafter(result.back(), std::numeric_limits<float>::max()));
  }
  return result;
}

double auroc(std::span<const float> known, std::span<const float> strange) {
  std::vector<float> sorted(known.begin(), known.end());
  std::ranges::sort(sorted);
  double sum = 0;
  for (const float value : strange) {
    const auto [first, last] = std::ranges::equal_range(sorted, value);
    sum += static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
  }
  return sum / (static_cast<double>(known.size()) * static_cast<double>(strange.size()));
}

}  // namespace leukolens::train
