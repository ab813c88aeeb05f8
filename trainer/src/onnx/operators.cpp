#include "onnx/operators.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace leukolens::train::onnx_graph {
namespace {

using Inputs = std::vector<const Tensor*>;
constexpr std::int64_t kMaxSide = 1 << 16, kRoom = 64;

std::int64_t count_of(const Integers& dims) {
  std::int64_t count = 1;
  for (const std::int64_t side : dims) {
    if (side < 0 || side > (1 << 26)) return std::numeric_limits<std::int32_t>::max();
    count = std::min<std::int64_t>(count * side, std::numeric_limits<std::int32_t>::max());
  }
  return count;
}

/// Zeros, paid for.
Tensor make(const Node& node, Integers dims, Budget& budget) {
  const std::int64_t count = count_of(dims);
  budget.spend(node, kRoom * count);
  return {std::move(dims), std::vector<double>(static_cast<std::size_t>(count))};
}

const Tensor& input(const Node& node, const Inputs& inputs, std::size_t index, std::size_t rank = 0) {
  if (index >= inputs.size() || !inputs[index]) refuse(node, "lacks an input");
  if (rank > 0 && inputs[index]->dims.size() != rank)
    refuse(node, "has an input of another shape than it needs");
  return *inputs[index];
}
const Tensor* optional(const Inputs& inputs, std::size_t index) {
  return index < inputs.size() ? inputs[index] : nullptr;
}

double number_of(const Node& node, const Tensor* tensor, double otherwise) {
  if (!tensor) return otherwise;
  if (tensor->values.size() != 1) refuse(node, "needs a single number where it has several");
  return tensor->values[0];
}

/// Distances between neighbours along each axis of what is stored by rows.
Integers steps_of(const Integers& dims) {
  Integers steps(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) steps[i - 1] = steps[i] * dims[i];
  return steps;
}

/// Calls `visit(to, from)` for each place of `dims`, where `from` moves by `steps` along the axes.
void each_place(const Integers& dims, const Integers& steps,
                const std::function<void(std::size_t, std::int64_t)>& visit) {
  const auto count = static_cast<std::size_t>(count_of(dims));
  Integers place(dims.size());
  std::int64_t from = 0;
  for (std::size_t to = 0; to < count; ++to) {
    visit(to, from);
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      from += steps[axis];
      if (++place[axis] < dims[axis]) break;
      from -= steps[axis] * dims[axis];
      place[axis] = 0;
    }
  }
}

Tensor broadcast(const Node& node, const Tensor& a, const Tensor& b, Budget& budget,
                 double (*combine)(double, double)) {
  const std::size_t rank = std::max(a.dims.size(), b.dims.size());
  const auto side = [&](const Tensor& tensor, std::size_t axis) {
    const std::size_t missing = rank - tensor.dims.size();
    return axis < missing ? 1 : tensor.dims[axis - missing];
  };
  Integers dims(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t left = side(a, i), right = side(b, i);
    if (left != right && left != 1 && right != 1) refuse(node, "has inputs whose shapes do not fit");
    dims[i] = left == 1 ? right : left;
  }
  const auto steps = [&](const Tensor& tensor) {
    Integers full(rank);
    const Integers own = steps_of(tensor.dims);
    for (std::size_t i = 0; i < rank; ++i)
      full[i] = side(tensor, i) == 1 ? 0 : own[i - (rank - tensor.dims.size())];
    return full;
  };
  Tensor out = make(node, dims, budget);
  each_place(dims, steps(a), [&](std::size_t to, std::int64_t from) {
    out.values[to] = a.values[static_cast<std::size_t>(from)];
  });
  each_place(dims, steps(b), [&](std::size_t to, std::int64_t from) {
    out.values[to] = combine(out.values[to], b.values[static_cast<std::size_t>(from)]);
  });
  return out;
}

template <class F>
Tensor each(const Node& node, const Tensor& x, Budget& budget, F change) {
  Tensor out = make(node, x.dims, budget);
  std::ranges::transform(x.values, out.values.begin(), change);
  return out;
}

Tensor convolve(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor &x = input(node, inputs, 0, 4), &w = input(node, inputs, 1, 4);
  const Tensor* bias = optional(inputs, 2);
  const std::int64_t groups = node.integer("group", 1), filters = w.dims[0], depth = w.dims[1];
  const std::int64_t height = x.dims[2], width = x.dims[3];
  if (groups < 1 || groups > kMaxSide || depth < 1 || filters < 1 || filters % groups != 0 ||
      depth * groups != x.dims[1])
    refuse(node, "has weights of another shape than its input needs");
  if (bias && std::ssize(bias->values) != filters)
    refuse(node, "has a bias of another size than its filters");
  const Window window = window_of(node, height, width, w.dims[2], w.dims[3]);
  Tensor out = make(node, {x.dims[0], filters, window.out[0], window.out[1]}, budget);
  budget.spend(node, std::ssize(out.values) * depth * window.kernel[0] * window.kernel[1]);
  std::size_t to = 0;
  for (std::int64_t n = 0; n < x.dims[0]; ++n)
    for (std::int64_t f = 0; f < filters; ++f)
      for (std::int64_t r = 0; r < window.out[0]; ++r)
        for (std::int64_t c = 0; c < window.out[1]; ++c) {
          double sum = bias ? bias->values[static_cast<std::size_t>(f)] : 0;
          for (std::int64_t d = 0; d < depth; ++d) {
            const std::int64_t plane = n * x.dims[1] + f / (filters / groups) * depth + d;
            for (std::int64_t i = 0; i < window.kernel[0]; ++i)
              for (std::int64_t j = 0; j < window.kernel[1]; ++j) {
                const std::int64_t row = r * window.stride[0] + i * window.dilation[0] - window.begin[0],
                                   column = c * window.stride[1] + j * window.dilation[1] - window.begin[1];
                if (row < 0 || column < 0 || row >= height || column >= width) continue;
                sum += x.values[static_cast<std::size_t>((plane * height + row) * width + column)] *
                       w.values[static_cast<std::size_t>(
                           ((f * depth + d) * window.kernel[0] + i) * window.kernel[1] + j)];
              }
          }
          out.values[to++] = sum;
        }
  return out;
}

/// MaxPool and AveragePool; what lies beyond the image counts for neither.
Tensor pool(const Node& node, const Inputs& inputs, Budget& budget, bool average) {
  const Tensor& x = input(node, inputs, 0, 4);
  const std::int64_t height = x.dims[2], width = x.dims[3], planes = x.dims[0] * x.dims[1];
  const Window window = window_of(node, height, width);
  const bool count_padding = node.integer("count_include_pad", 0) != 0;
  Tensor out = make(node, {x.dims[0], x.dims[1], window.out[0], window.out[1]}, budget);
  budget.spend(node, std::ssize(out.values) * window.kernel[0] * window.kernel[1]);
  std::size_t to = 0;
  for (std::int64_t plane = 0; plane < planes; ++plane)
    for (std::int64_t r = 0; r < window.out[0]; ++r)
      for (std::int64_t c = 0; c < window.out[1]; ++c) {
        double sum = 0, most = -std::numeric_limits<double>::infinity();
        std::int64_t count = 0;
        for (std::int64_t i = 0; i < window.kernel[0]; ++i)
          for (std::int64_t j = 0; j < window.kernel[1]; ++j) {
            const std::int64_t row = r * window.stride[0] + i * window.dilation[0] - window.begin[0],
                               column = c * window.stride[1] + j * window.dilation[1] - window.begin[1];
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            const double value = x.values[static_cast<std::size_t>((plane * height + row) * width + column)];
            sum += value, most = std::max(most, value), ++count;
          }
        if (count_padding) count = window.kernel[0] * window.kernel[1];
        out.values[to++] = average ? sum / static_cast<double>(std::max<std::int64_t>(count, 1)) : most;
      }
  return out;
}

/// One number for each channel, of all its places.
Tensor pool_all(const Node& node, const Inputs& inputs, Budget& budget, bool average) {
  const Tensor& x = input(node, inputs, 0, 4);
  Tensor out = make(node, {x.dims[0], x.dims[1], 1, 1}, budget);
  const auto places = static_cast<std::ptrdiff_t>(x.dims[2] * x.dims[3]);
  if (places < 1) refuse(node, "has an empty input");
  auto plane = x.values.begin();
  for (double& value : out.values) {
    value = average ? std::accumulate(plane, plane + places, 0.0) / static_cast<double>(places)
                    : *std::max_element(plane, plane + places);
    plane += places;
  }
  return out;
}

/// a [n, k] times b [k, m], either turned over before.
Tensor multiply(const Node& node, const Tensor& a, const Tensor& b, bool turn_a, bool turn_b,
                Budget& budget) {
  const std::int64_t rows = a.dims[turn_a], inner = a.dims[!turn_a], columns = b.dims[!turn_b];
  if (b.dims[turn_b] != inner) refuse(node, "has inputs whose shapes do not fit");
  Tensor out = make(node, {rows, columns}, budget);
  budget.spend(node, std::ssize(out.values) * inner);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) {
      double sum = 0;
      for (std::int64_t k = 0; k < inner; ++k)
        sum += a.values[static_cast<std::size_t>(turn_a ? k * rows + r : r * inner + k)] *
               b.values[static_cast<std::size_t>(turn_b ? c * inner + k : k * columns + c)];
      out.values[static_cast<std::size_t>(r * columns + c)] = sum;
    }
  return out;
}

Tensor gemm(const Node& node, const Inputs& inputs, Budget& budget) {
  const double alpha = node.number("alpha", 1), beta = node.number("beta", 1);
  Tensor out = multiply(node, input(node, inputs, 0, 2), input(node, inputs, 1, 2),
                        node.integer("transA", 0) != 0, node.integer("transB", 0) != 0, budget);
  for (double& value : out.values) value *= alpha;
  const Tensor* bias = optional(inputs, 2);
  if (!bias) return out;
  const Tensor scaled = each(node, *bias, budget, [&](double value) { return beta * value; });
  return broadcast(node, out, scaled, budget, [](double x, double y) { return x + y; });
}

Tensor normalise_batch(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0);
  if (x.dims.size() < 2) refuse(node, "has an input without channels");
  const std::int64_t channels = x.dims[1];
  for (std::size_t i = 1; i < 5; ++i)
    if (std::ssize(input(node, inputs, i, 1).values) != channels)
      refuse(node, "does not fit its input's channels");
  Tensor out = make(node, x.dims, budget);
  const auto places = std::max<std::size_t>(
      1, static_cast<std::size_t>(count_of(Integers(x.dims.begin() + 2, x.dims.end()))));
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const std::size_t c = i / places % static_cast<std::size_t>(channels);
    out.values[i] = (x.values[i] - inputs[3]->values[c]) /
                        std::sqrt(inputs[4]->values[c] + node.number("epsilon", 1e-5)) *
                        inputs[1]->values[c] +
                    inputs[2]->values[c];
  }
  return out;
}

Tensor transpose(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0);
  Integers order = node.integers("perm");
  if (order.empty())
    for (std::size_t i = x.dims.size(); i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  if (order.size() != x.dims.size()) refuse(node, "turns more or fewer axes than there are");
  Integers sorted = order;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<std::int64_t>(i)) refuse(node, "does not name each axis once");
  const Integers own = steps_of(x.dims);
  Integers dims, steps;
  for (const std::int64_t axis : order) {
    dims.push_back(x.dims[static_cast<std::size_t>(axis)]);
    steps.push_back(own[static_cast<std::size_t>(axis)]);
  }
  Tensor out = make(node, dims, budget);
  each_place(dims, steps, [&](std::size_t to, std::int64_t from) {
    out.values[to] = x.values[static_cast<std::size_t>(from)];
  });
  return out;
}

Tensor with_shape(const Node& node, const Tensor& x, Integers dims, Budget& budget) {
  Tensor out = make(node, std::move(dims), budget);
  if (out.values.size() != x.values.size()) refuse(node, "changes how many numbers there are");
  out.values = x.values;
  return out;
}

Tensor flatten(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0);
  const auto rank = std::ssize(x.dims);
  std::int64_t axis = node.integer("axis", 1);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis > rank) refuse(node, "names an axis that is not there");
  const auto middle = x.dims.begin() + axis;
  return with_shape(node, x, {count_of({x.dims.begin(), middle}), count_of({middle, x.dims.end()})}, budget);
}

Tensor squeeze(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0);
  const Integers axes = axes_of(node, optional(inputs, 1), x.dims.size());
  Integers dims;
  for (std::size_t i = 0; i < x.dims.size(); ++i) {
    const bool named = std::ranges::contains(axes, static_cast<std::int64_t>(i));
    if (named && x.dims[i] != 1) refuse(node, "removes an axis that has more than one place");
    if (!named && !(axes.empty() && x.dims[i] == 1)) dims.push_back(x.dims[i]);
  }
  return with_shape(node, x, dims, budget);
}

Tensor unsqueeze(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0);
  const Tensor* second = optional(inputs, 1);
  const std::size_t added = second ? second->values.size() : node.integers("axes").size();
  const Integers axes = axes_of(node, second, x.dims.size() + added);
  Integers dims = x.dims;
  for (const std::int64_t axis : axes) dims.insert(dims.begin() + axis, 1);
  return with_shape(node, x, dims, budget);
}

/// Only over both sides of an image.
Tensor reduce_mean(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0, 4);
  const Integers axes = axes_of(node, optional(inputs, 1), 4);
  if (axes.empty()) refuse(node, "takes the mean of everything");
  Integers dims = x.dims;
  std::int64_t places = 1;
  for (const std::int64_t axis : axes) places *= std::exchange(dims[static_cast<std::size_t>(axis)], 1);
  Tensor out = make(node, dims, budget);
  Integers steps = steps_of(dims);
  for (const std::int64_t axis : axes) steps[static_cast<std::size_t>(axis)] = 0;
  each_place(x.dims, steps, [&](std::size_t from, std::int64_t to) {
    out.values[static_cast<std::size_t>(to)] += x.values[from] / static_cast<double>(places);
  });
  if (node.integer("keepdims", 1) != 0) return out;
  for (std::size_t i = axes.size(); i-- > 0;) out.dims.erase(out.dims.begin() + axes[i]);
  return out;
}

/// Over an axis behind which there is nothing but sides of 1.
Tensor softmax(const Node& node, const Inputs& inputs, Budget& budget, bool logarithm) {
  Tensor out = each(node, input(node, inputs, 0), budget, [](double x) { return x; });
  const auto rank = std::ssize(out.dims);
  std::int64_t axis = node.integer("axis", rank == 2 ? 1 : rank);  // by opset, of images
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank || count_of({out.dims.begin() + axis + 1, out.dims.end()}) != 1)
    refuse(node, "is not over the labels");
  const auto labels = static_cast<std::ptrdiff_t>(out.dims[static_cast<std::size_t>(axis)]);
  if (labels == 0) refuse(node, "has an empty input");
  for (auto row = out.values.begin(); row != out.values.end(); row += labels) {
    const double most = *std::max_element(row, row + labels);
    double sum = 0;
    for (auto value = row; value != row + labels; ++value) sum += std::exp(*value - most);
    for (auto value = row; value != row + labels; ++value)
      *value = logarithm ? *value - most - std::log(sum) : std::exp(*value - most) / sum;
  }
  return out;
}

Tensor pad(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0, 4);
  const Integers sides = optional(inputs, 1) ? integers_of(node, *inputs[1]) : node.integers("pads");
  if (sides.size() != 8) refuse(node, "needs eight widths");
  Integers dims = x.dims;
  std::int64_t from = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    if (sides[i] < 0 || sides[i + 4] < 0 || sides[i] > kMaxSide || sides[i + 4] > kMaxSide)
      refuse(node, "pads by a number that is out of range");
    dims[i] += sides[i] + sides[i + 4];
  }
  if (!node.text("mode").empty() && node.text("mode") != "constant") refuse(node, "does not pad by zeros");
  if (number_of(node, optional(inputs, 2), node.number("value", 0)) != 0)
    refuse(node, "does not pad by zeros");
  Tensor out = make(node, dims, budget);
  const Integers steps = steps_of(dims);
  for (std::size_t i = 0; i < 4; ++i) from += sides[i] * steps[i];
  each_place(x.dims, steps, [&](std::size_t at, std::int64_t to) {
    out.values[static_cast<std::size_t>(from + to)] = x.values[at];
  });
  return out;
}

/// Each place repeated.
Tensor resize(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor& x = input(node, inputs, 0, 4);
  const auto [rows, columns] = enlargement_of(node, inputs);
  Tensor out = make(node, {x.dims[0], x.dims[1], x.dims[2] * rows, x.dims[3] * columns}, budget);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    const std::int64_t column = place % out.dims[3], row = place / out.dims[3] % out.dims[2],
                       plane = place / out.dims[3] / out.dims[2];
    out.values[i] =
        x.values[static_cast<std::size_t>((plane * x.dims[2] + row / rows) * x.dims[3] + column / columns)];
  }
  return out;
}

// What graphs compute shapes with, on lists of a few numbers.

Tensor list_of(const Node& node, const Integers& values, Budget& budget) {
  Tensor out = make(node, {std::ssize(values)}, budget);
  std::ranges::copy(values, out.values.begin());
  return out;
}

Tensor gather(const Node& node, const Inputs& inputs, Budget& budget) {
  const Tensor &data = input(node, inputs, 0, 1), &indices = input(node, inputs, 1);
  Tensor out = make(node, indices.dims, budget);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    double at = indices.values[i];
    if (at < 0) at += static_cast<double>(data.values.size());
    if (!(at >= 0 && at < static_cast<double>(data.values.size()))) refuse(node, "takes what is not there");
    out.values[i] = data.values[static_cast<std::size_t>(at)];
  }
  return out;
}

Tensor concat(const Node& node, const Inputs& inputs, Budget& budget) {
  Integers all;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (const std::int64_t value : integers_of(node, input(node, inputs, i, 1))) all.push_back(value);
  return list_of(node, all, budget);
}

Tensor slice(const Node& node, const Inputs& inputs, Budget& budget) {
  const Integers values = integers_of(node, input(node, inputs, 0, 1));
  const auto bound = [&](std::size_t index, const char* key, std::int64_t otherwise) {
    const Integers list = optional(inputs, index) ? integers_of(node, *inputs[index]) : node.integers(key);
    return list.empty() ? otherwise : list[0];
  };
  const auto place = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + std::ssize(values) : at, 0, std::ssize(values));
  };
  const std::int64_t begin = place(bound(1, "starts", 0)), end = place(bound(2, "ends", std::ssize(values)));
  if (bound(4, "steps", 1) != 1) refuse(node, "leaves out numbers between");
  if (begin >= end) return list_of(node, {}, budget);
  return list_of(node, {values.begin() + begin, values.begin() + end}, budget);
}

Tensor constant(const Node& node, Budget& budget) {
  for (const auto& [key, attribute] : node.attributes) {
    if (key == "value" && attribute.tensor)
      return with_shape(node, *attribute.tensor, attribute.tensor->dims, budget);
    if (key == "value_float") return {{}, {attribute.number}};
    if (key == "value_int") return {{}, {static_cast<double>(attribute.integer)}};
    if (key == "value_floats") return {{std::ssize(attribute.numbers)}, attribute.numbers};
    if (key == "value_ints") return list_of(node, attribute.integers, budget);
  }
  refuse(node, "has no number");
}

}  // namespace

void Budget::spend(const Node& node, std::int64_t work) {
  if (work > left) refuse(node, "needs more work or memory than a network may");
  left -= work;
}

Window window_of(const Node& node, std::int64_t height, std::int64_t width, std::int64_t kernel_height,
                 std::int64_t kernel_width) {
  const auto pair = [&](const char* key) {
    Integers list = node.integers(key);
    if (list.empty()) list = {1, 1};
    if (list.size() != 2) refuse(node, "is not of images");
    return list;
  };
  const Integers strides = pair("strides"), dilations = pair("dilations");
  Integers pads = node.integers("pads");
  if (pads.empty()) pads = {0, 0, 0, 0};
  if (pads.size() != 4) refuse(node, "needs four widths to pad by");
  const std::string automatic = node.text("auto_pad");
  const bool same = automatic.starts_with("SAME");
  const std::int64_t sides[2] = {height, width}, kernel[2] = {kernel_height, kernel_width};
  Window window{};
  for (std::size_t i = 0; i < 2; ++i) {
    for (const std::int64_t value : {kernel[i], strides[i], dilations[i], sides[i]})
      if (value < 1 || value > kMaxSide) refuse(node, "has a window that is out of range");
    for (const std::int64_t value : {pads[i], pads[i + 2]})
      if (value < 0 || value > kMaxSide) refuse(node, "pads by a number that is out of range");
    const std::int64_t reach = (kernel[i] - 1) * dilations[i] + 1;
    std::int64_t begin = pads[i], end = pads[i + 2];
    if (same) {
      const std::int64_t out = (sides[i] + strides[i] - 1) / strides[i];
      const std::int64_t all = std::max<std::int64_t>(0, (out - 1) * strides[i] + reach - sides[i]);
      begin = automatic == "SAME_LOWER" ? all - all / 2 : all / 2;
      end = all - begin;
    } else if (automatic == "VALID") {
      begin = end = 0;
    }
    const std::int64_t rest = sides[i] + begin + end - reach;
    if (rest < 0) refuse(node, "has a window larger than its input");
    if (node.integer("ceil_mode", 0) != 0 && rest % strides[i] != 0)
      refuse(node, "has windows that reach beyond the image (ceil_mode)");
    window.kernel[i] = kernel[i], window.stride[i] = strides[i], window.dilation[i] = dilations[i];
    window.begin[i] = begin, window.end[i] = end, window.out[i] = rest / strides[i] + 1;
  }
  return window;
}

Window window_of(const Node& node, std::int64_t height, std::int64_t width) {
  const Integers kernel = node.integers("kernel_shape");
  if (kernel.size() != 2) refuse(node, "is not of images");
  return window_of(node, height, width, kernel[0], kernel[1]);
}

std::pair<std::int64_t, std::int64_t> enlargement_of(const Node& node,
                                                     const std::vector<const Tensor*>& inputs) {
  const Tensor& scales = input(node, inputs, node.type == "Upsample" ? 1 : 2, 1);
  const std::string places = node.text("coordinate_transformation_mode"), nearest = node.text("nearest_mode");
  const bool repeats =
      node.type == "Upsample" || (places == "asymmetric" && nearest == "floor") ||
      ((places.empty() || places == "half_pixel") && !nearest.contains("ceil") && nearest != "floor");
  if (node.text("mode") != "nearest" || !repeats || scales.values.size() != 4 || scales.values[0] != 1 ||
      scales.values[1] != 1)
    refuse(node, "does not repeat each place of an image, the only enlargement that can be run");
  for (const double scale : scales.values)
    if (!(scale >= 1 && scale <= 64) || scale != std::floor(scale))
      refuse(node, "does not enlarge by a whole number");
  return {static_cast<std::int64_t>(scales.values[2]), static_cast<std::int64_t>(scales.values[3])};
}

Integers axes_of(const Node& node, const Tensor* second, std::size_t rank) {
  Integers axes = second ? integers_of(node, *second) : node.integers("axes");
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis += static_cast<std::int64_t>(rank);
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank)) refuse(node, "names an axis that is not there");
  }
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end()) refuse(node, "names an axis twice");
  return axes;
}

Integers reshaped(const Node& node, const Integers& dims, const Tensor& shape) {
  Integers out = integers_of(node, shape);
  if (out.size() > kMaxDims) refuse(node, "gives a shape of too many sides");
  std::int64_t known = 1, unknown = -1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0 && node.integer("allowzero", 0) == 0) {
      if (i >= dims.size()) refuse(node, "keeps a side that is not there");
      out[i] = dims[i];
    }
    if (out[i] == -1 && unknown < 0) {
      unknown = static_cast<std::int64_t>(i);
      continue;
    }
    if (out[i] < 1 || out[i] > (1 << 26)) refuse(node, "gives a side that is out of range");
    known = std::min<std::int64_t>(known * out[i], std::int64_t{1} << 32);
  }
  const std::int64_t count = count_of(dims);
  if (unknown >= 0) out[static_cast<std::size_t>(unknown)] = count / known;
  if (count_of(out) != count) refuse(node, "changes how many numbers there are");
  return out;
}

Integers integers_of(const Node& node, const Tensor& tensor) {
  if (tensor.values.size() > kMaxListed) refuse(node, "needs a short list of whole numbers");
  Integers list;
  for (const double value : tensor.values) {
    if (std::isnan(value)) refuse(node, "needs whole numbers");
    list.push_back(static_cast<std::int64_t>(std::clamp(value, -1e15, 1e15)));
  }
  return list;
}

Integers sides_of(const Node& node, const Integers& dims) {
  const auto place = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + std::ssize(dims) : at, 0, std::ssize(dims));
  };
  const std::int64_t begin = place(node.integer("start", 0)),
                     end = place(node.integer("end", std::ssize(dims)));
  return begin < end ? Integers(dims.begin() + begin, dims.begin() + end) : Integers();
}

Tensor compute(const Node& node, const std::vector<const Tensor*>& inputs, Budget& budget) {
  const std::string& type = node.type;
  if (!node.domain.empty() && node.domain != "ai.onnx") refuse(node, "is of a kind that cannot be run");
  const auto both = [&](double (*combine)(double, double)) {
    return broadcast(node, input(node, inputs, 0), input(node, inputs, 1), budget, combine);
  };
  if (type == "Conv") return convolve(node, inputs, budget);
  if (type == "MaxPool" || type == "AveragePool") return pool(node, inputs, budget, type == "AveragePool");
  if (type == "GlobalAveragePool" || type == "GlobalMaxPool")
    return pool_all(node, inputs, budget, type == "GlobalAveragePool");
  if (type == "Gemm") return gemm(node, inputs, budget);
  if (type == "MatMul")
    return multiply(node, input(node, inputs, 0, 2), input(node, inputs, 1, 2), false, false, budget);
  if (type == "BatchNormalization") return normalise_batch(node, inputs, budget);
  if (type == "Add") return both([](double a, double b) { return a + b; });
  if (type == "Sub") return both([](double a, double b) { return a - b; });
  if (type == "Mul") return both([](double a, double b) { return a * b; });
  if (type == "Div") return both([](double a, double b) { return a / b; });
  if (type == "Relu")
    return each(node, input(node, inputs, 0), budget, [](double x) { return std::max(x, 0.0); });
  if (type == "Sigmoid")
    return each(node, input(node, inputs, 0), budget, [](double x) { return 1 / (1 + std::exp(-x)); });
  if (type == "Clip") {
    const double low = number_of(node, optional(inputs, 1),
                                 node.number("min", -std::numeric_limits<float>::max())),
                 high = number_of(node, optional(inputs, 2),
                                  node.number("max", std::numeric_limits<float>::max()));
    return each(node, input(node, inputs, 0), budget,
                [&](double x) { return std::min(std::max(x, low), high); });
  }
  if (type == "Softmax" || type == "LogSoftmax") return softmax(node, inputs, budget, type == "LogSoftmax");
  if (type == "Transpose") return transpose(node, inputs, budget);
  if (type == "Reshape") {
    const Tensor& x = input(node, inputs, 0);
    return with_shape(node, x, reshaped(node, x.dims, input(node, inputs, 1, 1)), budget);
  }
  if (type == "Flatten") return flatten(node, inputs, budget);
  if (type == "Squeeze") return squeeze(node, inputs, budget);
  if (type == "Unsqueeze") return unsqueeze(node, inputs, budget);
  if (type == "ReduceMean") return reduce_mean(node, inputs, budget);
  if (type == "Pad") return pad(node, inputs, budget);
  if (type == "Resize" || type == "Upsample") return resize(node, inputs, budget);
  if (type == "Identity" || type == "Dropout" || type == "Cast")
    return each(node, input(node, inputs, 0), budget, [](double x) { return x; });
  if (type == "Shape") return list_of(node, sides_of(node, input(node, inputs, 0).dims), budget);
  if (type == "Gather") return gather(node, inputs, budget);
  if (type == "Concat") return concat(node, inputs, budget);
  if (type == "Slice") return slice(node, inputs, budget);
  if (type == "Constant") return constant(node, budget);
  refuse(node, "is an operator that cannot be run");
}

Tensor evaluate(const Graph& graph, const std::string& output, const Tensor& image, Budget& budget) {
  std::map<std::string, Tensor> values;
  const auto find = [&](const std::string& name) -> const Tensor* {
    if (!graph.inputs.empty() && name == graph.inputs[0].name) return &image;
    if (const auto found = values.find(name); found != values.end()) return &found->second;
    const auto found = graph.constants.find(name);
    return found == graph.constants.end() ? nullptr : &found->second;
  };
  for (const Node& node : graph.nodes) {
    std::vector<const Tensor*> inputs;
    inputs.reserve(node.inputs.size());
    for (const std::string& name : node.inputs) inputs.push_back(find(name));
    values[node.outputs[0]] = compute(node, inputs, budget);
    if (node.outputs[0] == output) break;
  }
  const Tensor* found = find(output);
  if (!found) throw std::runtime_error("The graph does not make its output \"" + output + "\".");
  return *found;
}

}  // namespace leukolens::train::onnx_graph
