#include "training/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <format>
#include <limits>
#include <optional>

#include "support/plural.h"
#include "support/run_lock.h"
#include "training/batches.h"
#include "training/checkpoint.h"
#include "training/class_weights.h"
#include "training/epoch_order.h"
#include "training/learner.h"
#include "training/optimiser.h"
#include "training/run_state.h"
#include "training/teachers.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

// From the seed of a run to that of its first teacher, and from each to the next: one that starts again meets
// no other's seed, and the last none of another fold.
constexpr std::uint64_t kTeacherSeedStep = 10;
static_assert(kMaxRestarts < kTeacherSeedStep);

// A network that has seen this many images and is still no better than chance never will be.
constexpr std::size_t kImagesBeforeCollapse = 30'000;
constexpr double kCollapse = 0.99;  // of the entropy of the labels
// A loss so many times as large as that of guessing, over a whole epoch, is no training any more. A model
// that goes on to images unlike its own may begin at a hundred times.
constexpr double kDivergence = 1000;

using Clock = std::chrono::steady_clock;

/// The shares of the labels among the cells of `indices`, each weighted.
std::vector<double> shares_of(const Samples& samples, const Indices& indices, std::size_t classes,
                              std::span<const float> weights) {
  std::vector<double> shares(classes);
  double sum = 0;
  for (const std::uint32_t i : cells_among(samples, indices)) {
    const auto label = static_cast<std::size_t>(samples.list[i].label);
    const double weight = weights.empty() ? 1.0 : weights[label];
    shares[label] += weight;
    sum += weight;
  }
  for (double& share : shares) share /= std::max(sum, 1e-12);
  return shares;
}

/// What is lost where `answer` is given to all images, whose targets have these `shares`.
double loss_of_answer(const std::vector<double>& answer, const std::vector<double>& shares) {
  double loss = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) loss -= shares[c] * std::log(std::max(answer[c], 1e-12));
  return loss;
}

/// One run from one seed.
class Run {
 public:
  Run(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
      const RunOptions& options, std::uint64_t seed, std::vector<Restart> restarts, const Observer& observer)
      : recipe_(recipe),
        samples_(samples),
        split_(split),
        options_(options),
        observer_(observer),
        classes_(model.labels.size()),
        weights_(class_weights(recipe.training.class_weights, model.labels, samples,
                               whole_epoch(samples, split.train, recipe.training))),
        maker_(samples, model, recipe.augmentation, recipe.training, weights_),
        learner_(recipe, model, seed) {
    state_.history.seed = seed;
    state_.history.restarts = std::move(restarts);
  }

  void listen_to(const std::vector<Model>& teachers, const Model& model) {
    if (!teachers.empty()) teachers_.emplace(teachers, model, recipe_.training);
  }

  void load() {
    state_ = load_checkpoint(options_.checkpoint, learner_);
    learner_.set_weights(state_.parameters);
    learner_.average().restore(state_.average);
  }

  void save() {
    if (options_.checkpoint.empty()) return;
    state_.parameters = learner_.weights();
    state_.average = learner_.average().state();
    save_checkpoint(options_.checkpoint, options_.command, state_, learner_.optimiser());
  }

  /// Why the run was given up; none if it reached its end.
  std::optional<std::string> train() {
    for (; state_.epoch <= recipe_.training.epochs && !patience_is_over(); next_epoch()) {
      Epoch epoch{.number = state_.epoch};
      train_epoch(epoch);
      if (!std::isfinite(epoch.loss))
        return std::format("the loss became {} in epoch {}", epoch.loss, epoch.number);
      if (const double guessing = std::log(static_cast<double>(classes_));
          epoch.loss > kDivergence * guessing)
        return std::format("the loss grew to {:.3g} in epoch {}, {:.3f} being that of guessing", epoch.loss,
                           epoch.number, guessing);
      if (is_stuck(epoch)) {
        return std::format("stuck at chance: loss {:.3f} after {}, {:.3f} being that of guessing", epoch.loss,
                           counted(static_cast<std::size_t>(epoch.number), "epoch", "epochs"), chance_);
      }
      validate(epoch);
    }
    state_.history.stopped_early = patience_is_over();
    return std::nullopt;
  }

  const History& history() const { return state_.history; }

  Outcome take() {
    learner_.set_weights(state_.best);
    state_.history.class_weights = weights_;
    return {learner_.take(), std::move(state_.history), std::move(state_.validation)};
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
           best_loss() > kCollapse * validation_chance_;
  }

  /// The losses of a network that always gives the mean of the epoch's targets.
  void find_chance() {
    const Training& training = recipe_.training;
    std::vector<double> targets = shares_of(samples_, order_, classes_, weights_);
    const double apart =
        training.negatives + (1 - training.negatives) * training.label_smoothing;  // spread evenly
    for (double& share : targets) share = (1 - apart) * share + apart / static_cast<double>(classes_);
    chance_ = loss_of_answer(targets, targets);
    validation_chance_ = loss_of_answer(targets, shares_of(samples_, split_.validation, classes_, weights_));
  }

  void train_epoch(Epoch& epoch) {
    const Clock::time_point start = Clock::now();
    const double before = state_.seconds;
    const Training& training = recipe_.training;
    const std::uint64_t seed = state_.history.seed;
    order_ = epoch_order(samples_, split_.train, training, seed, epoch.number);
    find_chance();
    const auto size = static_cast<std::size_t>(training.batch);
    const std::size_t total = (order_.size() + size - 1) / size;
    const auto batches = batches_of(maker_, order_, size, batch_seed(seed, epoch.number), state_.batches,
                                    std::max(1, options_.threads / 2));
    const auto tally = [&] {
      const std::size_t done = std::min(state_.batches * size, order_.size());
      epoch.loss = state_.loss_sum / static_cast<double>(done);
      epoch.accuracy = state_.right / std::max(state_.cells, 1.0);
      epoch.seconds = before + std::chrono::duration<double>(Clock::now() - start).count();
      return done;
    };
    if (state_.batches > 0) tally();  // a resumed epoch may have no batch left
    while (std::optional<Batch> batch = batches->next()) {
      const double share = static_cast<double>(state_.batches) / static_cast<double>(total);
      learner_.set_learning_rate(learning_rate(recipe_, epoch.number - 1 + share, training.epochs));
      const Learner::Sums sums = learner_.learn(*batch, teachers_ ? &*teachers_ : nullptr);
      state_.loss_sum += sums.loss;
      state_.right += sums.right;
      state_.cells += static_cast<double>(
          std::ranges::count_if(batch->labels, [](std::int64_t label) { return label != kBackground; }));
      ++state_.batches;
      const std::size_t done = tally();
      observer_.on_step({epoch.number, training.epochs, done, order_.size(), epoch.loss, epoch.accuracy});
      if (!std::isfinite(epoch.loss)) return;
      if (options_.interrupted && *options_.interrupted) stop(epoch);
    }
  }

  void validate(Epoch& epoch) {
    const Clock::time_point start = Clock::now();
    learner_.swap_average();
    std::vector<Scored> scored = learner_.score(samples_, split_.validation);
    const Metrics metrics = measure(scored, classes_);
    epoch.validation_loss = weights_.empty() ? metrics.loss : weighted_loss(scored, weights_);
    epoch.validation_accuracy = metrics.accuracy;
    const bool is_kept = recipe_.training.keep == Training::Keep::last || epoch.validation_loss < best_loss();
    if (is_kept) {
      state_.history.best_epoch = epoch.number;
      state_.validation = std::move(scored);
      state_.best = learner_.weights();
    }
    learner_.swap_average();
    epoch.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    state_.history.epochs.push_back(epoch);
    observer_.on_epoch(epoch, is_kept);
  }

  void next_epoch() {
    ++state_.epoch;
    state_.batches = 0;
    state_.loss_sum = state_.right = state_.cells = state_.seconds = 0;
    save();
  }

  [[noreturn]] void stop(const Epoch& epoch) {
    state_.seconds = epoch.seconds;
    save();
    throw Interrupted(std::format("Interrupted in epoch {}. {}", epoch.number, options_.how_to_resume));
  }

  const Recipe& recipe_;
  const Samples& samples_;
  const Split& split_;
  const RunOptions& options_;
  const Observer& observer_;
  std::size_t classes_;
  std::vector<float> weights_;  // of the classes; empty: all alike
  BatchMaker maker_;
  Learner learner_;
  std::optional<Teachers> teachers_;
  RunState state_;
  Indices order_;
  double chance_ = 0, validation_chance_ = 0;
};

fs::path checkpoint_of_teacher(const fs::path& checkpoint, int number) {
  return std::format("{}-teacher-{}", checkpoint.string(), number);
}

/// One network, taught by `teachers`.
Outcome fit_one(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
                const RunOptions& options, const std::vector<Model>& teachers, const Observer& observer) {
  std::vector<Restart> restarts;
  bool resume = options.resume;
  for (std::uint64_t seed = options.seed;; ++seed) {
    Run run(recipe, model, samples, split, options, seed, restarts, observer);
    run.listen_to(teachers, model);
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

/// The mean of some networks' answers to the same images.
std::vector<Scored> mean_of(const std::vector<std::vector<Scored>>& answers) {
  std::vector<Scored> mean = answers.front();
  for (std::size_t i = 0; i < mean.size(); ++i)
    for (std::size_t c = 0; c < mean[i].probabilities.size(); ++c) {
      float sum = 0;
      for (const std::vector<Scored>& own : answers) sum += own[i].probabilities[c];
      mean[i].probabilities[c] = sum / static_cast<float>(answers.size());
    }
  return mean;
}

/// The recipe's teachers, and options.teachers. A teacher that was trained before the interruption has its
/// last weights in its checkpoint.
std::vector<Model> trained_teachers(const Recipe& recipe, const Model& model, const Samples& samples,
                                    const Split& split, const RunOptions& options, const Observer& observer) {
  std::vector<Model> teachers = options.teachers;
  std::vector<std::vector<Scored>> answers;
  for (const Recipe& own : recipe.teachers) {
    const int number = static_cast<int>(answers.size()) + 1;
    RunOptions run = options;
    run.seed += kTeacherSeedStep * static_cast<std::uint64_t>(number);
    run.how_to_resume =
        std::format("It was teacher {} of {}. {}", number, recipe.teachers.size(), options.how_to_resume);
    if (!run.checkpoint.empty()) {
      run.checkpoint = checkpoint_of_teacher(options.checkpoint, number);
      run.resume = options.resume && fs::exists(run.checkpoint);
    }
    Outcome outcome =
        fit_one(own, teacher_model(own, model), samples, split, run, {}, {.on_step = observer.on_step});
    answers.push_back(std::move(outcome.validation));
    observer.on_teacher(number, outcome.history, measure(answers.back(), model.labels.size()),
                        measure(mean_of(answers), model.labels.size()));
    teachers.push_back(std::move(outcome.model));
  }
  return teachers;
}

}  // namespace

Outcome fit(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
            const RunOptions& options, const Observer& observer) {
  torch::set_num_threads(options.threads);
  std::optional<RunLock> lock;
  if (!options.checkpoint.empty()) lock.emplace(options.checkpoint);
  if (!options.resume && !options.checkpoint.empty()) {
    remove_checkpoint(options.checkpoint);
    if (!recipe.teachers.empty())  // what the run is resumed by while its teachers are trained
      Run(recipe, model, samples, split, options, options.seed, {}, observer).save();
  }
  const std::vector<Model> teachers = trained_teachers(recipe, model, samples, split, options, observer);
  return fit_one(recipe, model, samples, split, options, teachers, observer);
}

Model teacher_model(const Recipe& teacher, const Model& model) {
  return has_weights(model) ? model : model_of(teacher, model.labels);
}

void remove_checkpoint(const fs::path& checkpoint) {
  fs::remove(checkpoint);
  for (int number = 1; number <= kMostTeachers; ++number)
    fs::remove(checkpoint_of_teacher(checkpoint, number));
}

}  // namespace leukolens::train
