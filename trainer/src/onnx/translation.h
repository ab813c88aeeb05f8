// A graph of ONNX as the layers that the engine runs. Transposes disappear, batch norms and other changes of
// whole channels go into the layer before them, or into the preprocessing where they come first.
#pragma once

#include <string>
#include <vector>

#include "leukolens/model.h"
#include "onnx/graph.h"

namespace leukolens::train::onnx_graph {

/// What the graph does with the logits before it answers.
enum class Ending { logits, softmax, log_softmax, sigmoid };

struct Wanted {
  std::string name;           // of the model
  std::vector<Label> labels;  // in the order of the answers
  Input input;                // as the graph wants it; a width or height of 0: the graph's own
  std::string output;         // empty: the only one
};

struct Translation {
  Model model;
  Input input;         // the graph's own, before anything of the graph went into it
  std::string output;  // of the graph
  Ending ending = Ending::logits;
};

/// Throws std::runtime_error with one sentence, which names the node that cannot be run.
Translation translate(const Graph& graph, const Wanted& wanted);

}  // namespace leukolens::train::onnx_graph
