// Implements: ONNX's operators as its specification has them, by plain loops in double precision. What an
// imported network is held to, and what computes the shapes inside a graph.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "onnx/graph.h"

namespace leukolens::train::onnx_graph {

/// How much may still be computed: multiply-adds, and numbers that room is made for, which count as 64 each,
/// as in a model file.
struct Budget {
  std::int64_t left;
  /// Throws std::runtime_error where there is not so much.
  void spend(const Node& node, std::int64_t work);
};

/// Where the windows of a convolution or pooling lie, rows first.
struct Window {
  std::int64_t kernel[2], stride[2], dilation[2], begin[2], end[2], out[2];
};

/// For an image of `height` x `width`. Throws std::runtime_error where it has no place for a window.
Window window_of(const Node& node, std::int64_t height, std::int64_t width, std::int64_t kernel_height,
                 std::int64_t kernel_width);

/// The same; the window is in the node's `kernel_shape`.
Window window_of(const Node& node, std::int64_t height, std::int64_t width);

/// The axes that a node names, by attribute or as its second input, from 0 and ascending. Throws
/// std::runtime_error where one is not below `rank`.
Integers axes_of(const Node& node, const Tensor* second, std::size_t rank);

/// How many times a Resize or Upsample repeats each row and column. Throws std::runtime_error where it does
/// anything else.
std::pair<std::int64_t, std::int64_t> enlargement_of(const Node& node,
                                                     const std::vector<const Tensor*>& inputs);

/// What Shape gives for a value of these sides.
Integers sides_of(const Node& node, const Integers& dims);

/// What Reshape makes of `dims`. Throws std::runtime_error where the count differs.
Integers reshaped(const Node& node, const Integers& dims, const Tensor& shape);

/// The whole numbers of a small tensor.
Integers integers_of(const Node& node, const Tensor& tensor);

/// The node's first output. An input that was left out is nullptr. Throws std::runtime_error, which names the
/// node: for an operator that is not known, or inputs that do not fit it.
Tensor compute(const Node& node, const std::vector<const Tensor*>& inputs, Budget& budget);

/// What a graph's output is for one input. Throws std::runtime_error.
Tensor evaluate(const Graph& graph, const std::string& output, const Tensor& input, Budget& budget);

}  // namespace leukolens::train::onnx_graph
