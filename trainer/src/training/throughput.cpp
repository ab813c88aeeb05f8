#include "training/throughput.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>

#include "training/batches.h"
#include "training/learner.h"

namespace leukolens::train {

Throughput measure_throughput(const Recipe& recipe, const Model& model, const Samples& samples,
                              std::uint64_t seed, int threads, double seconds) {
  using Clock = std::chrono::steady_clock;
  torch::set_num_threads(threads);
  Learner learner(recipe, model, seed);
  const BatchMaker maker(samples, model, recipe.augmentation, recipe.training);
  Indices all(samples.list.size());
  std::iota(all.begin(), all.end(), 0u);
  const auto size = static_cast<std::size_t>(recipe.training.batch);
  Indices order;
  while (order.size() < 1'000'000) order.insert(order.end(), all.begin(), all.end());
  // The first batches fill caches and choose kernels: they are not counted.
  const auto per_second = [&](auto one_batch) {
    for (int i = 0; i < 5; ++i) one_batch();
    const Clock::time_point start = Clock::now();
    std::size_t images = 0;
    while (Clock::now() - start < std::chrono::duration<double>(seconds)) images += one_batch();
    return static_cast<double>(images) / std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto batches = [&] { return batches_of(maker, order, size, 1, 0, std::max(1, threads / 2)); };
  Throughput result;
  auto source = batches();
  Batch batch = *source->next();
  result.loading = per_second([&] { return source->next()->count(); });
  source.reset();
  result.learning = per_second([&] { return learner.learn(batch), batch.count(); });
  source = batches();
  result.training = per_second([&] {
    Batch next = *source->next();
    return learner.learn(next), next.count();
  });
  return result;
}

}  // namespace leukolens::train
