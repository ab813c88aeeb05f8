#include "evaluation/agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace leukolens::train {
namespace {

constexpr double kNormal = 1.959963984540054;  // 97.5 % of a normal distribution lie below

std::optional<Interval> with_width(double low, double high) {
  return low < high ? std::optional(Interval{low, high}) : std::nullopt;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The sum of products of what two lists differ by from their means.
double moment(std::span<const double> x, std::span<const double> y) {
  const double x_mean = mean_of(x), y_mean = mean_of(y);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - x_mean) * (y[i] - y_mean);
  return sum;
}

/// 97.5 % of Student's distribution lie below: of one and two degrees of freedom in closed form, of more by
/// its expansion around the normal one (Abramowitz and Stegun 26.7.5), within 0.005.
double student(double freedom) {
  constexpr double kShare = 0.975;
  if (freedom == 1) return std::tan(std::numbers::pi * (kShare - 0.5));
  if (freedom == 2) return (2 * kShare - 1) / std::sqrt(2 * kShare * (1 - kShare));
  const double z = kNormal, z2 = z * z;
  const double g1 = z * (z2 + 1) / 4, g2 = z * ((5 * z2 + 16) * z2 + 3) / 96,
               g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
               g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom;
}

/// Of every two samples, ascending. A slope of -1 is left out, as is what two equal samples would give.
std::vector<double> slopes_of(std::span<const double> x, std::span<const double> y) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      const double dx = x[j] - x[i], dy = y[j] - y[i];
      if (dx == 0 && dy == 0) continue;
      const double slope = dx == 0 ? std::copysign(kInfinite, dy) : dy / dx;
      if (slope != -1) slopes.push_back(slope);
    }
  std::ranges::sort(slopes);
  return slopes;
}

double log_choose(std::size_t n, std::size_t k) {
  const auto log_factorial = [](std::size_t m) {
    double sum = 0;
    for (std::size_t i = 2; i <= m; ++i) sum += std::log(static_cast<double>(i));
    return sum;
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/// P(X >= count) of a binomial distribution.
double tail(std::size_t count, std::size_t total, double share) {
  if (count == 0) return 1;
  if (share <= 0 || count > total) return 0;
  if (share >= 1) return 1;
  double term = log_choose(total, count) + static_cast<double>(count) * std::log(share) +
                static_cast<double>(total - count) * std::log1p(-share);
  double sum = 0;
  for (std::size_t k = count; k <= total; ++k) {
    sum += std::exp(term);
    if (k < total)
      term += std::log(static_cast<double>(total - k) / static_cast<double>(k + 1)) + std::log(share) -
              std::log1p(-share);
  }
  return std::min(sum, 1.0);
}

/// Where, in [0, 1], P(X >= count) comes to `wanted`.
double share_where(std::size_t count, std::size_t total, double wanted) {
  double low = 0, high = 1;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (tail(count, total, middle) > wanted ? high : low) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

std::optional<Line> passing_bablok(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < kFewestSamples) return std::nullopt;
  const std::vector<double> slopes = slopes_of(x, y);
  const auto count = std::ssize(slopes);
  const auto below = std::ranges::count_if(slopes, [](double slope) { return slope < -1; });
  // The k-th slope, from 1, of those that are shifted to make the method symmetric in x and y.
  const auto at = [&](std::ptrdiff_t k) { return slopes[static_cast<std::size_t>(k + below - 1)]; };
  const double reach = kNormal * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
  const auto first = static_cast<std::ptrdiff_t>(std::lround((static_cast<double>(count) - reach) / 2));
  const std::ptrdiff_t last = count - first + 1;
  if (first < 1 || last + below > count) return std::nullopt;
  const double slope = count % 2 == 1 ? at((count + 1) / 2) : (at(count / 2) + at(count / 2 + 1)) / 2;
  const Interval bounds{at(first), at(last)};
  if (!std::isfinite(bounds.low) || !std::isfinite(bounds.high)) return std::nullopt;
  const auto intercept = [&](double factor) {
    std::vector<double> rests(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) rests[i] = y[i] - factor * x[i];
    return median_of(std::move(rests));
  };
  return Line{{slope, with_width(bounds.low, bounds.high)},
              {intercept(slope), with_width(intercept(bounds.high), intercept(bounds.low))}};
}

std::optional<Bias> bias(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2) return std::nullopt;
  std::vector<double> differences(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) differences[i] = y[i] - x[i];
  const auto n = static_cast<double>(x.size());
  const double mean = mean_of(differences), deviation = std::sqrt(moment(differences, differences) / (n - 1));
  const double reach = student(n - 1) * deviation / std::sqrt(n);
  return Bias{{mean, with_width(mean - reach, mean + reach)},
              {mean - kNormal * deviation, mean + kNormal * deviation}};
}

std::optional<Estimate> correlation(std::span<const double> x, std::span<const double> y) {
  // Asked of the numbers themselves: the mean of equal ones, and so their moment, may differ by rounding.
  const auto never_changes = [](std::span<const double> of) {
    const auto [least, most] = std::ranges::minmax(of);
    return least == most;
  };
  if (x.size() < 4 || never_changes(x) || never_changes(y)) return std::nullopt;
  const double both = std::sqrt(moment(x, x) * moment(y, y));
  const double r = std::clamp(moment(x, y) / both, -1.0, 1.0);
  const double reach = kNormal / std::sqrt(static_cast<double>(x.size()) - 3);
  return Estimate{r, with_width(std::tanh(std::atanh(r) - reach), std::tanh(std::atanh(r) + reach))};
}

std::optional<Estimate> cohens_kappa(const std::vector<std::vector<std::size_t>>& confusion) {
  double by_chance = 0;
  std::size_t all = 0, equal = 0;
  std::vector<double> rows(confusion.size()), columns(confusion.size());
  for (std::size_t i = 0; i < confusion.size(); ++i)
    for (std::size_t j = 0; j < confusion.size(); ++j) {
      const std::size_t cells = confusion[i][j];
      all += cells, rows[i] += static_cast<double>(cells), columns[j] += static_cast<double>(cells);
      if (i == j) equal += cells;
    }
  if (all == 0) return std::nullopt;
  const auto total = static_cast<double>(all);
  for (std::size_t i = 0; i < confusion.size(); ++i) by_chance += rows[i] / total * columns[i] / total;
  if (by_chance >= 1) return std::nullopt;
  const auto kappa = [&](double agreement) { return (agreement - by_chance) / (1 - by_chance); };
  const Interval agreement = wilson(equal, all);
  return Estimate{kappa(static_cast<double>(equal) / total),
                  Interval{std::max(-1.0, kappa(agreement.low)), std::min(1.0, kappa(agreement.high))}};
}

std::vector<std::vector<std::size_t>> one_against_rest(const std::vector<std::vector<std::size_t>>& confusion,
                                                       std::size_t index) {
  std::vector<std::vector<std::size_t>> two(2, std::vector<std::size_t>(2));
  for (std::size_t i = 0; i < confusion.size(); ++i)
    for (std::size_t j = 0; j < confusion.size(); ++j) two[i != index][j != index] += confusion[i][j];
  return two;
}

Interval exact_interval(std::size_t count, std::size_t total) {
  if (total == 0) return {0, 1};
  return {count == 0 ? 0 : share_where(count, total, 0.025),
          count == total ? 1 : share_where(count + 1, total, 0.975)};
}

}  // namespace leukolens::train
