// An ONNX file as a list of nodes and tensors. Nothing in a file is trusted: every length is checked before
// memory is set aside, and names are made printable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leukolens::train::onnx_graph {

using Integers = std::vector<std::int64_t>;

/// Numbers of any type that a network or its shapes are computed with, by rows.
struct Tensor {
  Integers dims;  // empty: a single number
  std::vector<double> values;
};

struct Attribute {
  std::int64_t integer = 0;
  double number = 0;
  std::string text;
  Integers integers;
  std::vector<double> numbers;
  std::optional<Tensor> tensor;
};

struct Node {
  std::string name, type, domain;            // the name of its first output where the file gives none
  std::vector<std::string> inputs, outputs;  // an input that was left out has no name
  std::map<std::string, Attribute> attributes;

  std::int64_t integer(const std::string& key, std::int64_t otherwise) const;
  double number(const std::string& key, double otherwise) const;
  /// Empty where there is none.
  std::string text(const std::string& key) const;
  Integers integers(const std::string& key) const;
};

struct Value {
  std::string name;
  Integers dims;  // -1: not said
};

struct Graph {
  std::vector<Node> nodes;  // each after those whose outputs it reads
  std::map<std::string, Tensor> constants;
  std::vector<Value> inputs;  // without the constants
  std::vector<std::string> outputs;
  std::map<std::string, std::string> metadata;
  int opset = 0;
};

inline constexpr std::size_t kMaxOnnxFile = 64
                                            << 20;  // bytes, as of a model file: a larger network cannot run
inline constexpr std::size_t kMaxNodes = 1024, kMaxTensors = 4096, kMaxDims = 6, kMaxListed = 64;

/// Reads a file of ONNX, opset 7 to 25. Throws std::runtime_error with one sentence.
Graph read_graph(std::span<const std::uint8_t> file);

/// Throws std::runtime_error: "Node "NAME" (TYPE) WHY."
[[noreturn]] void refuse(const Node& node, std::string_view why);

}  // namespace leukolens::train::onnx_graph
