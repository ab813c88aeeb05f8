#include "model/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "leukolens/model.h"
#include "model/finite.h"
#include "model/members.h"

namespace leukolens {
namespace {

constexpr std::size_t kMaxTensors = 512, kMaxRank = 4;

std::unexpected<Error> corrupt(std::string message) {
  return fail(ErrorCode::corrupt_model, std::move(message));
}

std::size_t element_size(std::string_view dtype) {
  return dtype == "F32" ? 4 : dtype == "F16" ? 2 : dtype == "I8" ? 1 : 0;
}

// An integer in [low, kMaxModelFile]: shapes and offsets.
bool is_size(const Json& value, double low) {
  return value.kind == Json::Kind::number && value.integer && value.number >= low &&
         value.number <= kMaxModelFile;
}

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16, exponent = (bits >> 10) & 31,
                      mantissa = bits & 1023;
  if (exponent == 31)
    return std::numeric_limits<float>::quiet_NaN();  // refused with everything else that is not finite
  if (exponent == 0) {
    const float tiny = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -tiny : tiny;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

}  // namespace

Result<Tensors::Tensor> Tensors::read_tensor(const std::string& name, const Json& value) {
  std::string error;
  Members members(&value, "Tensor '" + name.substr(0, kMaxName) + "'", error);
  Tensor tensor{.name = name, .dtype = members.string("dtype")};
  const Json *shape = members.get("shape"), *offsets = members.get("data_offsets");
  members.done();
  std::uint64_t bytes = element_size(tensor.dtype);
  if (bytes == 0) members.complain("has a data type other than F32, F16 and I8");
  if (!is(shape, Json::Kind::array) || array(shape).size() > kMaxRank)
    members.complain("needs a shape of rank 4 or less");
  for (const Json& side : array(shape)) {
    bytes *= is_size(side, 1) ? static_cast<std::uint64_t>(side.number) : 0;
    if (bytes == 0 || bytes > kMaxModelFile) {
      members.complain("has a side that is out of range");
      break;
    }
    tensor.shape.push_back(static_cast<std::size_t>(side.number));
  }
  const auto range = array(offsets);
  if (range.size() != 2 || !is_size(range[0], 0) || !is_size(range[1], 0))
    members.complain("needs two data_offsets within the file");
  if (!error.empty()) return corrupt(error);
  tensor.begin = static_cast<std::size_t>(range[0].number);
  tensor.end = static_cast<std::size_t>(range[1].number);
  if (tensor.end < tensor.begin || tensor.end - tensor.begin != bytes)
    return corrupt("Tensor '" + name + "' has offsets that do not fit its shape.");
  return tensor;
}

Result<Tensors> Tensors::read(const Json& header, std::span<const std::uint8_t> data) {
  Tensors all;
  all.data_ = data;
  if (header.items.size() > kMaxTensors) return corrupt("The file has too many tensors.");
  for (std::size_t i = 0; i < header.items.size(); ++i) {
    if (header.keys[i] == "__metadata__") continue;
    auto tensor = read_tensor(header.keys[i], header.items[i]);
    if (!tensor) return std::unexpected(tensor.error());
    all.tensors_.push_back(std::move(*tensor));
  }
  std::size_t end = 0;  // each tensor begins where another ends, from 0 to the end of the file
  for (std::size_t i = 0; i < all.tensors_.size(); ++i) {
    const auto next = std::ranges::find(all.tensors_, end, &Tensor::begin);
    if (next == all.tensors_.end()) return corrupt("The tensors leave a hole or overlap.");
    end = next->end;
  }
  if (end != data.size()) return corrupt("The file is truncated or has bytes after its last tensor.");
  return all;
}

Result<std::vector<float>> Tensors::take(const std::string& name, const std::vector<std::size_t>& shape) {
  const auto tensor = std::ranges::find(tensors_, name, &Tensor::name);
  if (tensor == tensors_.end() || tensor->used) return corrupt("Tensor '" + name + "' is missing.");
  if (tensor->shape != shape)
    return corrupt("Tensor '" + name + "' does not have the shape that its layer needs.");
  tensor->used = true;
  std::vector<float> values;
  if (tensor->dtype == "I8") {
    auto scale = take(name + ".scale", {shape[0]});
    if (!scale) return scale;
    values = dequantise(*tensor, *scale);
  } else {
    values = floats(*tensor);
  }
  if (!all_finite(values)) return corrupt("Tensor '" + name + "' holds a value that is not finite.");
  return values;
}

std::size_t Tensors::rows(const std::string& name) const {
  const auto tensor = std::ranges::find(tensors_, name, &Tensor::name);
  return tensor == tensors_.end() || tensor->shape.empty() ? 0 : tensor->shape[0];
}

bool Tensors::all_used() const { return std::ranges::all_of(tensors_, &Tensor::used); }

std::vector<float> Tensors::floats(const Tensor& tensor) const {
  const std::uint8_t* bytes = data_.data() + tensor.begin;
  const std::size_t size = tensor.dtype == "F32" ? 4 : 2, count = (tensor.end - tensor.begin) / size;
  std::vector<float> values(count);
  if (size == 4) {
    std::memcpy(values.data(), bytes, count * size);
  } else {
    for (std::size_t i = 0; i < count; ++i)
      values[i] = from_half(static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8));
  }
  return values;
}

std::vector<float> Tensors::dequantise(const Tensor& tensor, const std::vector<float>& scale) const {
  const std::uint8_t* bytes = data_.data() + tensor.begin;
  std::vector<float> values;
  values.reserve(tensor.end - tensor.begin);
  const std::size_t row = (tensor.end - tensor.begin) / tensor.shape[0];
  for (const float step : scale)
    for (std::size_t i = 0; i < row; ++i)
      values.push_back(static_cast<float>(static_cast<std::int8_t>(*bytes++)) * step);
  return values;
}

}  // namespace leukolens
