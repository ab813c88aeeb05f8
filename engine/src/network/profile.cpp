// Fits and applies microscope profiles: multinomial logistic regression with the model's own answers as its
// offset.
#include "leukolens/profile.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <tuple>

#include "leukolens/network.h"
#include "network/ranked.h"

namespace leukolens {
namespace {

// Chosen on JTSC, CellaVision and BCCD, 8 to 64 examples, ten draws each: 0.1 to 0.4 differ by less than a
// point. One that falls as the examples grow in number (3.2 divided by it) names half a point more rightly,
// also on PBC by networks of BCCD, and unlearns more of labels that are not shown: of 128 examples of BCCD a
// recall of 0.69 is left to them where this leaves 0.86.
constexpr float kRidge = 0.2f;
// What a label without examples weighs where the others are told apart. With 1, examples of other classes
// unlearn it: eosinophils that were not shown fell from a recall of 0.96 to 0.26 on JTSC, with 0.2 to 0.55.
// With 0 they keep 0.93, but ten points of the others' accuracy are lost: what the model takes for a label
// that is not there can then not be corrected. Less than 0.5 cost CellaVision up to two points of 74.
constexpr float kAbsent = 0.5f;
constexpr int kMinOfLabel = 2;   // one example alone may be an error of the hand
constexpr int kIterations = 24;  // leaves less than a fiftieth of the gain to be had
constexpr std::size_t kLeftOutOneByOne = 32, kParts = 8;
constexpr float kLeastDeviation = 1e-3f;

using Values = std::vector<float>;

// Eight labels at a time: a table of labels has their number rounded up to eights, and zeros for the rest.
using Eight = float __attribute__((vector_size(32)));
constexpr std::size_t kEight = 8;

void load(Eight& eight, const float* from) { std::memcpy(&eight, from, sizeof eight); }
void store(const Eight& eight, float* to) { std::memcpy(to, &eight, sizeof eight); }

// Rows of examples. Inputs are standardised, the last is 1.
struct Problem {
  std::size_t inputs = 0, labels = 0;
  Values x;       // [rows, inputs]
  Values offset;  // [rows, labels]: the model's own calibrated logits
  Values weight;  // [labels]: 1, or kAbsent
  std::vector<int> truth;
  std::vector<int> part;  // which part of the examples a row is left out with

  std::size_t rows() const { return truth.size(); }
  std::size_t columns() const { return (labels + kEight - 1) / kEight * kEight; }
  std::span<const float> input(std::size_t row) const { return std::span(x).subspan(row * inputs, inputs); }

  // offset + x * w of a row.
  void logits(std::size_t row, const Values& w, Values& out) const {
    const std::size_t width = columns();
    out.assign(width, 0);
    std::copy_n(&offset[row * labels], labels, out.begin());
    for (std::size_t c = 0; c < width; c += kEight) {
      Eight sum, of_input;
      load(sum, &out[c]);
      const float* from = &w[c];
      for (const float value : input(row)) {
        load(of_input, from);
        sum += value * of_input;
        from += width;
      }
      store(sum, &out[c]);
    }
  }
};

// The inverse of X'X / 2 + ridge, the curvature that the loss nowhere exceeds (Boehning 1992): a step of its
// length never overshoots. It holds for every subset of the rows.
Values inverse_curvature(const Problem& problem) {
  const std::size_t n = problem.inputs;
  std::vector<double> a(n * n), inverse(n * n);
  for (std::size_t row = 0; row < problem.rows(); ++row) {
    const auto x = problem.input(row);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) a[i * n + j] += 0.5 * x[i] * x[j];
  }
  for (std::size_t i = 0; i < n; ++i) a[i * n + i] += kRidge;
  for (std::size_t j = 0; j < n; ++j) {  // Cholesky, in place
    for (std::size_t k = 0; k < j; ++k) a[j * n + j] -= a[j * n + k] * a[j * n + k];
    a[j * n + j] = std::sqrt(a[j * n + j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i * n + j] -= a[i * n + k] * a[j * n + k];
      a[i * n + j] /= a[j * n + j];
    }
  }
  std::vector<double> column(n);
  for (std::size_t c = 0; c < n; ++c) {  // A * column = unit vector c
    std::ranges::fill(column, 0.0);
    column[c] = 1;
    for (std::size_t i = c; i < n; ++i) {
      for (std::size_t k = c; k < i; ++k) column[i] -= a[i * n + k] * column[k];
      column[i] /= a[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t k = i + 1; k < n; ++k) column[i] -= a[k * n + i] * column[k];
      column[i] /= a[i * n + i];
    }
    std::ranges::copy(column, inverse.begin() + static_cast<std::ptrdiff_t>(c * n));
  }
  return {inverse.begin(), inverse.end()};
}

// The gradient of the loss at `w`, over all rows but those of part `left_out`.
Values gradient(const Problem& problem, const Values& w, int left_out) {
  Values slope(w.size()), error;
  std::ranges::transform(w, slope.begin(), [](float value) { return kRidge * value; });
  for (std::size_t row = 0; row < problem.rows(); ++row) {
    if (problem.part[row] == left_out) continue;
    problem.logits(row, w, error);
    const auto logits = std::span(error).first(problem.labels);
    const float largest = std::ranges::max(logits);
    float sum = 0;
    for (std::size_t c = 0; c < logits.size(); ++c)
      sum += logits[c] = problem.weight[c] * std::exp(logits[c] - largest);
    for (float& value : logits) value /= sum;
    logits[static_cast<std::size_t>(problem.truth[row])] -= 1;
    const std::size_t width = error.size();
    for (std::size_t c = 0; c < width; c += kEight) {
      Eight part, sloped;
      load(part, &error[c]);
      float* to = &slope[c];
      for (const float value : problem.input(row)) {
        load(sloped, to);
        store(sloped + value * part, to);
        to += width;
      }
    }
  }
  for (std::size_t c = 0; c < problem.labels; ++c)
    if (problem.weight[c] < 1)  // nothing is known of this label
      for (std::size_t i = c; i < slope.size(); i += problem.columns()) slope[i] = 0;
  return slope;
}

// [inputs, columns], by Nesterov's accelerated descent. Early stopping is part of the estimate: what is left
// out is judged by the same number of steps.
Values fit(const Problem& problem, const Values& inverse, int left_out = -1) {
  const std::size_t n = problem.inputs, columns = problem.columns();
  Values w(n * columns), ahead = w, next(w.size());
  for (int step = 0; step < kIterations; ++step) {
    const Values slope = gradient(problem, ahead, left_out);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < columns; c += kEight) {
        Eight sum, downhill;
        load(sum, &ahead[i * columns + c]);
        for (std::size_t j = 0; j < n; ++j) {
          load(downhill, &slope[j * columns + c]);
          sum -= inverse[i * n + j] * downhill;
        }
        store(sum, &next[i * columns + c]);
      }
    const float momentum = static_cast<float>(step) / static_cast<float>(step + 3);
    for (std::size_t i = 0; i < w.size(); ++i) ahead[i] = next[i] + momentum * (next[i] - w[i]);
    w.swap(next);
  }
  return w;
}

float log_loss(std::span<const float> probabilities, int truth) {
  constexpr float kLeast = 1e-6f;
  return -std::log(std::max(probabilities[static_cast<std::size_t>(truth)], kLeast));
}

// Probabilities of all rows: [rows, labels].
Values softmax_of(const Values& logits, std::size_t labels, float temperature) {
  Values out(logits.size());
  for (std::size_t at = 0; at < logits.size(); at += labels)
    softmax(std::span(logits).subspan(at, labels), temperature, std::span(out).subspan(at, labels));
  return out;
}

float mean_loss(const Values& probabilities, const Problem& problem) {
  float sum = 0;
  for (std::size_t row = 0; row < problem.rows(); ++row)
    sum +=
        log_loss(std::span(probabilities).subspan(row * problem.labels, problem.labels), problem.truth[row]);
  return sum / static_cast<float>(problem.rows());
}

// A few examples say little of it: a prior worth kPrior of them draws it towards 1.
float fit_temperature(const Values& logits, const Problem& problem) {
  constexpr float kPrior = 4;
  float best = 1, least = std::numeric_limits<float>::infinity();
  for (int step = -12; step <= 24; ++step) {
    const float logarithm = 0.05f * static_cast<float>(step), temperature = std::exp(logarithm);
    const float cost = static_cast<float>(problem.rows()) *
                           mean_loss(softmax_of(logits, problem.labels, temperature), problem) +
                       kPrior * logarithm * logarithm;
    if (cost < least) least = cost, best = temperature;
  }
  return best;
}

Fitness fitness_of(const Values& probabilities, const Problem& problem) {
  constexpr std::size_t kBins = 10;
  const std::size_t rows = problem.rows(), bins = std::min(kBins, rows);
  std::vector<Ranked> answers;  // confidence, whether it is right
  for (std::size_t row = 0; row < rows; ++row) {
    const auto p = std::span(probabilities).subspan(row * problem.labels, problem.labels);
    const auto top = std::ranges::max_element(p);
    answers.push_back({*top, top - p.begin() == problem.truth[row]});
  }
  sort(answers);
  Fitness result{.log_loss = mean_loss(probabilities, problem)};
  for (std::size_t bin = 0; bin < bins; ++bin) {
    float gap = 0;
    for (std::size_t i = bin * rows / bins; i < (bin + 1) * rows / bins; ++i) {
      const auto right = static_cast<float>(answers[i].number);
      gap += static_cast<float>(answers[i].key) - right;
      result.accuracy += right;
    }
    result.calibration_error += std::abs(gap);
  }
  result.accuracy /= static_cast<float>(rows);
  result.calibration_error /= static_cast<float>(rows);
  return result;
}

// Whether the left-out examples are answered better: no fewer rightly, and with a loss that is smaller by a
// quarter of its standard error. A whole one refused half of what helps on JTSC with 8 examples.
bool is_gain(const Values& before, const Values& after, const Problem& problem, const Profile& profile) {
  if (profile.after.accuracy < profile.before.accuracy) return false;
  double sum = 0, squares = 0;
  const auto rows = static_cast<double>(problem.rows());
  for (std::size_t row = 0; row < problem.rows(); ++row) {
    const auto loss = [&](const Values& p) {
      return log_loss(std::span(p).subspan(row * problem.labels, problem.labels), problem.truth[row]);
    };
    const double gain = loss(before) - loss(after);
    sum += gain;
    squares += gain * gain;
  }
  const double mean = sum / rows, variance = std::max(0.0, squares / rows - mean * mean);
  return mean > 0.25 * std::sqrt(variance / rows);
}

// What a file keeps of a number: four digits after the point, so that a profile answers alike before it was
// saved and after. Weights of that size change no probability by more than a thousandth.
float kept(float value) { return static_cast<float>(std::nearbyint(double(value) * 10'000) / 10'000); }

Fitness kept(const Fitness& fitness) {
  return {kept(fitness.accuracy), kept(fitness.log_loss), kept(fitness.calibration_error)};
}

struct Scale {
  Values mean, factor;  // [embedding]: x = (value - mean) * factor
};

Scale scale_of(std::span<const Example* const> examples, std::size_t size) {
  const auto count = static_cast<float>(examples.size());
  Scale scale{Values(size), Values(size)};
  for (const Example* example : examples)
    for (std::size_t i = 0; i < size; ++i) scale.mean[i] += example->embedding[i] / count;
  for (const Example* example : examples)
    for (std::size_t i = 0; i < size; ++i) {
      const float away = example->embedding[i] - scale.mean[i];
      scale.factor[i] += away * away / count;
    }
  for (float& value : scale.factor)
    value = 1 / ((std::sqrt(value) + kLeastDeviation) * std::sqrt(static_cast<float>(size)));
  return scale;
}

Problem problem_of(std::span<const Example* const> examples, const Scale& scale,
                   std::span<const int> counts) {
  const std::size_t size = scale.mean.size();
  Problem problem{.inputs = size + 1, .labels = counts.size()};
  for (const int count : counts) problem.weight.push_back(count >= kMinOfLabel ? 1 : kAbsent);
  const std::size_t parts = examples.size() <= kLeftOutOneByOne ? examples.size() : kParts;
  for (const Example* example : examples) {
    for (std::size_t i = 0; i < size; ++i)
      problem.x.push_back((example->embedding[i] - scale.mean[i]) * scale.factor[i]);
    problem.x.push_back(1);
    problem.offset.insert(problem.offset.end(), example->embedding.end() - std::ssize(counts),
                          example->embedding.end());
    problem.part.push_back(static_cast<int>(problem.truth.size() % parts));
    problem.truth.push_back(example->label);
  }
  return problem;
}

// Logits of every row by a fit that has not seen it.
Values left_out_logits(const Problem& problem, const Values& inverse) {
  Values logits(problem.rows() * problem.labels), one;
  const int parts = std::ranges::max(problem.part) + 1;
  for (int part = 0; part < parts; ++part) {
    const Values w = fit(problem, inverse, part);
    for (std::size_t row = 0; row < problem.rows(); ++row) {
      if (problem.part[row] != part) continue;
      problem.logits(row, w, one);
      std::copy_n(one.begin(), problem.labels, &logits[row * problem.labels]);
    }
  }
  return logits;
}

std::string percent(float share) { return std::to_string(static_cast<int>(100 * share + 0.5f)) + " %"; }

std::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

constexpr const char* kDoesNotFit =
    "An example does not fit the model: it needs one of its labels and an embedding by it.";

bool fits(const Example& example, std::size_t labels, std::size_t embedding) {
  const auto finite = [](float value) { return std::isfinite(value); };
  return example.label >= 0 && static_cast<std::size_t>(example.label) < labels &&
         example.embedding.size() == embedding && std::ranges::all_of(example.embedding, finite);
}

}  // namespace

Result<Profile> adapt(const Model& model, std::span<const Example> examples) {
  const std::size_t labels = model.labels.size();
  if (examples.size() > kMaxExamples) return refuse("A profile is fitted to 100000 examples at most.");
  std::vector<int> counts(labels);
  for (const Example& example : examples) {
    if (!fits(example, labels, embedding_size(model))) return refuse(kDoesNotFit);
    ++counts[static_cast<std::size_t>(example.label)];
  }
  std::vector<const Example*> learnt;
  for (const Example& example : examples)
    if (counts[static_cast<std::size_t>(example.label)] >= kMinOfLabel) learnt.push_back(&example);
  if (learnt.size() < kMinExamples)
    return refuse("Too few examples to learn from: four cells are needed, at least two of each label.");
  const auto before_other = [](const Example* a, const Example* b) {
    return std::tie(a->label, a->embedding) < std::tie(b->label, b->embedding);
  };
  std::ranges::make_heap(learnt, before_other);  // smaller than std::ranges::sort()
  std::ranges::sort_heap(learnt, before_other);

  const Scale scale = scale_of(learnt, embedding_size(model) - labels);
  const Problem problem = problem_of(learnt, scale, counts);
  const Values inverse = inverse_curvature(problem);
  const Values logits = left_out_logits(problem, inverse);
  Profile profile{.model_sha256 = model.sha256, .examples = counts};
  profile.temperature = fit_temperature(logits, problem);
  const Values before = softmax_of(problem.offset, labels, 1),
               after = softmax_of(logits, labels, profile.temperature);
  profile.before = fitness_of(before, problem);
  profile.after = fitness_of(after, problem);
  if (!is_gain(before, after, problem, profile))
    return refuse("Nothing is gained: of cells left out while fitting, " + percent(profile.after.accuracy) +
                  " were named rightly with a profile and " + percent(profile.before.accuracy) +
                  " without one.");

  const Values w = fit(problem, inverse);
  const std::size_t size = scale.mean.size(), columns = problem.columns();
  profile.weights.resize(labels * size);
  profile.biases.resize(labels);
  for (std::size_t c = 0; c < labels; ++c) {
    profile.biases[c] = w[size * columns + c];
    for (std::size_t i = 0; i < size; ++i) {
      const float weight = profile.weights[c * size + i] = kept(w[i * columns + c] * scale.factor[i]);
      profile.biases[c] -= weight * scale.mean[i];
    }
    profile.biases[c] = kept(profile.biases[c]);
  }
  profile.temperature = kept(profile.temperature);
  profile.before = kept(profile.before);
  profile.after = kept(profile.after);
  return profile;
}

namespace {

// How good the model's own answers are, on all examples or on those of labels that are learnt from so many.
Fitness measure(const Model& model, std::span<const Example> examples, std::span<const int> counts = {}) {
  Problem problem{.labels = model.labels.size()};
  for (const Example& example : examples) {
    if (!counts.empty() && counts[static_cast<std::size_t>(example.label)] < kMinOfLabel) continue;
    problem.offset.insert(problem.offset.end(), example.embedding.end() - std::ssize(model.labels),
                          example.embedding.end());
    problem.truth.push_back(example.label);
  }
  return kept(fitness_of(softmax_of(problem.offset, problem.labels, 1), problem));
}

}  // namespace

Result<Profile> adapt_stain(const Model& model, const StainScale& stain) {
  if (!model.stain) return refuse("The model names no stains that it knows.");
  if (stain.is_none()) return refuse("The stain is no darker than those that the model knows.");
  const std::size_t labels = model.labels.size();
  Profile profile{.model_sha256 = model.sha256, .examples = std::vector<int>(labels), .stain = stain};
  profile.weights.resize(labels * (embedding_size(model) - labels));
  profile.biases.resize(labels);
  return profile;
}

Result<Profile> adapt(const Model& model, const StainScale& stain, std::span<const Example> as_they_are,
                      std::span<const Example> evened) {
  const auto fits_model = [&](const Example& one) {
    return fits(one, model.labels.size(), embedding_size(model));
  };
  if (stain.is_none() || evened.empty() || as_they_are.size() != evened.size() ||
      !std::ranges::all_of(as_they_are, fits_model) || !std::ranges::all_of(evened, fits_model))
    return adapt(model, evened);
  const Fitness before = measure(model, as_they_are), after = measure(model, evened);
  if (after.accuracy < before.accuracy) return adapt(model, as_they_are);
  auto profile = adapt(model, evened);
  if (profile) {
    profile->stain = stain;
    profile->before = measure(model, as_they_are, profile->examples);  // of the cells that it was judged by
  } else if (after.accuracy > before.accuracy && after.log_loss < before.log_loss) {
    profile = adapt_stain(model, stain);
    profile->before = before;
    profile->after = after;
  }
  return profile;
}

void apply(const Profile& profile, std::span<const float> embedding, std::span<float> probabilities) {
  const std::size_t labels = probabilities.size(), size = embedding.size() - labels;
  Values logits(labels);
  const float* weight = profile.weights.data();
  for (std::size_t c = 0; c < labels; ++c, weight += size)
    logits[c] =
        std::inner_product(weight, weight + size, embedding.begin(), embedding[size + c] + profile.biases[c]);
  softmax(logits, profile.temperature, probabilities);
}

}  // namespace leukolens
