#include "onnx/graph.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <format>
#include <iterator>
#include <set>
#include <stdexcept>

#include "onnx/schema.h"

// Only the schema's numbers come from ONNX: its classes set memory aside for whatever a file says.
namespace leukolens::train::onnx_graph {
namespace {

constexpr std::size_t kMaxName = 1024, kMaxMetadata = 64, kMaxMetadataText = 1 << 20;
constexpr int kOldestOpset = 7, kNewestOpset = 25;

[[noreturn]] void damaged() {
  throw std::runtime_error(
      "The file is damaged, or is not an ONNX file: trainer/IMPORT.md says how Keras and PyTorch export "
      "one.");
}

using Bytes = std::span<const std::uint8_t>;

struct Field {
  int number = 0;
  bool is_bytes = false;
  std::uint64_t integer = 0;  // or the bits of a float or double
  Bytes bytes;
};

/// Protocol Buffers' encoding: fields one after the other.
class Message {
 public:
  explicit Message(Bytes bytes) : bytes_(bytes) {}

  bool next(Field& field) {
    if (bytes_.empty()) return false;
    const std::uint64_t key = varint();
    if (key >> 3 == 0 || key >> 3 > 1 << 20) damaged();
    field = {.number = static_cast<int>(key >> 3)};
    switch (key & 7) {
      case 0:
        field.integer = varint();
        break;
      case 1:
        field.integer = fixed(8);
        break;
      case 2:
        field.bytes = take(varint()), field.is_bytes = true;
        break;
      case 5:
        field.integer = fixed(4);
        break;
      default:
        damaged();
    }
    return true;
  }
  bool empty() const { return bytes_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = take(1)[0];
      value |= std::uint64_t(byte & 127) << shift;
      if (byte < 128) return value;
    }
    damaged();
  }
  std::uint64_t fixed(std::size_t count) {
    std::uint64_t value = 0;
    std::memcpy(&value, take(count).data(), count);
    return value;
  }

 private:
  Bytes take(std::uint64_t count) {
    if (count > bytes_.size()) damaged();
    const Bytes taken = bytes_.first(static_cast<std::size_t>(count));
    bytes_ = bytes_.subspan(static_cast<std::size_t>(count));
    return taken;
  }
  Bytes bytes_;
};

/// What is shown to people is printable.
std::string name_of(const Field& field) {
  if (!field.is_bytes || field.bytes.size() > kMaxName) damaged();
  std::string name(field.bytes.begin(), field.bytes.end());
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = '?';
  return name;
}

double float_of(std::uint64_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits)); }

/// IEEE half precision.
double half_of(std::uint64_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 31) value = fraction == 0 ? HUGE_VAL : NAN;
  return bits >> 15 & 1 ? -value : value;
}

/// The upper half of a float.
double bfloat_of(std::uint64_t bits) { return float_of(bits << 16); }

template <class List>
void check_room(const List& list, std::size_t most, std::string_view what) {
  if (list.size() >= most)
    throw std::runtime_error(std::format("The graph has more than {} {}.", most, what));
}

/// A list of integers, packed or one by one.
void add_integers(Integers& list, const Field& field, std::size_t most) {
  if (!field.is_bytes) {
    check_room(list, most, "numbers in a list");
    list.push_back(static_cast<std::int64_t>(field.integer));
    return;
  }
  for (Message packed(field.bytes); !packed.empty();) {
    check_room(list, most, "numbers in a list");
    list.push_back(static_cast<std::int64_t>(packed.varint()));
  }
}

void add_floats(std::vector<double>& list, const Field& field, std::size_t most, bool wide = false) {
  const auto add = [&](std::uint64_t bits) {
    check_room(list, most, "numbers in a list");
    list.push_back(wide ? std::bit_cast<double>(bits) : float_of(bits));
  };
  if (!field.is_bytes) return add(field.integer);
  for (Message packed(field.bytes); !packed.empty();) add(packed.fixed(wide ? 8 : 4));
}

template <class T>
void add_raw(std::vector<double>& values, Bytes raw, double (*decode)(std::uint64_t) = nullptr) {
  values.reserve(raw.size() / sizeof(T));
  for (std::size_t at = 0; at + sizeof(T) <= raw.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, raw.data() + at, sizeof(T));
    values.push_back(decode ? decode(static_cast<std::uint64_t>(value)) : static_cast<double>(value));
  }
}

Tensor read_tensor(Bytes bytes, std::string& name) {
  using Proto = onnx::TensorProto;
  constexpr std::size_t kMost = kMaxOnnxFile / 4;
  Tensor tensor;
  std::uint64_t type = 0;
  Bytes raw;
  Integers integers;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    switch (field.number) {
      case Proto::kNameFieldNumber:
        name = name_of(field);
        break;
      case Proto::kDataTypeFieldNumber:
        type = field.integer;
        break;
      case Proto::kDimsFieldNumber:
        add_integers(tensor.dims, field, kMaxDims);
        break;
      case Proto::kRawDataFieldNumber:
        raw = field.bytes;
        break;
      case Proto::kFloatDataFieldNumber:
        add_floats(tensor.values, field, kMost);
        break;
      case Proto::kDoubleDataFieldNumber:
        add_floats(tensor.values, field, kMost, true);
        break;
      case Proto::kInt32DataFieldNumber:
      case Proto::kInt64DataFieldNumber:
        add_integers(integers, field, kMost);
        break;
      case Proto::kDataLocationFieldNumber:
        if (field.integer != Proto::DEFAULT)
          throw std::runtime_error(std::format(
              "The weights of \"{}\" lie in another file: in Python, onnx.save(onnx.load(\"a.onnx\"), "
              "\"whole.onnx\") puts them inside.",
              name));
        break;
      default:
        break;
    }
  }
  switch (type) {
    case Proto::FLOAT:
      add_raw<float>(tensor.values, raw);
      break;
    case Proto::DOUBLE:
      add_raw<double>(tensor.values, raw);
      break;
    case Proto::INT32:
      add_raw<std::int32_t>(tensor.values, raw);
      break;
    case Proto::INT64:
      add_raw<std::int64_t>(tensor.values, raw);
      break;
    case Proto::BOOL:
      add_raw<std::uint8_t>(tensor.values, raw);
      break;
    case Proto::FLOAT16:
      add_raw<std::uint16_t>(tensor.values, raw, half_of);
      std::ranges::transform(integers, std::back_inserter(tensor.values), half_of);
      integers.clear();
      break;
    case Proto::BFLOAT16:
      add_raw<std::uint16_t>(tensor.values, raw, bfloat_of);
      std::ranges::transform(integers, std::back_inserter(tensor.values), bfloat_of);
      integers.clear();
      break;
    default:
      throw std::runtime_error(std::format(
          "The tensor \"{}\" holds numbers of a type that is not read: export the model in float32, not "
          "quantised.",
          name));
  }
  tensor.values.insert(tensor.values.end(), integers.begin(), integers.end());
  std::uint64_t count = 1;
  for (const std::int64_t side : tensor.dims) {
    if (side < 0 || static_cast<std::uint64_t>(side) > kMost) damaged();
    count *= static_cast<std::uint64_t>(side);
    if (count > kMost) damaged();
  }
  if (count != tensor.values.size())
    throw std::runtime_error(std::format("The tensor \"{}\" does not fill its shape.", name));
  return tensor;
}

Attribute read_attribute(Bytes bytes, std::string& key) {
  using Proto = onnx::AttributeProto;
  Attribute attribute;
  std::string ignored;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    switch (field.number) {
      case Proto::kNameFieldNumber:
        key = name_of(field);
        break;
      case Proto::kFFieldNumber:
        attribute.number = float_of(field.integer);
        break;
      case Proto::kIFieldNumber:
        attribute.integer = static_cast<std::int64_t>(field.integer);
        break;
      case Proto::kSFieldNumber:
        attribute.text = name_of(field);
        break;
      case Proto::kTFieldNumber:
        attribute.tensor = read_tensor(field.bytes, ignored);
        break;
      case Proto::kFloatsFieldNumber:
        add_floats(attribute.numbers, field, kMaxListed);
        break;
      case Proto::kIntsFieldNumber:
        add_integers(attribute.integers, field, kMaxListed);
        break;
      default:
        break;
    }
  }
  return attribute;
}

Node read_node(Bytes bytes) {
  using Proto = onnx::NodeProto;
  Node node;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    switch (field.number) {
      case Proto::kNameFieldNumber:
        node.name = name_of(field);
        break;
      case Proto::kOpTypeFieldNumber:
        node.type = name_of(field);
        break;
      case Proto::kDomainFieldNumber:
        node.domain = name_of(field);
        break;
      case Proto::kInputFieldNumber:
        check_room(node.inputs, kMaxListed, "inputs of a node");
        node.inputs.push_back(name_of(field));
        break;
      case Proto::kOutputFieldNumber:
        check_room(node.outputs, kMaxListed, "outputs of a node");
        node.outputs.push_back(name_of(field));
        break;
      case Proto::kAttributeFieldNumber: {
        check_room(node.attributes, kMaxListed, "attributes of a node");
        std::string key;
        Attribute attribute = read_attribute(field.bytes, key);
        node.attributes[key] = std::move(attribute);
        break;
      }
      default:
        break;
    }
  }
  if (node.outputs.empty()) damaged();
  if (node.name.empty()) node.name = node.outputs[0];
  return node;
}

/// The bytes of a field of a message; none where there is none.
Bytes inside(Bytes bytes, int number) {
  Bytes found;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);)
    if (field.number == number && field.is_bytes) found = field.bytes;
  return found;
}

Value read_value(Bytes bytes) {
  Value value;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);)
    if (field.number == onnx::ValueInfoProto::kNameFieldNumber) value.name = name_of(field);
  const Bytes type =
      inside(inside(bytes, onnx::ValueInfoProto::kTypeFieldNumber), onnx::TypeProto::kTensorTypeFieldNumber);
  const Bytes shape = inside(type, onnx::TypeProto_Tensor::kShapeFieldNumber);
  for (auto [message, field] = std::pair(Message(shape), Field()); message.next(field);) {
    if (field.number != onnx::TensorShapeProto::kDimFieldNumber) continue;
    check_room(value.dims, kMaxDims, "sides of a value");
    value.dims.push_back(-1);
    for (auto [side, entry] = std::pair(Message(field.bytes), Field()); side.next(entry);)
      if (entry.number == onnx::TensorShapeProto_Dimension::kDimValueFieldNumber && entry.integer > 0 &&
          entry.integer <= kMaxOnnxFile)
        value.dims.back() = static_cast<std::int64_t>(entry.integer);
  }
  return value;
}

void read_nodes(Graph& graph, Bytes bytes) {
  using Proto = onnx::GraphProto;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    switch (field.number) {
      case Proto::kNodeFieldNumber:
        check_room(graph.nodes, kMaxNodes, "nodes");
        graph.nodes.push_back(read_node(field.bytes));
        break;
      case Proto::kInitializerFieldNumber: {
        check_room(graph.constants, kMaxTensors, "tensors");
        std::string name;
        Tensor tensor = read_tensor(field.bytes, name);
        graph.constants[name] = std::move(tensor);
        break;
      }
      case Proto::kInputFieldNumber:
        check_room(graph.inputs, kMaxTensors, "inputs");
        graph.inputs.push_back(read_value(field.bytes));
        break;
      case Proto::kOutputFieldNumber:
        check_room(graph.outputs, kMaxListed, "outputs");
        graph.outputs.push_back(read_value(field.bytes).name);
        break;
      case Proto::kSparseInitializerFieldNumber:
        throw std::runtime_error("The graph has sparse tensors, which are not read.");
      default:
        break;
    }
  }
  std::erase_if(graph.inputs, [&](const Value& value) { return graph.constants.contains(value.name); });
}

void read_entry(Graph& graph, Bytes bytes) {
  std::string key, text;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    if (field.number == onnx::StringStringEntryProto::kKeyFieldNumber) key = name_of(field);
    if (field.number == onnx::StringStringEntryProto::kValueFieldNumber &&
        field.bytes.size() <= kMaxMetadataText)
      text.assign(field.bytes.begin(), field.bytes.end());
  }
  check_room(graph.metadata, kMaxMetadata, "entries of metadata");
  graph.metadata[key] = std::move(text);
}

void read_opset(Graph& graph, Bytes bytes) {
  std::string domain;
  std::uint64_t version = 0;
  for (auto [message, field] = std::pair(Message(bytes), Field()); message.next(field);) {
    if (field.number == onnx::OperatorSetIdProto::kDomainFieldNumber) domain = name_of(field);
    if (field.number == onnx::OperatorSetIdProto::kVersionFieldNumber) version = field.integer;
  }
  if (!domain.empty() && domain != "ai.onnx") return;  // refused where a node is of it
  if (version < kOldestOpset || version > kNewestOpset)
    throw std::runtime_error(
        std::format("The file is of opset {}; {} to {} are read: export it for one of them, as 18.", version,
                    kOldestOpset, kNewestOpset));
  graph.opset = static_cast<int>(version);
}

/// ONNX wants nodes in an order in which they can be computed, and every value made once.
void check_order(const Graph& graph) {
  std::set<std::string, std::less<>> known{""};
  for (const auto& [name, tensor] : graph.constants) known.insert(name);
  for (const Value& input : graph.inputs) known.insert(input.name);
  for (const Node& node : graph.nodes) {
    for (const std::string& input : node.inputs)
      if (!known.contains(input))
        refuse(node, std::format("reads \"{}\", which nothing before it makes", input));
    for (const std::string& output : node.outputs)
      if (!output.empty() && !known.insert(output).second)
        refuse(node, std::format("makes \"{}\", which is there already", output));
  }
}

}  // namespace

std::int64_t Node::integer(const std::string& key, std::int64_t otherwise) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? otherwise : found->second.integer;
}
double Node::number(const std::string& key, double otherwise) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? otherwise : found->second.number;
}
std::string Node::text(const std::string& key) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? std::string() : found->second.text;
}
Integers Node::integers(const std::string& key) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? Integers() : found->second.integers;
}

void refuse(const Node& node, std::string_view why) {
  throw std::runtime_error(std::format("Node \"{}\" ({}{}{}) {}.", node.name, node.domain,
                                       node.domain.empty() ? "" : ".", node.type, why));
}

Graph read_graph(Bytes file) {
  if (file.size() > kMaxOnnxFile)
    throw std::runtime_error("The file is larger than 64 MiB: such a network cannot run in a page.");
  using Proto = onnx::ModelProto;
  Graph graph;
  for (auto [message, field] = std::pair(Message(file), Field()); message.next(field);) {
    if (field.number == Proto::kOpsetImportFieldNumber) read_opset(graph, field.bytes);
    if (field.number == Proto::kGraphFieldNumber) read_nodes(graph, field.bytes);
    if (field.number == Proto::kMetadataPropsFieldNumber) read_entry(graph, field.bytes);
  }
  if (graph.nodes.empty() || graph.opset == 0) damaged();
  check_order(graph);
  return graph;
}

}  // namespace leukolens::train::onnx_graph
