#include "leukolens/network.h"

#include <xnnpack.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/finite.h"

namespace leukolens {
namespace {

struct DeleteOperator {
  void operator()(xnn_operator_t op) const { xnn_delete_operator(op); }
};
using Operator = std::unique_ptr<xnn_operator, DeleteOperator>;

// XNNPACK's kernels read up to XNN_EXTRA_BYTES past the end of what they are given.
constexpr std::size_t kPadding = XNN_EXTRA_BYTES / sizeof(float);

struct Clamp {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};

Clamp clamp(Activation activation) {
  Clamp range;
  if (activation != Activation::none) range.low = 0;
  if (activation == Activation::relu6) range.high = 6;
  return range;
}

Result<void> check(xnn_status status, const std::string& layer) {
  if (status == xnn_status_success) return {};
  const bool memory = status == xnn_status_out_of_memory;
  return fail(memory ? ErrorCode::out_of_memory : ErrorCode::unsupported_model,
              "Layer '" + layer + "' cannot be set up (XNNPACK status " + std::to_string(status) + ").");
}

Result<Operator> make_operator(const Layer& layer, const Conv2d& conv, int in_channels) {
  const auto groups = static_cast<std::size_t>(conv.groups), in = static_cast<std::size_t>(in_channels),
             out = static_cast<std::size_t>(conv.filters);
  const auto pad = static_cast<std::uint32_t>(conv.padding), kernel = static_cast<std::uint32_t>(conv.kernel),
             stride = static_cast<std::uint32_t>(conv.stride);
  const Clamp range = clamp(conv.activation);
  xnn_operator_t op = nullptr;
  auto status =
      check(xnn_create_convolution2d_nhwc_f32(pad, pad, pad, pad, kernel, kernel, stride, stride, 1, 1,
                                              static_cast<std::uint32_t>(groups), in / groups, out / groups,
                                              in, out, layer.weight.data(), layer.bias.data(), range.low,
                                              range.high, 0, nullptr, nullptr, &op),
            layer.name);
  if (!status) return std::unexpected(status.error());
  return Operator(op);
}

Result<Operator> make_operator(const Layer& layer, const MaxPool2d& pool) {
  const auto size = static_cast<std::uint32_t>(pool.size), stride = static_cast<std::uint32_t>(pool.stride);
  const Clamp range;
  xnn_operator_t op = nullptr;
  auto status = check(xnn_create_max_pooling2d_nhwc_f32(0, 0, 0, 0, size, size, stride, stride, 1, 1,
                                                        range.low, range.high, 0, &op),
                      layer.name);
  if (!status) return std::unexpected(status.error());
  return Operator(op);
}

void average(const float* in, float* out, Shape shape) {
  const int pixels = shape.height * shape.width;
  std::fill_n(out, shape.channels, 0.0f);
  for (int p = 0; p < pixels; ++p)
    for (int c = 0; c < shape.channels; ++c) out[c] += in[p * shape.channels + c];
  for (int c = 0; c < shape.channels; ++c) out[c] /= static_cast<float>(pixels);
}

// The mean of each channel, then the standard deviation of each.
void measure_channels(const float* values, Shape shape, std::vector<float>& statistics) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const int pixels = shape.height * shape.width;
  statistics.assign(2 * channels, 0);
  float* sums = statistics.data();
  float* squares = sums + channels;
  for (int p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < channels; ++c) {
      const float value = *values++;
      sums[c] += value;
      squares[c] += value * value;
    }
  for (std::size_t c = 0; c < channels; ++c) {
    const float mean = sums[c] /= static_cast<float>(pixels);
    squares[c] = std::sqrt(std::max(squares[c] / static_cast<float>(pixels) - mean * mean, 0.0f));
  }
}

void add(const float* a, const float* b, float* out, std::size_t count, Clamp range) {
  for (std::size_t i = 0; i < count; ++i) out[i] = std::clamp(a[i] + b[i], range.low, range.high);
}

// Nearest neighbour: each row is widened once and then repeated.
void upsample(const float* in, float* out, Shape shape, int scale) {
  const std::size_t channels = static_cast<std::size_t>(shape.channels);
  const std::size_t row = channels * static_cast<std::size_t>(shape.width * scale);
  for (int y = 0; y < shape.height; ++y) {
    const float* first = out;
    for (int x = 0; x < shape.width; ++x, in += channels)
      for (int i = 0; i < scale; ++i) out = std::copy_n(in, channels, out);
    for (int i = 1; i < scale; ++i) out = std::copy_n(first, row, out);
  }
}

std::size_t count(Shape shape) {
  return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width) *
         static_cast<std::size_t>(shape.channels);
}

// A dense layer on a flat input is a 1x1 convolution of a 1x1 image: one operator fewer to link.
Conv2d as_convolution(const Dense& dense) { return {.filters = dense.units, .activation = dense.activation}; }

// A quarter turn of `side` x `side` places of three values: each ring of four moves on by one.
void turn(std::span<float> square, int side) {
  const auto at = [&](int x, int y) { return square.begin() + 3 * (std::ptrdiff_t(y) * side + x); };
  const int last = side - 1;
  for (int y = 0; y < side / 2; ++y)
    for (int x = 0; x < (side + 1) / 2; ++x) {
      const std::array ring{at(x, y), at(last - y, x), at(last - x, last - y), at(y, last - x)};
      for (int i = 3; i > 0; --i) std::swap_ranges(ring[i], ring[i] + 3, ring[i - 1]);
    }
}

// sum += share * values; an empty sum is one of zeros.
void add(std::vector<float>& sum, std::span<const float> values, float share) {
  sum.resize(values.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * values[i];
}

void append(std::vector<float>& to, std::span<const float> values) {
  to.insert(to.end(), values.begin(), values.end());
}

// By how much the largest value exceeds the second.
float lead(std::span<const float> logits) {
  float first = logits[0], second = -std::numeric_limits<float>::infinity();
  for (const float logit : logits.subspan(1)) {
    second = std::max(second, std::min(first, logit));
    first = std::max(first, logit);
  }
  return first - second;
}

}  // namespace

struct Network::Plan {
  struct Step {
    std::size_t layer;  // its index
    Shape in, out;
    std::size_t source = 0;    // slot that it reads; slot 0 is the network's input
    std::size_t other = 0;     // the second slot that Add reads
    std::size_t target = 0;    // slot that it writes
    bool is_measured = false;  // of which Network::channel_statistics() tells
    Operator op = nullptr;     // none for what we compute ourselves
  };
  std::vector<Layer> layers;  // without weights
  std::size_t head = 0;       // see head_begin()
  Shape input, features;
  std::size_t features_slot = 0;
  std::vector<float> channel_statistics;
  std::vector<std::vector<float>> slots;
  std::vector<Step> steps;  // after slots: operators point into them

  void lay_out(const Model& model);
  std::size_t free_slot(std::vector<int>& readers);
  Result<void> create_operator(Step& step, const Layer& layer, int in_channels);
  Result<void> resize(Shape size);
  Result<void> set_up(Step& step);
  void compute(const Step& step);
};

// Decides which slot each layer writes. Slots that nobody will read again are written anew, so that the
// working set stays in cache.
void Network::Plan::lay_out(const Model& model) {
  const std::size_t n = model.layers.size();
  head = head_begin(model);
  std::vector<int> uses(n, 1);     // how many layers read each layer's output; the last is read by our caller
  if (head > 0) ++uses[head - 1];  // who also reads the features
  for (const Layer& layer : model.layers) {
    layers.push_back({.name = layer.name, .operation = layer.operation});
    if (const auto* sum = std::get_if<Add>(&layer.operation)) ++uses[static_cast<std::size_t>(sum->from)];
  }

  const auto measured = model.rejection.centres.empty() ? std::nullopt : statistics_layer(model);
  slots.emplace_back();
  std::vector<int> readers{1};  // of each slot, still to come
  std::vector<std::size_t> slot_of(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Operation& operation = layers[i].operation;
    const std::size_t source = i == 0 ? 0 : slot_of[i - 1];
    if (std::holds_alternative<Flatten>(operation)) {  // NHWC is flat already
      slot_of[i] = source;
      readers[source] += uses[i] - 1;
      continue;
    }
    Step step{.layer = i};
    step.is_measured = measured == i;
    step.source = source;
    step.target = slot_of[i] = free_slot(readers);
    readers[step.target] = uses[i];
    --readers[source];
    if (const auto* sum = std::get_if<Add>(&operation)) {
      step.other = slot_of[static_cast<std::size_t>(sum->from)];
      --readers[step.other];
    }
    steps.push_back(std::move(step));
  }
  features_slot = head == 0 ? 0 : slot_of[head - 1];
}

std::size_t Network::Plan::free_slot(std::vector<int>& readers) {
  std::size_t slot = 1;  // never the input, which our caller may fill before every run or only once
  while (slot < slots.size() && readers[slot] > 0) ++slot;
  if (slot == slots.size()) {
    slots.emplace_back();
    readers.push_back(0);
  }
  return slot;
}

Result<void> Network::Plan::create_operator(Step& step, const Layer& layer, int in_channels) {
  Result<Operator> op;
  if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) op = make_operator(layer, *conv, in_channels);
  if (const auto* dense = std::get_if<Dense>(&layer.operation))
    op = make_operator(layer, as_convolution(*dense), in_channels);
  if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) op = make_operator(layer, *pool);
  if (!op) return std::unexpected(op.error());
  step.op = std::move(*op);
  return {};
}

Result<void> Network::Plan::resize(Shape size) {
  const auto shapes = infer_shapes(layers, size);
  if (!shapes) return std::unexpected(shapes.error());
  const auto grow = [&](std::size_t slot, Shape shape) {
    slots[slot].resize(std::max(slots[slot].size(), count(shape) + kPadding));
  };
  input = size;
  features = head == 0 ? input : (*shapes)[head - 1];
  grow(0, input);
  for (Step& step : steps) {
    step.in = step.layer == 0 ? input : (*shapes)[step.layer - 1];
    step.out = (*shapes)[step.layer];
    grow(step.target, step.out);
  }
  for (Step& step : steps) {  // only now that no slot grows any more: operators keep addresses
    if (!step.op) continue;
    if (auto status = set_up(step); !status) return status;
  }
  return {};
}

Result<void> Network::Plan::set_up(Step& step) {
  const float* in = slots[step.source].data();
  float* out = slots[step.target].data();
  const std::string& name = layers[step.layer].name;
  const auto height = static_cast<std::size_t>(step.in.height),
             width = static_cast<std::size_t>(step.in.width),
             channels = static_cast<std::size_t>(step.in.channels);
  if (std::holds_alternative<MaxPool2d>(layers[step.layer].operation)) {
    auto status = check(xnn_reshape_max_pooling2d_nhwc_f32(step.op.get(), 1, height, width, channels,
                                                           channels, channels, nullptr, nullptr, nullptr),
                        name);
    return status ? check(xnn_setup_max_pooling2d_nhwc_f32(step.op.get(), in, out), name) : status;
  }
  std::size_t workspace = 0, alignment = 0;
  auto status = check(xnn_reshape_convolution2d_nhwc_f32(step.op.get(), 1, height, width, &workspace,
                                                         &alignment, nullptr, nullptr, nullptr),
                      name);
  if (!status) return status;
  if (workspace != 0) return fail(ErrorCode::internal, "Layer '" + name + "' asks for a workspace.");
  return check(xnn_setup_convolution2d_nhwc_f32(step.op.get(), nullptr, in, out), name);
}

void Network::Plan::compute(const Step& step) {
  const float* in = slots[step.source].data();
  float* out = slots[step.target].data();
  const Operation& operation = layers[step.layer].operation;
  if (std::holds_alternative<GlobalAvgPool>(operation)) return average(in, out, step.in);
  if (const auto* up = std::get_if<Upsample2d>(&operation)) return upsample(in, out, step.in, up->scale);
  if (const auto* sum = std::get_if<Add>(&operation))
    add(in, slots[step.other].data(), out, count(step.out), clamp(sum->activation));
}

Result<Network> Network::create(const Model& model) {
  if (xnn_initialize(nullptr) != xnn_status_success)
    return fail(ErrorCode::internal, "XNNPACK does not support this processor.");
  const auto shapes = infer_shapes(model);
  if (!shapes) return std::unexpected(shapes.error());
  auto plan = std::make_unique<Plan>();
  plan->lay_out(model);
  for (Plan::Step& step : plan->steps) {
    const int in_channels = step.layer == 0 ? 3 : (*shapes)[step.layer - 1].channels;
    if (auto status = plan->create_operator(step, model.layers[step.layer], in_channels); !status)
      return std::unexpected(status.error());
  }
  if (auto status = plan->resize({model.input.height, model.input.width, 3}); !status)
    return std::unexpected(status.error());
  return Network(std::move(plan));
}

Result<void> Network::resize(int height, int width) {
  if (plan_->input == Shape{height, width, 3}) return {};
  return plan_->resize({height, width, 3});
}

Network::Network(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

std::span<float> Network::input() { return {plan_->slots[0].data(), count(plan_->input)}; }

std::span<const float> Network::features() const {
  return {plan_->slots[plan_->features_slot].data(), count(plan_->features)};
}

Shape Network::features_shape() const { return plan_->features; }

std::span<const float> Network::channel_statistics() const { return plan_->channel_statistics; }

Result<std::span<const float>> Network::run() {
  for (const Plan::Step& step : plan_->steps) {
    if (!step.op)
      plan_->compute(step);
    else if (xnn_run_operator(step.op.get(), nullptr) != xnn_status_success)
      return fail(ErrorCode::internal, "XNNPACK refused to run a layer.");
    if (step.is_measured)
      measure_channels(plan_->slots[step.target].data(), step.out, plan_->channel_statistics);
  }
  const Plan::Step& last = plan_->steps.back();
  const std::span<const float> logits(plan_->slots[last.target].data(), count(last.out));
  if (!all_finite(logits) || !all_finite(features()) || !all_finite(channel_statistics()))
    return fail(ErrorCode::corrupt_model,
                "The network's output is not finite: the model is damaged; load it again.");
  return logits;
}

Result<NetworkOutput> infer(Network& network, const Input& input, Looks looks) {
  constexpr int kTurns = 4;
  NetworkOutput output;
  std::vector<float> upright;  // none where four looks are needed
  int count = 1;
  for (int turns = 0; turns < count; ++turns) {
    if (turns > 0) turn(network.input(), input.width);
    const auto logits = network.run();
    if (!logits) return std::unexpected(logits.error());
    const auto features = network.features();
    if (turns == 0) {
      const auto statistics = network.channel_statistics();
      upright.assign(logits->begin(), logits->end());
      output.features.assign(features.begin(), features.end());
      output.feature_statistics.assign(statistics.begin(), statistics.end());
      const bool turned = looks == Looks::all && input.tta_margin > 0;
      if (lead(upright) < input.tta_margin) upright.clear();
      if (turned || upright.empty()) count = kTurns;
    }
    const float share = 1 / static_cast<float>(count);
    add(output.logits, *logits, share);
    if (looks == Looks::all) {
      const auto channels = static_cast<std::size_t>(network.features_shape().channels);
      const std::size_t places = features.size() / channels;
      for (std::size_t place = 0; place < places; ++place)
        add(output.embedding, features.subspan(place * channels, channels),
            share / static_cast<float>(places));
    }
  }
  if (looks == Looks::all) {
    append(output.embedding, output.feature_statistics);
    append(output.embedding, output.logits);
  }
  append(output.feature_statistics, upright.empty() ? output.logits : upright);
  return output;
}

void softmax(std::span<const float> logits, float temperature, std::span<float> probabilities) {
  const float largest = std::ranges::max(logits);
  float sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum += probabilities[i] = std::exp((logits[i] - largest) / temperature);
  for (float& p : probabilities) p /= sum;
}

}  // namespace leukolens
