// Shapes and costs of a list of layers, checked before any weight is used.
#include "leukolens/model.h"

#include <algorithm>
#include <limits>

namespace leukolens {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

// Far above any network that is worth running in a browser, and small enough that no product below overflows.
constexpr int kMaxChannels = 4096, kMaxKernel = 15;
constexpr int kMaxUpsampled = 65535;  // rows or columns

// What a layer costs, in multiply-adds. A float that it makes room for counts as 64: so one limit bounds time
// and memory. Windows need room too, for XNNPACK keeps a pointer for each of their places.
std::int64_t work(const Operation& operation, Shape in, Shape out) {
  std::int64_t window = 0;
  if (const auto* conv = std::get_if<Conv2d>(&operation)) window = conv->kernel;
  if (const auto* pool = std::get_if<MaxPool2d>(&operation)) window = pool->size;
  return cost(operation, in, out).macs +
         64 * std::int64_t{out.height} * out.width * (out.channels + 2 * window * window);
}

bool within(int value, int low, int high) { return value >= low && value <= high; }

// The number of windows of `size` at distance `stride` that fit into `length`; 0 if none does.
int windows(int length, int size, int stride) { return length < size ? 0 : (length - size) / stride + 1; }

bool flat(Shape shape) { return shape.height == 1 && shape.width == 1; }

// One layer's output shape, or why there is none.
std::expected<Shape, std::string> output_shape(const Operation& operation, Shape in,
                                               std::span<const Shape> before) {
  using Answer = std::expected<Shape, std::string>;
  return std::visit(
      Overload{
          [&](const Conv2d& conv) -> Answer {
            if (!within(conv.filters, 1, kMaxChannels) || !within(conv.kernel, 1, kMaxKernel) ||
                !within(conv.stride, 1, kMaxKernel) || !within(conv.padding, 0, conv.kernel - 1))
              return std::unexpected("filters, kernel, stride or padding is out of range");
            if (conv.groups < 1 || in.channels % conv.groups != 0 || conv.filters % conv.groups != 0)
              return std::unexpected("groups must divide both the input channels and the filters");
            return Shape{windows(in.height + 2 * conv.padding, conv.kernel, conv.stride),
                         windows(in.width + 2 * conv.padding, conv.kernel, conv.stride), conv.filters};
          },
          [&](const MaxPool2d& pool) -> Answer {
            if (!within(pool.size, 2, kMaxKernel) || !within(pool.stride, 1, kMaxKernel))
              return std::unexpected("size or stride is out of range");
            return Shape{windows(in.height, pool.size, pool.stride),
                         windows(in.width, pool.size, pool.stride), in.channels};
          },
          [&](const GlobalAvgPool&) -> Answer { return Shape{1, 1, in.channels}; },
          [&](const Flatten&) -> Answer {
            const std::int64_t size = std::int64_t{in.height} * in.width * in.channels;
            if (size > std::numeric_limits<std::uint16_t>::max())
              return std::unexpected("more than 65535 values to flatten");
            return Shape{1, 1, static_cast<int>(size)};
          },
          [&](const Dense& dense) -> Answer {
            if (!within(dense.units, 1, kMaxChannels)) return std::unexpected("units is out of range");
            if (!flat(in)) return std::unexpected("a dense layer needs flatten or global_avg_pool before it");
            return Shape{1, 1, dense.units};
          },
          [&](const Add& sum) -> Answer {
            if (!within(sum.from, 0, static_cast<int>(before.size()) - 2))
              return std::unexpected("add must name a layer before the previous one");
            if (before[static_cast<std::size_t>(sum.from)] != in)
              return std::unexpected("add needs two outputs of the same shape");
            return in;
          },
          [&](const Upsample2d& up) -> Answer {
            if (!within(up.scale, 2, kMaxKernel)) return std::unexpected("scale is out of range");
            if (std::max(in.height, in.width) > kMaxUpsampled / up.scale)
              return std::unexpected("more than 65535 rows or columns");
            return Shape{in.height * up.scale, in.width * up.scale, in.channels};
          },
      },
      operation);
}

}  // namespace

Result<std::vector<Shape>> infer_shapes(std::span<const Layer> layers, Shape in) {
  std::vector<Shape> shapes;
  shapes.reserve(layers.size());
  std::int64_t all_work = 0;
  for (const Layer& layer : layers) {
    const auto out = output_shape(layer.operation, in, shapes);
    const std::string where = "Layer '" + layer.name + "': ";
    if (!out) return fail(ErrorCode::corrupt_model, where + out.error() + ".");
    if (out->height < 1 || out->width < 1)
      return fail(ErrorCode::corrupt_model, where + "its window is larger than its input.");
    all_work += work(layer.operation, in, *out);
    if (all_work > kMaxWork)
      return fail(ErrorCode::unsupported_model, where + "the network needs more work than a model may.");
    shapes.push_back(in = *out);
  }
  return shapes;
}

namespace {

// Whatever multiples of the step an image has, the grid has the same part of them: where two sizes fit, all
// do, for each layer's sides are linear in those before.
Result<void> check_grid(const Model& model) {
  for (const Shape input : {Shape{kLocatorStep, kLocatorStep, 3},
                            {2 * kLocatorStep, 3 * kLocatorStep, 3},
                            {model.input.height, model.input.width, 3}}) {
    const auto shapes = infer_shapes(model.layers, input);
    if (!shapes) return std::unexpected(shapes.error());
    const Shape grid = shapes->empty() ? input : shapes->back();
    const int stride = input.height / grid.height;
    if (grid.height * stride != input.height || grid.width * stride != input.width ||
        grid.channels != static_cast<int>(model.labels.size()) + kBoxEdges)
      return fail(
          ErrorCode::corrupt_model,
          "The last layer of a locator must give, at each place of a grid, one value for each label and "
          "four for the box, for an input of any multiple of 32 px.");
  }
  return {};
}

}  // namespace

Result<std::vector<Shape>> infer_shapes(const Model& model) {
  auto shapes = infer_shapes(model.layers, {model.input.height, model.input.width, 3});
  if (!shapes) return shapes;
  if (model.detection) {
    if (auto checked = check_grid(model); !checked) return std::unexpected(checked.error());
    return shapes;
  }
  const Shape in = shapes->empty() ? Shape{} : shapes->back();
  if (model.layers.empty() || std::holds_alternative<Flatten>(model.layers.back().operation) || !flat(in) ||
      static_cast<std::size_t>(in.channels) != model.labels.size())
    return fail(ErrorCode::corrupt_model, "The last layer must give one value for each of the " +
                                              std::to_string(model.labels.size()) + " labels.");
  return shapes;
}

std::size_t head_begin(const Model& model) {
  const auto body = std::ranges::find_if(model.layers.rbegin(), model.layers.rend(), [](const Layer& layer) {
    return !std::holds_alternative<Flatten>(layer.operation) &&
           !std::holds_alternative<GlobalAvgPool>(layer.operation) &&
           !std::holds_alternative<Dense>(layer.operation);
  });
  return static_cast<std::size_t>(model.layers.rend() - body);
}

std::size_t embedding_size(const Model& model) {
  const std::size_t begin = head_begin(model);
  const auto shapes = infer_shapes(model);
  const int channels = begin > 0 && shapes ? (*shapes)[begin - 1].channels : 3;
  return static_cast<std::size_t>(channels) +
         (model.rejection.centres.empty() ? model.labels.size() : feature_statistics_count(model));
}

std::optional<std::size_t> statistics_layer(const Model& model) {
  for (std::size_t i = 0; i < model.layers.size(); ++i)
    if (std::holds_alternative<Conv2d>(model.layers[i].operation)) return i;
  return std::nullopt;
}

std::size_t feature_statistics_count(const Model& model) {
  const auto layer = statistics_layer(model);
  const int channels = layer ? std::get<Conv2d>(model.layers[*layer].operation).filters : 0;
  return 2 * static_cast<std::size_t>(channels) + model.labels.size();
}

std::vector<std::size_t> weight_shape(const Operation& operation, int in_channels) {
  const auto size = [](int value) { return static_cast<std::size_t>(value); };
  if (const auto* conv = std::get_if<Conv2d>(&operation))
    return {size(conv->filters), size(conv->kernel), size(conv->kernel), size(in_channels / conv->groups)};
  if (const auto* dense = std::get_if<Dense>(&operation)) return {size(dense->units), size(in_channels)};
  return {};
}

Cost cost(const Operation& operation, Shape in, Shape out) {
  return std::visit(Overload{
                        [&](const Conv2d& conv) {
                          const std::int64_t weights = std::int64_t{conv.filters} * conv.kernel *
                                                       conv.kernel * (in.channels / conv.groups);
                          return Cost{weights + conv.filters, weights * out.height * out.width};
                        },
                        [&](const Dense& dense) {
                          const std::int64_t weights = std::int64_t{dense.units} * in.channels;
                          return Cost{weights + dense.units, weights};
                        },
                        [](const auto&) { return Cost{}; },
                    },
                    operation);
}

Cost total_cost(const Model& model) {
  Cost total;
  Shape in{model.input.height, model.input.width, 3};
  const auto shapes = infer_shapes(model);
  for (std::size_t i = 0; shapes && i < model.layers.size(); in = (*shapes)[i++]) {
    const Cost layer = cost(model.layers[i].operation, in, (*shapes)[i]);
    total.parameters += layer.parameters;
    total.macs += layer.macs;
  }
  return total;
}

std::string_view type_name(const Operation& operation) {
  return std::visit(Overload{
                        [](const Conv2d&) { return std::string_view("conv2d"); },
                        [](const MaxPool2d&) { return std::string_view("max_pool2d"); },
                        [](const GlobalAvgPool&) { return std::string_view("global_avg_pool"); },
                        [](const Flatten&) { return std::string_view("flatten"); },
                        [](const Dense&) { return std::string_view("dense"); },
                        [](const Add&) { return std::string_view("add"); },
                        [](const Upsample2d&) { return std::string_view("upsample2d"); },
                    },
                    operation);
}

}  // namespace leukolens
