// Holds an imported network to the graph that it was made from.
#pragma once

#include "onnx/translation.h"

namespace leukolens::train::onnx_graph {

/// The largest difference of an answer that a network which runs as its graph does may have.
inline constexpr double kImportTolerance = 1e-4;

struct Comparison {
  int images = 0;                 // fewer of large networks
  double largest_difference = 0;  // of an answer: relative where it is above 1, else absolute
};

/// Runs the graph by operators.h and the model by the engine, on random images. Throws std::runtime_error
/// where they differ by more than kImportTolerance.
Comparison compare(const Graph& graph, const Translation& translation);

}  // namespace leukolens::train::onnx_graph
