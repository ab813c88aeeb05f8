#include "network/device.h"

#include <torch/cuda.h>

#include <stdexcept>

namespace leukolens::train {
namespace {

bool may_be_gpu = true;

}  // namespace

bool on_gpu() { return may_be_gpu && torch::cuda::is_available(); }

void choose_device(const std::string& name) {
  if (name == "cuda" && !torch::cuda::is_available())
    throw std::runtime_error("--device cuda: libtorch finds no GPU here.");
  may_be_gpu = name != "cpu";
}

}  // namespace leukolens::train
