// Where libtorch computes.
#pragma once

#include <string>

namespace leukolens::train {

/// Whether on a GPU: by default where libtorch finds one.
bool on_gpu();

/// "auto", "cpu" or "cuda", before anything is computed. Throws std::runtime_error where there is no GPU.
void choose_device(const std::string& name);

}  // namespace leukolens::train
