#include "training/throughput.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <numeric>
#include <optional>

#include "training/batches.h"
#include "training/learner.h"
#include "training/teachers.h"

namespace leukolens::train {
namespace {

/// Batches of all samples, and a network that learns from them.
class Bench {
 public:
  explicit Bench(const Trial& trial)
      : learner_(trial.recipe, trial.model, trial.seed),
        maker_(trial.samples, trial.model, trial.recipe.augmentation, trial.recipe.training),
        size_(static_cast<std::size_t>(trial.recipe.training.batch)),
        threads_(trial.threads) {
    torch::set_num_threads(trial.threads);
    if (!trial.teachers.empty()) teachers_.emplace(trial.teachers, trial.model, trial.recipe.training);
    Indices all(trial.samples.list.size());
    std::iota(all.begin(), all.end(), 0u);
    while (order_.size() < 1'000'000) order_.insert(order_.end(), all.begin(), all.end());
  }

  Rate loading(double seconds) {
    const auto source = batches();
    return per_second(seconds, [&] { return source->next()->count(); });
  }

  Rate learning(double seconds) {
    Batch batch = batch_of(maker_, order_, size_, 1, 0);
    return per_second(seconds, [&] { return learn(batch); });
  }

  Rate training(double seconds) {
    const auto source = batches();
    return per_second(seconds, [&] {
      Batch next = *source->next();
      return learn(next);
    });
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// The first batches fill caches, choose kernels, and were partly made before: they are not counted.
  template <class OneBatch>
  Rate per_second(double seconds, const OneBatch& one_batch) {
    for (std::size_t i = 0; i < Batches::kAhead + 2; ++i) one_batch();
    const Clock::time_point start = Clock::now();
    const std::clock_t busy = std::clock();
    std::size_t images = 0;
    while (Clock::now() - start < std::chrono::duration<double>(seconds)) images += one_batch();
    const double count = static_cast<double>(images);
    return {count / std::chrono::duration<double>(Clock::now() - start).count(),
            count * CLOCKS_PER_SEC / static_cast<double>(std::clock() - busy)};
  }

  std::size_t learn(Batch& batch) {
    learner_.learn(batch, teachers_ ? &*teachers_ : nullptr);
    return batch.count();
  }

  std::unique_ptr<Batches> batches() const {
    return batches_of(maker_, order_, size_, 1, 0, std::max(1, threads_ / 2));
  }

  Learner learner_;
  std::optional<Teachers> teachers_;
  BatchMaker maker_;
  Indices order_;
  std::size_t size_;
  int threads_;
};

Rate median(const std::vector<Rate>& rates) {
  const auto middle = [&](double Rate::* which) {
    std::vector<double> values;
    for (const Rate& rate : rates) values.push_back(rate.*which);
    std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
    return values[values.size() / 2];
  };
  return {middle(&Rate::per_second), middle(&Rate::per_processor_second)};
}

}  // namespace

double training_rate(const Trial& trial, double seconds) { return Bench(trial).training(seconds).per_second; }

Throughput measure_throughput(const Trial& trial, int rounds, double seconds) {
  Bench bench(trial);
  std::vector<Rate> loading, learning, training, share;
  for (int round = 0; round < rounds; ++round) {
    loading.push_back(bench.loading(seconds));
    const Rate alone = learning.emplace_back(bench.learning(seconds)),
               both = training.emplace_back(bench.training(seconds));
    share.emplace_back(both.per_second / alone.per_second,
                       both.per_processor_second / alone.per_processor_second);
  }
  return {median(loading), median(learning), median(training), median(share)};
}

}  // namespace leukolens::train
