#include "training/teachers.h"

#include <algorithm>
#include <array>
#include <format>
#include <stdexcept>
#include <tuple>

namespace leukolens::train {
namespace {

torch::Tensor columns_of(const Model& teacher, const Model& student) {
  std::vector<std::int64_t> columns;
  columns.reserve(student.labels.size());
  for (const Label& label : student.labels) {
    const auto known = std::ranges::find(teacher.labels, label.id, &Label::id);
    if (known == teacher.labels.end())
      throw std::runtime_error(
          std::format("The teacher {} does not know the label {}.", teacher.name, label.id));
    columns.push_back(known - teacher.labels.begin());
  }
  return torch::tensor(columns).to(device());
}

void check_view(const Input& teacher, const Input& student, const std::string& name) {
  const auto view = [](const Input& input) {
    return std::tuple(input.width, input.height, input.region,
                      input.region == Input::Region::cell ? input.extent : 0);
  };
  if (view(teacher) != view(student))
    throw std::runtime_error(std::format(
        "The teacher {} sees {} x {} px of {}, and this network {} x {} px of {}: both must see the same.",
        name, teacher.width, teacher.height,
        teacher.region == Input::Region::cell ? "a cell" : "the whole picture", student.width, student.height,
        student.region == Input::Region::cell ? "a cell" : "the whole picture"));
}

torch::Tensor by_channel(const std::array<float, 3>& values) {
  return torch::tensor({values[0], values[1], values[2]}).reshape({1, 3, 1, 1}).to(device());
}

}  // namespace

Teachers::Teachers(const std::vector<Model>& models, const Model& student, const Training& training)
    : share_(training.teacher_share), temperature_(training.teacher_temperature) {
  for (const Model& model : models) {
    check_view(model.input, student.input, model.name);
    Teacher teacher{std::make_shared<TorchNetwork>(model), columns_of(model, student), {}, {}};
    teacher.network->to(device());
    teacher.network->eval();
    std::array<float, 3> gain{}, offset{};
    for (std::size_t c = 0; c < 3; ++c) {
      gain[c] = student.input.std[c] / model.input.std[c];
      offset[c] = (student.input.mean[c] - model.input.mean[c]) / model.input.std[c];
    }
    teacher.gain = by_channel(gain);
    teacher.offset = by_channel(offset);
    teachers_.push_back(std::move(teacher));
  }
}

torch::Tensor Teachers::answers(const torch::Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  torch::Tensor sum;
  for (const Teacher& teacher : teachers_) {
    const torch::Tensor logits = teacher.network->forward(images * teacher.gain + teacher.offset);
    const torch::Tensor answer = torch::softmax(logits.index_select(1, teacher.columns) / temperature_, 1);
    sum = sum.defined() ? sum + answer : answer;
  }
  return sum / static_cast<double>(teachers_.size());
}

torch::Tensor Teachers::loss(const torch::Tensor& images, const torch::Tensor& logits,
                             const torch::Tensor& targets) const {
  torch::Tensor taught = answers(images);
  torch::Tensor weights = torch::ones({logits.size(0)}, logits.options());
  if (targets.dim() == 2) {
    weights = targets.sum(1);
    const torch::Tensor no_cell = targets.amax(1) - targets.amin(1) < 1e-6;
    taught = torch::where(no_cell.unsqueeze(1), torch::full_like(taught, 1.0 / logits.size(1)), taught);
  }
  const torch::Tensor own = torch::log_softmax(logits / temperature_, 1);
  // The square keeps the gradients' size whatever the temperature is.
  const torch::Tensor divergence =
      (torch::xlogy(taught, taught) - taught * own).sum(1) * temperature_ * temperature_;
  return (1 - share_) * torch::cross_entropy_loss(logits, targets) + share_ * (weights * divergence).mean();
}

}  // namespace leukolens::train
