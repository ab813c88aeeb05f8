#include "training/checkpoint.h"

#include <algorithm>
#include <format>
#include <sstream>
#include <stdexcept>

#include "support/files.h"
#include "training/learner.h"
#include "training/run_state.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

constexpr std::int64_t kVersion = 2;

torch::Tensor to_tensor(const std::vector<Epoch>& epochs) {
  torch::Tensor rows = torch::zeros({static_cast<std::int64_t>(epochs.size()), 5}, torch::kDouble);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const Epoch& one = epochs[i];
    double* row = rows.data_ptr<double>() + 5 * i;
    row[0] = one.loss, row[1] = one.accuracy, row[2] = one.validation_loss, row[3] = one.validation_accuracy,
    row[4] = one.seconds;
  }
  return rows;
}

std::vector<Epoch> to_epochs(const torch::Tensor& rows) {
  std::vector<Epoch> epochs;
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    const double* row = rows.data_ptr<double>() + 5 * i;
    epochs.push_back({static_cast<int>(i + 1), row[0], row[1], row[2], row[3], row[4]});
  }
  return epochs;
}

torch::Tensor to_tensor(const std::vector<Scored>& scored) {
  const std::size_t classes = scored.empty() ? 0 : scored[0].probabilities.size();
  std::vector<float> rows;
  for (const Scored& one : scored) {
    rows.push_back(static_cast<float>(one.truth));
    rows.insert(rows.end(), one.probabilities.begin(), one.probabilities.end());
  }
  return torch::tensor(rows).reshape(
      {static_cast<std::int64_t>(scored.size()), static_cast<std::int64_t>(classes + 1)});
}

std::vector<Scored> to_scored(const torch::Tensor& rows) {
  std::vector<Scored> scored;
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    const float* row = rows.data_ptr<float>() + i * rows.size(1);
    scored.push_back({static_cast<int>(row[0]), {row + 1, row + rows.size(1)}});
  }
  return scored;
}

std::vector<torch::Tensor> tensors(InputArchive& archive, const std::string& key) {
  c10::IValue value;
  archive.read(key, value);
  return value.toTensorVector();
}

template <class T>
T read(InputArchive& archive, const std::string& key) {
  c10::IValue value;
  archive.read(key, value);
  return value.to<T>();
}

void write_restarts(OutputArchive& archive, const std::vector<Restart>& restarts) {
  archive.write("restarts", c10::IValue(static_cast<std::int64_t>(restarts.size())));
  for (std::size_t i = 0; i < restarts.size(); ++i) {
    archive.write(std::format("restart_{}_seed", i),
                  c10::IValue(static_cast<std::int64_t>(restarts[i].seed)));
    archive.write(std::format("restart_{}_epochs", i),
                  c10::IValue(static_cast<std::int64_t>(restarts[i].epochs)));
    archive.write(std::format("restart_{}_reason", i), c10::IValue(restarts[i].reason));
  }
}

std::vector<Restart> read_restarts(InputArchive& archive) {
  std::vector<Restart> restarts(static_cast<std::size_t>(read<std::int64_t>(archive, "restarts")));
  for (std::size_t i = 0; i < restarts.size(); ++i) {
    restarts[i].seed =
        static_cast<std::uint64_t>(read<std::int64_t>(archive, std::format("restart_{}_seed", i)));
    restarts[i].epochs = static_cast<int>(read<std::int64_t>(archive, std::format("restart_{}_epochs", i)));
    restarts[i].reason = read<std::string>(archive, std::format("restart_{}_reason", i));
  }
  return restarts;
}

InputArchive open(const fs::path& path) try {
  InputArchive archive;
  archive.load_from(path.string());
  if (read<std::int64_t>(archive, "version") != kVersion) throw std::runtime_error("version");
  return archive;
} catch (const std::exception&) {
  throw std::runtime_error(
      std::format("{} is no checkpoint of this version of leukolens-train.", path.string()));
}

}  // namespace

void save_checkpoint(const fs::path& path, const std::string& command, const RunState& state,
                     const torch::optim::Optimizer& optimiser) {
  OutputArchive archive, nested;
  archive.write("version", c10::IValue(kVersion));
  archive.write("command", c10::IValue(command));
  archive.write("seed", c10::IValue(static_cast<std::int64_t>(state.history.seed)));
  archive.write("best_epoch", c10::IValue(static_cast<std::int64_t>(state.history.best_epoch)));
  archive.write("epochs", to_tensor(state.history.epochs));
  write_restarts(archive, state.history.restarts);
  archive.write("epoch", c10::IValue(static_cast<std::int64_t>(state.epoch)));
  archive.write("batches", c10::IValue(static_cast<std::int64_t>(state.batches)));
  archive.write("sums",
                torch::tensor({state.loss_sum, state.right, state.cells, state.seconds}, torch::kDouble));
  archive.write("parameters", c10::IValue(state.parameters));
  archive.write("average", c10::IValue(state.average));
  archive.write("best", c10::IValue(state.best));
  archive.write("validation", to_tensor(state.validation));
  optimiser.save(nested);
  archive.write("optimiser", nested);
  std::ostringstream stream;
  archive.save_to(stream);
  write_atomically(path, stream.view());
}

std::string checkpoint_command(const fs::path& path) {
  InputArchive archive = open(path);
  return read<std::string>(archive, "command");
}

RunState load_checkpoint(const fs::path& path, Learner& learner) {
  InputArchive archive = open(path);
  RunState state;
  state.history.seed = static_cast<std::uint64_t>(read<std::int64_t>(archive, "seed"));
  state.history.best_epoch = static_cast<int>(read<std::int64_t>(archive, "best_epoch"));
  state.history.epochs = to_epochs(read<torch::Tensor>(archive, "epochs"));
  state.history.restarts = read_restarts(archive);
  state.epoch = static_cast<int>(read<std::int64_t>(archive, "epoch"));
  state.batches = static_cast<std::size_t>(read<std::int64_t>(archive, "batches"));
  const auto sums = read<torch::Tensor>(archive, "sums");
  state.loss_sum = sums[0].item<double>(), state.right = sums[1].item<double>(),
  state.cells = sums[2].item<double>(), state.seconds = sums[3].item<double>();
  state.parameters = tensors(archive, "parameters");
  const auto same_shape = [](const torch::Tensor& a, const torch::Tensor& b) {
    return a.sizes() == b.sizes();
  };
  if (!std::ranges::equal(learner.weights(), state.parameters, same_shape))
    throw std::runtime_error(std::format("{} belongs to another network.", path.string()));
  state.average = tensors(archive, "average");
  state.best = tensors(archive, "best");
  state.validation = to_scored(read<torch::Tensor>(archive, "validation"));
  InputArchive nested;
  archive.read("optimiser", nested);
  learner.optimiser().load(nested);
  return state;
}

}  // namespace leukolens::train
