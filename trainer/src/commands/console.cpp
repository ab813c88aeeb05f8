#include "commands/console.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <format>
#include <memory>
#include <print>

namespace leukolens::train {
namespace {

constexpr int kBarWidth = 24;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration(double seconds) {
  const int whole = static_cast<int>(seconds + 0.5);
  if (whole < 60) return std::format("{} s", whole);
  if (whole < 3600) return std::format("{}:{:02} min", whole / 60, whole % 60);
  return std::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::string thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO)) {}

void ProgressLine::show(double share, const std::string& text) {
  const double time = now();
  if (start_ == 0) start_ = time;
  if (!terminal_ || (time - last_ < 0.1 && share < 1)) return;
  last_ = time;
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < share * kBarWidth ? "█" : "░";
  const std::string left = share > 0 ? duration((time - start_) * (1 - share) / share) : "?";
  std::print(stderr, "\r{} {}, {} left\033[K", bar, text, left);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  start_ = 0;
  if (terminal_) std::print(stderr, "\r\033[K");
}

OnProgress ProgressLine::counter(const std::string& doing, const std::string& what) {
  return [this, doing, what](std::size_t done, std::size_t total) {
    show(static_cast<double>(done) / static_cast<double>(total),
         std::format("{} {}/{} {}", doing, done, total, what));
  };
}

Observer console_observer() {
  const auto line = std::make_shared<ProgressLine>();
  Observer observer;
  observer.on_step = [line](const Step& step) {
    line->show(static_cast<double>(step.images) / static_cast<double>(step.total),
               std::format("epoch {}/{}: {}/{} images, loss {:.4f}, accuracy {:.4f}", step.epoch, step.epochs,
                           step.images, step.total, step.loss, step.accuracy));
  };
  observer.on_epoch = [line](const Epoch& epoch, bool best) {
    line->clear();
    std::println(
        "epoch {:3}: loss {:.4f}, accuracy {:.4f}, validation loss {:.4f}, accuracy {:.4f}, {:.1f} s{}",
        epoch.number, epoch.loss, epoch.accuracy, epoch.validation_loss, epoch.validation_accuracy,
        epoch.seconds, best ? ", best so far" : "");
  };
  observer.on_restart = [line](const Restart& restart) {
    line->clear();
    std::println("Seed {} was given up: {}. Starting again from seed {}.", restart.seed, restart.reason,
                 restart.seed + 1);
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
  if (const auto nothing = count(split.train, kNothing); nothing > 0)
    std::println("{:24} {:>9}", kNothingId, nothing);
  std::println("{:24} {:>9} {:>11}\n", "", split.train.size(), split.validation.size());
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

}  // namespace leukolens::train
