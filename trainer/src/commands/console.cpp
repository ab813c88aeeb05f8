#include "commands/console.h"

#include <algorithm>
#include <format>
#include <memory>
#include <print>

#include "files/encoding.h"
#include "files/figures.h"
#include "leukolens/notice.h"
#include "support/plural.h"
#include "support/progress_line.h"

namespace leukolens::train {
namespace {

std::string thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

}  // namespace

Observer console_observer(bool epochs) {
  const auto line = std::make_shared<ProgressLine>();
  Observer observer;
  observer.on_step = [line](const Step& step) {
    line->show(static_cast<double>(step.images) / static_cast<double>(step.total),
               std::format("epoch {}/{}: {}/{} images, loss {:.4f}, accuracy {:.4f}", step.epoch, step.epochs,
                           step.images, step.total, step.loss, step.accuracy));
  };
  observer.on_epoch = [line, epochs](const Epoch& epoch, bool kept) {
    line->clear();
    if (!epochs) return;
    std::println(
        "epoch {:3}: loss {:.4f}, accuracy {:.4f}, validation loss {:.4f}, accuracy {:.4f}, {:.1f} s{}",
        epoch.number, epoch.loss, epoch.accuracy, epoch.validation_loss, epoch.validation_accuracy,
        epoch.seconds, kept ? ", kept so far" : "");
  };
  observer.on_restart = [line](const Restart& restart) {
    line->clear();
    std::println("Seed {} was given up: {}. Starting again from seed {}.", restart.seed, restart.reason,
                 restart.seed + 1);
  };
  observer.on_teacher = [line](int number, const History& history, const Metrics& own,
                               const Metrics& together) {
    line->clear();
    std::println("Teacher {}, seed {}: epoch {} of {}, validation loss {:.4f}, accuracy {:.4f}{}", number,
                 history.seed, history.best_epoch, history.epochs.size(), own.loss, own.accuracy,
                 number == 1
                     ? ""
                     : std::format("; {} together {:.4f}, {:.4f}", number, together.loss, together.accuracy));
  };
  return observer;
}

void print_class_counts(const Samples& samples, const Split& split, std::span<const Label> labels) {
  const auto count = [&](const std::vector<std::uint32_t>& indices, int label) {
    return std::ranges::count_if(indices, [&](std::uint32_t i) { return samples.list[i].label == label; });
  };
  std::println("{:24} {:>9} {:>11}", "label", "training", "validation");
  for (int i = 0; i < std::ssize(labels); ++i)
    std::println("{:24} {:>9} {:>11}", labels[static_cast<std::size_t>(i)].id, count(split.train, i),
                 count(split.validation, i));
  std::string without;
  for (int i = 0; i < std::ssize(labels); ++i)
    if (count(split.train, i) == 0)
      without += std::format("{}{}", without.empty() ? "" : ", ", labels[static_cast<std::size_t>(i)].id);
  if (const auto background = count(split.train, kBackground); background > 0)
    std::println("{:24} {:>9}", kBackgroundId, background);
  std::println("{:24} {:>9} {:>11}\n", "", split.train.size(), split.validation.size());
  if (!without.empty())
    std::println("There is no training image of {}: it cannot be learnt here.\n", without);
}

void print_summary(const Model& model) {
  const std::vector<Shape> shapes = infer_shapes(model).value();
  Shape before{model.input.height, model.input.width, 3};
  std::int64_t parameters = 0, macs = 0;
  const std::string rule(64, '_');
  std::println("Model: \"{}\"\n{}\n{:28} {:22} {:>12}\n{}", model.name, rule, "Layer (type)", "Output shape",
               "Parameters", rule);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Layer& layer = model.layers[i];
    const Shape& shape = shapes[i];
    const Cost price = cost(layer.operation, before, shape);
    const std::string output = shape.height * shape.width > 1
                                   ? std::format("({}, {}, {})", shape.height, shape.width, shape.channels)
                                   : std::format("({})", shape.channels);
    std::println("{:28} {:22} {:>12}", std::format("{} ({})", layer.name, type_name(layer.operation)), output,
                 thousands(price.parameters));
    parameters += price.parameters;
    macs += price.macs;
    before = shape;
  }
  std::println("{}\nTotal parameters: {}\nMultiply-accumulates: {}", rule, thousands(parameters),
               thousands(macs));
}

void print_metrics(const Metrics& metrics, std::span<const Label> labels) {
  std::println("{}\n{}", files::table(metrics, labels), kNotice);
}

void print_skipped(std::string_view one, std::string_view many, const std::vector<files::Skipped>& skipped) {
  constexpr std::size_t kShown = 5;
  if (skipped.empty()) return;
  std::println("{}:", counted(skipped.size(), one, many));
  for (std::size_t i = 0; i < std::min(kShown, skipped.size()); ++i) {
    std::println("  {}: {}", files::printable(skipped[i].source), files::visible(skipped[i].reason));
  }
  if (skipped.size() > kShown) std::println("  and {} more", skipped.size() - kShown);
}

void print_not_labelled(const files::Dataset& data) {
  print_skipped("file or row is no labelled image and was left out",
                "files or rows are no labelled images and were left out", data.skipped());
}

void print_left_out(const Samples& samples) {
  print_skipped("image cannot be read and was left out", "images cannot be read and were left out",
                samples.unreadable);
  print_skipped("image has a label that the network does not know and was left out",
                "images have a label that the network does not know and were left out", samples.unlabelled);
}

}  // namespace leukolens::train
