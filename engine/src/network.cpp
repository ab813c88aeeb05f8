#include <xnnpack.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "leukolens/classifier.h"

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

Result<Operator> create(const Layer& layer, const Conv2d& conv, int in_channels) {
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

Result<Operator> create(const Layer& layer, const MaxPool2d& pool) {
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

void add(const float* a, const float* b, float* out, std::size_t count, Clamp range) {
  for (std::size_t i = 0; i < count; ++i) out[i] = std::clamp(a[i] + b[i], range.low, range.high);
}

std::size_t count(Shape shape) {
  return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width) *
         static_cast<std::size_t>(shape.channels);
}

// A dense layer on a flat input is a 1x1 convolution of a 1x1 image: one operator fewer to link.
Conv2d as_convolution(const Dense& dense) { return {.filters = dense.units, .activation = dense.activation}; }

}  // namespace

struct Network::Plan {
  struct Step {
    Operation operation;
    Shape in, out;
    Operator op;     // none for what we compute ourselves
    int source = 0;  // slot that it reads; slot 0 is the network's input
    int other = 0;   // the second slot that Add reads
    int target = 0;  // slot that it writes
  };
  Shape input;
  std::vector<std::vector<float>> slots;
  std::vector<Step> steps;  // after slots: operators point into them

  std::size_t slot_with(std::size_t floats, std::vector<int>& users);
  Result<void> set_up(Step& step, const Layer& layer);
  void execute(const Step& step);
};

// The first slot that nobody will read again, grown if need be, or a new one: intermediate results share
// memory, so that the working set stays in cache.
std::size_t Network::Plan::slot_with(std::size_t floats, std::vector<int>& users) {
  std::size_t slot = 1;
  while (slot < slots.size() && users[slot] > 0) ++slot;
  if (slot == slots.size()) {
    slots.emplace_back();
    users.push_back(0);
  }
  if (slots[slot].size() < floats + kPadding) slots[slot].resize(floats + kPadding);
  return slot;
}

Result<void> Network::Plan::set_up(Step& step, const Layer& layer) {
  const float* in = slots[static_cast<std::size_t>(step.source)].data();
  float* out = slots[static_cast<std::size_t>(step.target)].data();
  const auto height = static_cast<std::size_t>(step.in.height),
             width = static_cast<std::size_t>(step.in.width),
             channels = static_cast<std::size_t>(step.in.channels);
  std::size_t workspace = 0, alignment = 0;
  if (std::holds_alternative<MaxPool2d>(step.operation)) {
    auto status = check(xnn_reshape_max_pooling2d_nhwc_f32(step.op.get(), 1, height, width, channels,
                                                           channels, channels, nullptr, nullptr, nullptr),
                        layer.name);
    if (!status) return status;
    return check(xnn_setup_max_pooling2d_nhwc_f32(step.op.get(), in, out), layer.name);
  }
  auto status = check(xnn_reshape_convolution2d_nhwc_f32(step.op.get(), 1, height, width, &workspace,
                                                         &alignment, nullptr, nullptr, nullptr),
                      layer.name);
  if (!status) return status;
  if (workspace != 0) return fail(ErrorCode::internal, "Layer '" + layer.name + "' asks for a workspace.");
  return check(xnn_setup_convolution2d_nhwc_f32(step.op.get(), nullptr, in, out), layer.name);
}

void Network::Plan::execute(const Step& step) {
  const float* in = slots[static_cast<std::size_t>(step.source)].data();
  float* out = slots[static_cast<std::size_t>(step.target)].data();
  if (std::holds_alternative<GlobalAvgPool>(step.operation)) return average(in, out, step.in);
  if (const auto* sum = std::get_if<Add>(&step.operation))
    add(in, slots[static_cast<std::size_t>(step.other)].data(), out, count(step.out), clamp(sum->activation));
}

Result<Network> Network::create(const Model& model) {
  if (xnn_initialize(nullptr) != xnn_status_success)
    return fail(ErrorCode::internal, "XNNPACK does not support this processor.");
  auto shapes = infer_shapes(model);
  if (!shapes) return std::unexpected(shapes.error());

  auto plan = std::make_unique<Plan>();
  plan->input = {model.input.height, model.input.width, 3};
  plan->slots.emplace_back(count(plan->input) + kPadding);

  // How many later layers read each layer's output; the input and the logits are never given up.
  const std::size_t n = model.layers.size();
  std::vector<int> readers(n, 1);
  for (const Layer& layer : model.layers)
    if (const auto* sum = std::get_if<Add>(&layer.operation)) ++readers[static_cast<std::size_t>(sum->from)];

  std::vector<int> users{1}, slot_of(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Layer& layer = model.layers[i];
    Plan::Step step{.operation = layer.operation,
                    .in = i == 0 ? plan->input : (*shapes)[i - 1],
                    .out = (*shapes)[i],
                    .source = i == 0 ? 0 : slot_of[i - 1]};
    if (std::holds_alternative<Flatten>(layer.operation)) {  // NHWC is flat already
      slot_of[i] = step.source;
      users[static_cast<std::size_t>(step.source)] += readers[i] - 1;
      continue;
    }
    const auto target = plan->slot_with(count(step.out), users);
    users[target] = readers[i];
    slot_of[i] = step.target = static_cast<int>(target);
    --users[static_cast<std::size_t>(step.source)];
    if (const auto* sum = std::get_if<Add>(&layer.operation)) {
      step.other = slot_of[static_cast<std::size_t>(sum->from)];
      --users[static_cast<std::size_t>(step.other)];
    }
    Result<Operator> op;
    if (const auto* conv = std::get_if<Conv2d>(&layer.operation))
      op = leukolens::create(layer, *conv, step.in.channels);
    if (const auto* dense = std::get_if<Dense>(&layer.operation))
      op = leukolens::create(layer, as_convolution(*dense), step.in.channels);
    if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) op = leukolens::create(layer, *pool);
    if (!op) return std::unexpected(op.error());
    step.op = std::move(*op);
    plan->steps.push_back(std::move(step));
  }
  // Only now, when no slot grows any more, may operators be told where their data is.
  std::size_t next = 0;
  for (const Layer& layer : model.layers) {
    if (std::holds_alternative<Flatten>(layer.operation)) continue;
    Plan::Step& step = plan->steps[next++];
    if (!step.op) continue;
    if (auto status = plan->set_up(step, layer); !status) return std::unexpected(status.error());
  }
  return Network(std::move(plan));
}

Network::Network(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

std::span<float> Network::input() { return {plan_->slots[0].data(), count(plan_->input)}; }

Result<std::span<const float>> Network::run() {
  for (const Plan::Step& step : plan_->steps) {
    if (!step.op)
      plan_->execute(step);
    else if (xnn_run_operator(step.op.get(), nullptr) != xnn_status_success)
      return fail(ErrorCode::internal, "XNNPACK refused to run a layer.");
  }
  const Plan::Step& last = plan_->steps.back();
  return std::span<const float>(plan_->slots[static_cast<std::size_t>(last.target)].data(), count(last.out));
}

}  // namespace leukolens
