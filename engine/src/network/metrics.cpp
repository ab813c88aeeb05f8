#include "leukolens/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace leukolens {
namespace {

constexpr double kZ = 1.959963984540054;  // two-sided 95 % of the normal distribution
constexpr std::size_t kBins = 15;
constexpr int kResamples = 500;

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

/// Of the most probable label of one image.
struct Answer {
  double confidence;
  bool right;
};

/// `weights`: how often each answer counts. Answers are sorted by confidence; each bin takes a fifteenth of
/// the weight.
std::vector<ReliabilityBin> reliability_bins(const std::vector<Answer>& answers,
                                             const std::vector<std::uint32_t>& weights) {
  std::vector<ReliabilityBin> bins(std::min(kBins, answers.size()));
  std::size_t seen = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (std::uint32_t copy = 0; copy < weights[i]; ++copy) {
      ReliabilityBin& bin = bins[seen++ * bins.size() / answers.size()];
      ++bin.count;
      bin.confidence += answers[i].confidence;
      bin.accuracy += answers[i].right;
    }
  }
  for (ReliabilityBin& bin : bins) {
    bin.confidence = ratio(bin.confidence, static_cast<double>(bin.count));
    bin.accuracy = ratio(bin.accuracy, static_cast<double>(bin.count));
  }
  return bins;
}

double expected_calibration_error(const std::vector<ReliabilityBin>& bins) {
  double sum = 0, count = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += static_cast<double>(bin.count) * std::abs(bin.confidence - bin.accuracy);
    count += static_cast<double>(bin.count);
  }
  return ratio(sum, count);
}

std::uint64_t splitmix(std::uint64_t& state) {  // Steele, Lea & Flood 2014
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void add_calibration(Metrics& metrics, std::span<const Scored> scored) {
  std::vector<Answer> answers;
  for (const Scored& one : scored)
    if (const auto label = predicted(one))
      answers.push_back({one.probabilities[*label], static_cast<int>(*label) == one.truth});
  if (answers.empty()) return;
  std::ranges::stable_sort(answers, {}, &Answer::confidence);
  metrics.reliability = reliability_bins(answers, std::vector<std::uint32_t>(answers.size(), 1));
  metrics.ece = expected_calibration_error(metrics.reliability);
  if (std::ranges::adjacent_find(answers, std::ranges::not_equal_to{}, &Answer::right) == answers.end())
    return;

  std::vector<double> resampled;
  std::uint64_t state = 1;
  for (int i = 0; i < kResamples; ++i) {
    std::vector<std::uint32_t> weights(answers.size());
    for (std::size_t drawn = 0; drawn < answers.size(); ++drawn) ++weights[splitmix(state) % answers.size()];
    resampled.push_back(expected_calibration_error(reliability_bins(answers, weights)));
  }
  std::ranges::sort(resampled);
  // Resampling adds noise, and noise adds to an ECE: without its shift the interval could lie above the
  // estimate.
  const double mean = std::accumulate(resampled.begin(), resampled.end(), 0.0) / kResamples;
  const double shift = mean - metrics.ece;
  metrics.ece_interval = {std::max(0.0, resampled[kResamples * 25 / 1000] - shift),
                          std::min(1.0, resampled[kResamples * 975 / 1000] - shift)};
}

/// One class against the rest, from the most to the least probable image.
void add_roc(ClassMetrics& metrics, std::span<const Scored> scored, std::size_t label) {
  const double positives = static_cast<double>(metrics.support);
  const double negatives = static_cast<double>(scored.size()) - positives;
  if (positives == 0 || negatives == 0) return;
  std::vector<std::size_t> order(scored.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto probability = [&](std::size_t i) {
    return scored[i].probabilities.empty() ? 0 : scored[i].probabilities[label];
  };
  std::ranges::stable_sort(order, std::greater{}, probability);
  metrics.roc.push_back({0, 0});
  double hits = 0, alarms = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ++(scored[order[i]].truth == static_cast<int>(label) ? hits : alarms);
    const bool tie = i + 1 < order.size() && probability(order[i]) == probability(order[i + 1]);
    if (tie) continue;
    const RocPoint before = metrics.roc.back(), now{alarms / negatives, hits / positives};
    metrics.auc += (now.false_positive_rate - before.false_positive_rate) *
                   (now.true_positive_rate + before.true_positive_rate) / 2;
    metrics.roc.push_back(now);
  }
}

void count(Metrics& metrics, std::span<const Scored> scored) {
  for (const Scored& one : scored) {
    const auto answer = predicted(one);
    const std::size_t truth = static_cast<std::size_t>(one.truth);
    ++metrics.classes[truth].support;
    if (!answer) {
      ++metrics.not_found;
      ++metrics.classes[truth].not_found;
      continue;
    }
    ++metrics.confusion[truth][*answer];
    ++metrics.classes[*answer].predicted;
    metrics.correct += *answer == truth;
    metrics.classes[truth].correct += *answer == truth;
    metrics.loss -= std::log(std::max(static_cast<double>(one.probabilities[truth]), 1e-12));
    for (std::size_t label = 0; label < one.probabilities.size(); ++label) {
      const double distance = one.probabilities[label] - (label == truth ? 1.0 : 0.0);
      metrics.brier += distance * distance;
    }
  }
}

void rate(ClassMetrics& one) {
  const double correct = static_cast<double>(one.correct);
  one.precision = ratio(correct, static_cast<double>(one.predicted));
  one.recall = ratio(correct, static_cast<double>(one.support));
  one.f1 = ratio(2 * one.precision * one.recall, one.precision + one.recall);
  one.recall_interval = wilson(one.correct, one.support);
  one.precision_interval = wilson(one.correct, one.predicted);
}

}  // namespace

std::optional<std::size_t> predicted(const Scored& scored) {
  if (scored.probabilities.empty()) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::max_element(scored.probabilities) -
                                  scored.probabilities.begin());
}

Interval wilson(std::size_t successes, std::size_t trials) {
  if (trials == 0) return {};
  const double n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double centre = p + kZ * kZ / (2 * n);
  const double reach = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  // At the ends the formula gives 0 and 1 but for rounding.
  return {successes == 0 ? 0 : (centre - reach) / scale, successes == trials ? 1 : (centre + reach) / scale};
}

Metrics measure(std::span<const Scored> scored, std::size_t classes) {
  Metrics metrics;
  metrics.total = scored.size();
  metrics.classes.resize(classes);
  metrics.confusion.assign(classes, std::vector<std::size_t>(classes));
  if (scored.empty()) return metrics;
  assert(std::ranges::all_of(scored, [&](const Scored& one) {
    return one.probabilities.empty() || one.probabilities.size() == classes;
  }));

  count(metrics, scored);
  const double found = static_cast<double>(metrics.total - metrics.not_found);
  metrics.accuracy = ratio(static_cast<double>(metrics.correct), static_cast<double>(metrics.total));
  metrics.accuracy_interval = wilson(metrics.correct, metrics.total);
  metrics.loss = ratio(metrics.loss, found);
  metrics.brier = ratio(metrics.brier, found);
  double supported = 0;
  for (std::size_t label = 0; label < classes; ++label) {
    ClassMetrics& one = metrics.classes[label];
    rate(one);
    add_roc(one, scored, label);
    if (one.support == 0) continue;
    ++supported;
    metrics.macro_f1 += one.f1;
    metrics.macro_recall += one.recall;
    metrics.macro_auc += one.auc;
  }
  metrics.macro_f1 /= supported;
  metrics.macro_recall /= supported;
  metrics.macro_auc /= supported;
  add_calibration(metrics, scored);
  return metrics;
}

}  // namespace leukolens
