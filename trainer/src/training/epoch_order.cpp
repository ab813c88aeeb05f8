#include "training/epoch_order.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "support/random.h"

namespace leukolens::train {
namespace {

void append(Indices& to, const Indices& from) { to.insert(to.end(), from.begin(), from.end()); }

/// `count` of `members`, each as often as the others but for the remainder, in random order.
Indices draw(const Indices& members, std::size_t count, Random& random) {
  Indices result;
  while (result.size() < count) {
    Indices pass = members;
    random.shuffle(pass);
    pass.resize(std::min(pass.size(), count - result.size()));
    append(result, pass);
  }
  return result;
}

}  // namespace

Indices epoch_order(const Samples& samples, const Indices& train, const Training& training,
                    std::uint64_t seed, int epoch) {
  Random random(seed, 1000 + static_cast<std::uint64_t>(epoch));
  const std::size_t wanted =
      training.samples_per_epoch > 0 ? static_cast<std::size_t>(training.samples_per_epoch) : train.size();
  if (training.balance == 0 && training.source_balance == 0) return draw(train, wanted, random);

  std::map<std::pair<int, int>, Indices> parts;  // by data set and label
  for (const std::uint32_t i : train) {
    const Sample& sample = samples.list[i];
    parts[{training.source_balance > 0 ? sample.origin : 0, sample.label}].push_back(i);
  }
  const auto weight = [](double size, double balance) { return std::pow(size, 1 - balance); };
  struct Source {
    double images = 0, weight = 0;
  };
  std::map<int, Source> sources;
  for (const auto& [key, part] : parts) {
    Source& source = sources[key.first];
    source.images += static_cast<double>(part.size());
    source.weight += weight(static_cast<double>(part.size()), training.balance);
  }
  Indices order;
  double left = 0;  // the shares that are still to be given
  for (const auto& [number, source] : sources) left += weight(source.images, training.source_balance);
  for (const auto& [key, part] : parts) {
    const Source& source = sources[key.first];
    const double share = weight(static_cast<double>(part.size()), training.balance) / source.weight *
                         weight(source.images, training.source_balance);
    const auto count = static_cast<std::size_t>(
        std::lround(static_cast<double>(wanted - order.size()) * std::min(1.0, share / left)));
    append(order, draw(part, count, random));
    left -= share;
  }
  random.shuffle(order);
  return order;
}

Indices whole_epoch(const Samples& samples, const Indices& train, const Training& training) {
  Training whole = training;
  whole.samples_per_epoch = 0;
  return epoch_order(samples, train, whole, 0, 1);
}

std::uint64_t batch_seed(std::uint64_t seed, int epoch) {
  return Random(seed, 2'000'000 + static_cast<std::uint64_t>(epoch))();
}

}  // namespace leukolens::train
