// The safetensors container: a JSON header, then tensors end to end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "leukolens/error.h"
#include "model/json_reader.h"

namespace leukolens {

/// The tensors of a file, each handed out once.
class Tensors {
 public:
  /// `header` without its "__metadata__" lists tensors that fill `data` from the first byte to the last, in
  /// any order, without a hole or an overlap; `data` must outlive the result. Errors: corrupt_model.
  static Result<Tensors> read(const Json& header, std::span<const std::uint8_t> data);

  /// The values of a tensor, widened to F32: F16 as it is, I8 times the F32 scale of its first side in
  /// NAME.scale. Errors: corrupt_model if it is not there, was taken, has another shape, or holds a value
  /// that is not finite.
  Result<std::vector<float>> take(const std::string& name, const std::vector<std::size_t>& shape);

  /// The first side of a tensor's shape; 0 if it is not there or has none.
  std::size_t rows(const std::string& name) const;

  bool all_used() const;

 private:
  struct Tensor {
    std::string name;
    std::string dtype;
    std::vector<std::size_t> shape;
    std::size_t begin = 0, end = 0;  // bytes, from the start of the data
    bool used = false;
  };
  static Result<Tensor> read_tensor(const std::string& name, const Json& value);
  std::vector<float> floats(const Tensor& tensor) const;
  std::vector<float> dequantise(const Tensor& tensor, const std::vector<float>& scale) const;

  std::span<const std::uint8_t> data_;
  std::vector<Tensor> tensors_;
};

}  // namespace leukolens
