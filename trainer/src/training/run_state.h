// Where a run stands between two batches.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "leukolens/metrics.h"
#include "training/history.h"

namespace leukolens::train {

struct RunState {
  History history;                                         // of the epochs before this one
  int epoch = 1;                                           // the current one
  std::size_t batches = 0;                                 // of it that are done
  double loss_sum = 0, right = 0, cells = 0, seconds = 0;  // over those; cells: what could be right
  std::vector<torch::Tensor> parameters, average;          // TorchNetwork::state(), and its moving average
  std::vector<torch::Tensor> best;                         // parameters of history.best_epoch
  std::vector<Scored> validation;                          // by these
};

}  // namespace leukolens::train
