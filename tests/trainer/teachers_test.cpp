#include "training/teachers.h"

#include <catch2/catch_all.hpp>

#include "evaluation/scoring.h"
#include "leukolens/view.h"
#include "tiny.h"

using namespace leukolens;
using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a network learns its teachers' answers where its own labels say nothing") {
  const Samples samples = drawn_samples(8);
  Samples mislabelled = samples;
  for (Sample& sample : mislabelled.list) sample.label = 0;
  const Split all = everything_twice(samples);
  const auto accuracy = [&](const std::vector<std::string>& settings, std::vector<Model> teachers) {
    const Recipe recipe = parse_recipe(kTiny, "tiny.toml", settings);
    const Outcome outcome =
        fit(recipe, tiny_model(recipe), mislabelled, all, {.seed = 2, .teachers = std::move(teachers)}, {});
    return measure(score(outcome.model, samples, all.train), 2).accuracy;
  };
  // Kept are the last weights: the wrong labels would choose others.
  const std::string last = "training.keep=last", taught = "training.teacher_share=1";
  const Model& teacher = tiny_outcome().model;
  CHECK(accuracy({last}, {}) == 0.5);
  CHECK(accuracy({last, taught}, {teacher}) == 1);
  CHECK(accuracy({last, taught}, {teacher, fit_tiny({.seed = 9}).model}) == 1);
  CHECK(accuracy({last, "training.teacher_share=0"}, {teacher}) == 0.5);
}

TEST_CASE("the loss is that of the targets and of the teachers' probabilities, each by its share") {
  Model teacher = tiny_outcome().model;
  Model student = teacher;
  student.input.mean[0] = 0.25f;  // the teacher gets its own values all the same
  const Samples samples = drawn_samples(4);
  const Indices four{0, 1, 2, 3};
  std::vector<float> values(4 * samples.pixels_each());
  for (const std::uint32_t i : four)
    normalise(samples.image(i), student.input,
              std::span(values).subspan(i * samples.pixels_each(), samples.pixels_each()));
  const torch::Tensor images = images_of(values, student.input);
  const std::vector<Answer> answers = predict(teacher, samples, four);
  std::vector<float> logits;
  for (const Answer& answer : answers)
    logits.insert(logits.end(), answer.logits.begin(), answer.logits.end());
  const torch::Tensor same = torch::tensor(logits).reshape({4, 2}).to(device()),
                      labels = torch::tensor({0, 1, 0, 1}, torch::kLong).to(device());
  const double own = torch::cross_entropy_loss(same, labels).item<double>();
  const auto loss = [&](const Model& of, double share, const torch::Tensor& targets) {
    return Teachers({of}, student, {.teacher_share = share}).loss(images, same, targets).item<double>();
  };
  CHECK(loss(teacher, 0, labels) == Catch::Approx(own));
  CHECK(loss(teacher, 1, labels) == Catch::Approx(0).margin(1e-6));  // the teacher's own answers
  CHECK(loss(teacher, 0.25, labels) == Catch::Approx(0.75 * own).margin(1e-6));
  // Its labels may come in another order.
  std::swap(teacher.labels[0], teacher.labels[1]);
  auto& last = teacher.layers.back();
  const std::size_t each = last.weight.size() / 2;
  std::swap_ranges(last.weight.begin(), last.weight.begin() + static_cast<std::ptrdiff_t>(each),
                   last.weight.begin() + static_cast<std::ptrdiff_t>(each));
  std::swap(last.bias[0], last.bias[1]);
  CHECK(loss(teacher, 1, labels) == Catch::Approx(0).margin(1e-6));
  // Where there is no cell, no teacher says otherwise: the loss is that of a guess.
  const torch::Tensor nothing = torch::full({4, 2}, 0.5, same.options());
  CHECK(loss(teacher, 1, nothing) > 0.1);
}

TEST_CASE("a teacher that does not know a label, or sees other views, is refused") {
  const Model& known = tiny_outcome().model;
  Model student = known;
  student.labels.push_back(label_of("monocyte"));
  CHECK_THROWS_WITH(Teachers({known}, student, {}), ContainsSubstring("does not know the label monocyte"));
  student = known;
  student.input.width = 40;
  CHECK_THROWS_WITH(Teachers({known}, student, {}),
                    ContainsSubstring("sees 32 x 32 px of the whole picture"));
}
