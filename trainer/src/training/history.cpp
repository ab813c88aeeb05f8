#include "training/history.h"

#include <format>

#include "support/plural.h"

namespace leukolens::train {
using files::Json;
namespace {

Json::Value to_json(const Json& json, const Epoch& epoch) {
  const Json::Value value = json.object();
  json.set(value, "epoch", epoch.number);
  json.set(value, "loss", epoch.loss);
  json.set(value, "accuracy", epoch.accuracy);
  json.set(value, "validationLoss", epoch.validation_loss);
  json.set(value, "validationAccuracy", epoch.validation_accuracy);
  json.set(value, "seconds", epoch.seconds);
  return value;
}

/// All epochs; of thousands some, evenly, with the best and the last: a model file has no room for more.
std::vector<Epoch> shown(const History& history) {
  constexpr int kMost = 1000;
  std::vector<Epoch> epochs = history.epochs;
  const int all = static_cast<int>(epochs.size()), step = (all + kMost - 1) / kMost;
  std::erase_if(epochs, [&](const Epoch& one) {
    return one.number % step != 0 && one.number != history.best_epoch && one.number != all;
  });
  return epochs;
}

}  // namespace

double seconds_of(const History& history) {
  double sum = 0;
  for (const Epoch& epoch : history.epochs) sum += epoch.seconds;
  return sum;
}

bool overfits(const History& history) {
  if (history.best_epoch == 0) return false;
  const Epoch &best = history.epochs[static_cast<std::size_t>(history.best_epoch - 1)],
              &last = history.epochs.back();
  return last.validation_loss > 1.2 * best.validation_loss && last.loss < 0.8 * best.loss;
}

std::vector<std::string> notes_on(const History& history) {
  std::vector<std::string> notes;
  notes.reserve(history.restarts.size() + 1);
  for (const Restart& restart : history.restarts) {
    notes.push_back(std::format("The run of seed {} was given up after {}: {}.", restart.seed,
                                counted(static_cast<std::size_t>(restart.epochs), "epoch", "epochs"),
                                restart.reason));
  }
  if (overfits(history)) {
    notes.push_back(
        std::format("The network overfits: after epoch {} it went on to learn the training images by heart. "
                    "More images or more augmentation would help.",
                    history.best_epoch));
  }
  return notes;
}

Json::Value to_json(const Json& json, const History& history) {
  const Json::Value value = json.object();
  json.set(value, "seed", std::size_t(history.seed));
  json.set(value, "bestEpoch", history.best_epoch);
  json.set(value, "stoppedEarly", history.stopped_early);
  json.set(value, "restarts", json.list(history.restarts, [&](const Restart& restart) {
    const Json::Value one = json.object();
    json.set(one, "seed", std::size_t(restart.seed));
    json.set(one, "epochs", restart.epochs);
    json.set(one, "reason", restart.reason);
    return one;
  }));
  if (!history.class_weights.empty())
    json.set(value, "classWeights", json.list(history.class_weights, [](float weight) { return weight; }));
  json.set(value, "epochs",
           json.list(shown(history), [&](const Epoch& epoch) { return to_json(json, epoch); }));
  return value;
}

}  // namespace leukolens::train
