// An ONNX file of any bytes is refused with a sentence, or becomes a network that answers as the graph does.
// The seed is a whole small network, which the input edits.
#include <exception>
#include <stdexcept>

#include "../trainer/onnx_files.h"
#include "fuzz.h"
#include "onnx/comparison.h"

namespace {

using namespace leukolens;
using namespace leukolens::train::onnx_graph;

const std::vector<std::uint8_t>& seed() {
  static const std::vector<std::uint8_t> file = [] {
    test::Written graph({1, 3, 10, 9});
    std::string value = graph.conv(graph.input(), 2, 3, 3, {.pads = {1, 0, 1, 2}, .stride = 2});
    value = graph.node("Relu", {graph.batch_norm(value, 2)});
    value = graph.node("Add", {graph.conv(value, 2, 2, 1), value});
    value = graph.node("MaxPool", {value}, {{"kernel_shape", {2, 2}}, {"strides", {1, 1}}});
    value = graph.node("Reshape", {value, graph.integers({0, -1})});
    value = graph.node("Mul", {graph.gemm(value, 2 * 4 * 4, 3), graph.number(2)});
    graph.output(graph.node("Softmax", {value}));
    const std::string bytes = graph.bytes();
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  }();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> file = fuzz::edited(seed(), {data, size});
  try {
    const Graph graph = read_graph(file);
    const Translation translation = translate(graph, {.name = "fuzz",
                                                      .labels = {{"a", "A"}, {"b", "B"}, {"c", "C"}},
                                                      .input = {.width = 9, .height = 10}});
    if (total_cost(translation.model).macs > 100'000) return 0;  // honest, but too slow for a fuzzer
    (void)compare(graph, translation);
  } catch (const std::runtime_error& error) {
    fuzz::require(error.what()[0] != '\0');
  }
  return 0;
}
