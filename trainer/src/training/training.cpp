#include "training/training.h"

#include <ATen/autocast_mode.h>

#include <chrono>
#include <cmath>
#include <format>
#include <limits>
#include <optional>

#include "evaluation/scoring.h"
#include "network/network.h"
#include "training/batches.h"
#include "training/checkpoint.h"
#include "training/epoch_order.h"
#include "training/optimiser.h"
#include "training/run_state.h"

namespace leukolens::train {
namespace {

// A network that has seen this many images and is still no better than chance never will be.
constexpr std::size_t kImagesBeforeCollapse = 30'000;
constexpr double kCollapse = 0.99;  // of the entropy of the labels

using Clock = std::chrono::steady_clock;

/// While it lives, libtorch computes convolutions and products in bfloat16: half the memory to move, and
/// twice the speed on processors that have the instructions.
class Autocast {
 public:
  explicit Autocast(bool wanted) : wanted_(wanted) {
    if (!wanted_) return;
    at::autocast::set_autocast_dtype(device().type(), at::kBFloat16);
    at::autocast::set_autocast_enabled(device().type(), true);
  }
  ~Autocast() {
    if (!wanted_) return;
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device().type(), false);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool wanted_;
};

/// Loss of a network that always answers with the share of each label.
double chance_loss(const Samples& samples, const Indices& indices, std::size_t classes) {
  std::vector<double> counts(classes);
  const Indices cells = cells_among(samples, indices);
  for (const std::uint32_t i : cells) ++counts[static_cast<std::size_t>(samples.list[i].label)];
  double entropy = 0;
  for (const double count : counts) {
    const double share = count / static_cast<double>(cells.size());
    if (share > 0) entropy -= share * std::log(share);
  }
  return entropy;
}

/// One run from one seed.
class Run {
 public:
  Run(const Recipe& recipe, Model model, const Samples& samples, const Split& split,
      const RunOptions& options, std::uint64_t seed, std::vector<Restart> restarts, const Observer& observer)
      : recipe_(recipe),
        samples_(samples),
        split_(split),
        options_(options),
        observer_(observer),
        model_(std::move(model)),
        maker_(samples, model_, recipe.augmentation, recipe.training) {
    initialise(model_, seed);
    state_.history.seed = seed;
    state_.history.restarts = std::move(restarts);
    network_ = std::make_shared<TorchNetwork>(model_, recipe.training.batch_norm);
    network_->to(device());
    optimiser_ = make_optimiser(recipe.optimiser, network_->parameters());
    average_.emplace(network_->state(), recipe.training.ema);
  }

  void load() {
    state_ = load_checkpoint(options_.checkpoint, *optimiser_);
    put(state_.parameters);
    average_->restore(state_.average);
  }

  /// Why the run was given up; none if it reached its end.
  std::optional<std::string> train() {
    for (; state_.epoch <= recipe_.training.epochs && !patience_is_over(); next_epoch()) {
      Epoch epoch{.number = state_.epoch};
      train_epoch(epoch);
      if (!std::isfinite(epoch.loss))
        return std::format("the loss became {} in epoch {}", epoch.loss, epoch.number);
      if (is_stuck(epoch)) {
        return std::format("stuck at chance: loss {:.3f} after {} epochs, {:.3f} being that of guessing",
                           epoch.loss, epoch.number, chance_);
      }
      validate(epoch);
    }
    state_.history.stopped_early = patience_is_over();
    return std::nullopt;
  }

  const History& history() const { return state_.history; }

  Throughput throughput(double seconds) {
    const auto size = static_cast<std::size_t>(recipe_.training.batch);
    Indices order;
    while (order.size() < 1'000'000) order.insert(order.end(), split_.train.begin(), split_.train.end());
    // The first batches fill caches and choose kernels: they are not counted.
    const auto per_second = [&](auto one_batch) {
      for (int i = 0; i < 5; ++i) one_batch();
      const Clock::time_point start = Clock::now();
      std::size_t images = 0;
      while (Clock::now() - start < std::chrono::duration<double>(seconds)) images += one_batch();
      return static_cast<double>(images) / std::chrono::duration<double>(Clock::now() - start).count();
    };
    const auto batches = [&] {
      return std::make_unique<Batches>(maker_, order, size, 1, 0, std::max(1, options_.threads / 2));
    };
    Throughput result;
    auto source = batches();
    Batch batch = source->next();
    result.loading = per_second([&] { return source->next().count(); });
    source.reset();
    result.learning = per_second([&] { return learn(batch), batch.count(); });
    source = batches();
    result.training = per_second([&] {
      Batch next = source->next();
      return learn(next), next.count();
    });
    return result;
  }

  Outcome take() {
    put(state_.best);
    network_->store(model_);
    return {std::move(model_), std::move(state_.history), std::move(state_.validation)};
  }

 private:
  bool patience_is_over() const {
    return static_cast<int>(state_.history.epochs.size()) - state_.history.best_epoch >=
           recipe_.training.patience;
  }

  double best_loss() const {
    const History& history = state_.history;
    return history.best_epoch == 0
               ? std::numeric_limits<double>::infinity()
               : history.epochs[static_cast<std::size_t>(history.best_epoch - 1)].validation_loss;
  }

  bool is_stuck(const Epoch& epoch) const {
    const std::size_t seen = order_.size() * static_cast<std::size_t>(epoch.number);
    return seen >= kImagesBeforeCollapse && epoch.loss > kCollapse * chance_ &&
           best_loss() > kCollapse * chance_;
  }

  void train_epoch(Epoch& epoch) {
    const Clock::time_point start = Clock::now();
    const double before = state_.seconds;
    const Training& training = recipe_.training;
    const std::uint64_t seed = state_.history.seed;
    order_ = epoch_order(samples_, split_.train, training, seed, epoch.number);
    chance_ = chance_loss(samples_, order_, model_.labels.size());
    const auto size = static_cast<std::size_t>(training.batch);
    const std::size_t total = (order_.size() + size - 1) / size;
    Batches batches(maker_, order_, size,
                    Random(seed, 2'000'000 + static_cast<std::uint64_t>(epoch.number))(), state_.batches,
                    std::max(1, options_.threads / 2));
    const auto tally = [&] {
      const std::size_t done = std::min(state_.batches * size, order_.size());
      epoch.loss = state_.loss_sum / static_cast<double>(done);
      const auto cells = std::ranges::count_if(std::span(order_).first(done), [&](std::uint32_t i) {
        return samples_.list[i].label != kBackground;
      });
      epoch.accuracy = state_.right / static_cast<double>(std::max<std::ptrdiff_t>(cells, 1));
      epoch.seconds = before + std::chrono::duration<double>(Clock::now() - start).count();
      return done;
    };
    if (state_.batches > 0) tally();  // a resumed epoch may have no batch left
    for (Batch batch; (batch = batches.next()).count() > 0;) {
      const double share = static_cast<double>(state_.batches) / static_cast<double>(total);
      set_learning_rate(*optimiser_, learning_rate(recipe_, epoch.number - 1 + share, training.epochs));
      learn(batch);
      ++state_.batches;
      const std::size_t done = tally();
      observer_.on_step({epoch.number, training.epochs, done, order_.size(), epoch.loss, epoch.accuracy});
      if (!std::isfinite(epoch.loss)) return;
      if (options_.interrupted && *options_.interrupted) stop(epoch);
    }
  }

  void learn(Batch& batch) {
    const auto count = static_cast<std::int64_t>(batch.count());
    const torch::Tensor labels = torch::from_blob(batch.labels.data(), {count}, torch::kLong).to(device());
    const torch::Tensor targets =
        batch.targets.empty()
            ? labels
            : torch::from_blob(batch.targets.data(), {count, static_cast<std::int64_t>(model_.labels.size())})
                  .to(device());
    optimiser_->zero_grad();
    network_->train();
    const std::optional<StyleMixture> styles = style_mixture(batch);
    const torch::Tensor logits = [&] {
      const Autocast autocast(recipe_.training.bfloat16);
      return network_->forward(images_of(batch.images, model_.input), nullptr, styles ? &*styles : nullptr)
          .to(torch::kFloat);
    }();
    const torch::Tensor loss = torch::cross_entropy_loss(logits, targets);
    loss.backward();
    optimiser_->step();
    average_->update();
    state_.loss_sum += loss.item<double>() * static_cast<double>(count);
    state_.right += logits.argmax(1).eq(labels).sum().item<double>();
  }

  std::optional<StyleMixture> style_mixture(const Batch& batch) const {
    if (batch.styles.empty()) return std::nullopt;
    std::vector<float> shares;
    std::vector<std::int64_t> partners;
    for (const auto& [share, partner] : batch.styles) {
      shares.push_back(share);
      partners.push_back(partner);
    }
    return StyleMixture{torch::tensor(shares).to(device()), torch::tensor(partners).to(device())};
  }

  void validate(Epoch& epoch) {
    const Clock::time_point start = Clock::now();
    average_->swap();
    std::vector<Scored> scored = train::scored(predict(*network_, model_.input, samples_, split_.validation));
    const Metrics metrics = leukolens::measure(scored, model_.labels.size());
    epoch.validation_loss = metrics.loss;
    epoch.validation_accuracy = metrics.accuracy;
    const bool is_kept = recipe_.training.keep == Training::Keep::last || metrics.loss < best_loss();
    if (is_kept) {
      state_.history.best_epoch = epoch.number;
      state_.validation = std::move(scored);
      state_.best = copy();
    }
    average_->swap();
    epoch.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    state_.history.epochs.push_back(epoch);
    observer_.on_epoch(epoch, is_kept);
  }

  void next_epoch() {
    ++state_.epoch;
    state_.batches = 0;
    state_.loss_sum = state_.right = state_.seconds = 0;
    save();
  }

  void save() {
    if (options_.checkpoint.empty()) return;
    state_.parameters = copy();
    state_.average = average_->state();
    save_checkpoint(options_.checkpoint, options_.command, state_, *optimiser_);
  }

  [[noreturn]] void stop(const Epoch& epoch) {
    state_.seconds = epoch.seconds;
    save();
    throw Interrupted(std::format("Interrupted in epoch {}. {}", epoch.number, options_.how_to_resume));
  }

  std::vector<torch::Tensor> copy() const {
    std::vector<torch::Tensor> result;
    for (const torch::Tensor& one : network_->state()) result.push_back(one.detach().cpu().clone());
    return result;
  }

  void put(const std::vector<torch::Tensor>& values) {
    const torch::NoGradGuard no_gradients;
    const std::vector<torch::Tensor> state = network_->state();
    for (std::size_t i = 0; i < state.size(); ++i) state[i].copy_(values.at(i));
  }

  const Recipe& recipe_;
  const Samples& samples_;
  const Split& split_;
  const RunOptions& options_;
  const Observer& observer_;
  Model model_;
  BatchMaker maker_;
  RunState state_;
  Indices order_;
  std::shared_ptr<TorchNetwork> network_;
  std::unique_ptr<torch::optim::Optimizer> optimiser_;
  std::optional<MovingAverage> average_;
  double chance_ = 0;
};

}  // namespace

Outcome fit(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
            const RunOptions& options, const Observer& observer) {
  torch::set_num_threads(options.threads);
  std::vector<Restart> restarts;
  bool resume = options.resume;
  for (std::uint64_t seed = options.seed;; ++seed) {
    Run run(recipe, model, samples, split, options, seed, restarts, observer);
    if (std::exchange(resume, false)) run.load();
    const std::optional<std::string> given_up = run.train();
    if (!given_up) return run.take();
    seed = run.history().seed;
    restarts = run.history().restarts;
    restarts.push_back(
        {seed, run.history().epochs.empty() ? 1 : run.history().epochs.back().number + 1, *given_up});
    if (restarts.size() > kMaxRestarts) {
      throw std::runtime_error(
          std::format("Training failed from {} seeds, at last because {}: lower the learning rate.",
                      restarts.size(), *given_up));
    }
    observer.on_restart(restarts.back());
  }
}

Throughput measure_throughput(const Recipe& recipe, const Model& model, const Samples& samples,
                              const RunOptions& options, double seconds) {
  torch::set_num_threads(options.threads);
  Split all;
  for (std::uint32_t i = 0; i < samples.list.size(); ++i) all.train.push_back(i);
  const Observer nobody;
  return Run(recipe, model, samples, all, options, options.seed, {}, nobody).throughput(seconds);
}

}  // namespace leukolens::train
