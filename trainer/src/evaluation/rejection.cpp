#include "evaluation/rejection.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "leukolens/novelty.h"
#include "network/network.h"

namespace leukolens::train {
namespace {

constexpr double kRidge = 0.01;  // of a statistic's variance
constexpr double kLeast = 1e-7;  // for channels that are always 0
// Two microscopes and many shapes of cell: a class gathers around several centres. With 1, 4, 16, 32 and 64
// centres the mean AUROC for classes left out of training was 0.906, 0.929, 0.942, 0.945 and 0.945.
constexpr std::int64_t kCentres = 32;
constexpr int kIterations = 30;

/// Lloyd's k-means of `rows`, beginning with some of them, equally spaced.
torch::Tensor centres_of(const torch::Tensor& rows) {
  const std::int64_t count = std::min(kCentres, rows.size(0));
  const torch::Tensor first = torch::arange(count).mul(rows.size(0)).div(count, "floor");
  torch::Tensor centres = rows.index_select(0, first);
  for (int i = 0; i < kIterations; ++i) {
    const torch::Tensor nearest = torch::cdist(rows, centres).argmin(1);
    for (std::int64_t c = 0; c < count; ++c)
      if (const torch::Tensor own = rows.index({nearest == c}); own.size(0) > 0) centres[c] = own.mean(0);
  }
  return centres;
}

/// The feature statistics of each class that has any, [n, statistics].
std::vector<torch::Tensor> rows_by_class(std::span<const Answer> known, std::size_t classes) {
  std::vector<torch::Tensor> by_class;
  for (std::size_t label = 0; label < classes; ++label) {
    std::vector<torch::Tensor> rows;
    for (const Answer& answer : known)
      if (static_cast<std::size_t>(answer.truth) == label)
        rows.push_back(torch::tensor(answer.feature_statistics, torch::kDouble));
    if (!rows.empty()) by_class.push_back(torch::stack(rows));
  }
  return by_class;
}

std::vector<float> whitened_centres(const std::vector<torch::Tensor>& by_class,
                                    const torch::Tensor& whitening) {
  std::vector<torch::Tensor> centres;
  centres.reserve(by_class.size());
  for (const torch::Tensor& rows : by_class) centres.push_back(centres_of(rows.matmul(whitening.t())));
  return to_vector(torch::cat(centres));
}

}  // namespace

Rejection fit_statistics(std::span<const Answer> known, std::size_t classes) {
  const std::vector<torch::Tensor> by_class = rows_by_class(known, classes);
  const torch::Tensor all = torch::cat(by_class);
  torch::Tensor covariance = torch::zeros({all.size(1), all.size(1)}, torch::kDouble);
  for (const torch::Tensor& rows : by_class) {
    const torch::Tensor centred = rows - rows.mean(0);
    covariance += centred.t().matmul(centred) / static_cast<double>(all.size(0));
  }
  covariance += torch::diag(kRidge * all.var(0, false) + kLeast);
  const torch::Tensor whitening = torch::linalg_inv(torch::linalg_cholesky(covariance));
  Rejection result;
  result.whitening = to_vector(whitening);
  result.centres = whitened_centres(by_class, whitening);
  return result;
}

Rejection extend_statistics(const Rejection& before, std::span<const Answer> known, std::size_t classes) {
  const std::vector<torch::Tensor> by_class = rows_by_class(known, classes);
  const std::int64_t side = by_class.front().size(1);
  Rejection result = before;
  const std::vector<float> centres =
      whitened_centres(by_class, torch::tensor(before.whitening, torch::kDouble).reshape({side, side}));
  result.centres.insert(result.centres.end(), centres.begin(), centres.end());
  return result;
}

std::vector<float> distances(const Rejection& statistics, std::span<const Answer> answers) {
  std::vector<float> result;
  for (const Answer& answer : answers) result.push_back(distance(statistics, answer.feature_statistics));
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

namespace {

/// The smallest area that the one found does not refute.
double least_area(double found, double knowns, double others) {
  const double more = (knowns + others) / 2 - 1;
  double low = 0, high = found;
  for (int step = 0; step < 50; ++step) {
    const double area = (low + high) / 2;
    const double variance = area * (1 - area) *
                            (1 + more * (1 - area) / (2 - area) + more * area / (1 + area)) /
                            (knowns * others);
    (found - area > 1.96 * std::sqrt(variance) ? low : high) = area;
  }
  return (low + high) / 2;
}

}  // namespace

Auroc auroc(std::span<const float> known, std::span<const float> out_of_distribution) {
  std::vector<float> sorted(known.begin(), known.end());
  std::ranges::sort(sorted);
  double sum = 0;
  for (const float value : out_of_distribution) {
    const auto [first, last] = std::ranges::equal_range(sorted, value);
    sum += static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
  }
  const auto knowns = static_cast<double>(known.size()),
             others = static_cast<double>(out_of_distribution.size());
  const double area = sum / (knowns * others);
  return {area, {least_area(area, knowns, others), 1 - least_area(1 - area, knowns, others)}};
}

}  // namespace leukolens::train
