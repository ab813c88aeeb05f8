#include "json.h"

namespace leukolens::files {
namespace {

Json::Value to_json(const Json& json, const Interval& interval) {
  const Json::Value value = json.array();
  json.add(value, interval.low);
  json.add(value, interval.high);
  return value;
}

Json::Value to_json(const Json& json, const ClassMetrics& metrics, const Label& label) {
  const Json::Value value = json.object();
  json.set(value, "label", label.id);
  json.set(value, "support", metrics.support);
  json.set(value, "precision", metrics.precision);
  json.set(value, "precisionInterval", to_json(json, metrics.precision_interval));
  json.set(value, "recall", metrics.recall);
  json.set(value, "recallInterval", to_json(json, metrics.recall_interval));
  json.set(value, "f1", metrics.f1);
  json.set(value, "auc", metrics.auc);
  return value;
}

std::string range(const Interval& interval) {
  return std::format("{:.3f} to {:.3f}", interval.low, interval.high);
}

}  // namespace

Json::Value to_json(const Json& json, const Metrics& metrics, std::span<const Label> labels) {
  const Json::Value value = json.object();
  json.set(value, "images", metrics.total);
  json.set(value, "correct", metrics.correct);
  json.set(value, "accuracy", metrics.accuracy);
  json.set(value, "accuracyInterval", to_json(json, metrics.accuracy_interval));
  json.set(value, "macroF1", metrics.macro_f1);
  json.set(value, "macroRecall", metrics.macro_recall);
  json.set(value, "macroAuc", metrics.macro_auc);
  json.set(value, "loss", metrics.loss);
  json.set(value, "brier", metrics.brier);
  json.set(value, "ece", metrics.ece);
  json.set(value, "eceInterval", to_json(json, metrics.ece_interval));
  const Json::Value classes = json.array();
  for (std::size_t i = 0; i < labels.size(); ++i)
    json.add(classes, to_json(json, metrics.classes[i], labels[i]));
  json.set(value, "classes", classes);
  json.set(value, "confusion", json.list(metrics.confusion, [&](const auto& row) {
    return json.list(row, [](std::size_t count) { return count; });
  }));
  return value;
}

std::string table(const Metrics& metrics, std::span<const Label> labels) {
  std::string out = std::format("accuracy      {:.4f}  ({} of {}; 95 % {})\n", metrics.accuracy,
                                metrics.correct, metrics.total, range(metrics.accuracy_interval));
  out += std::format("macro F1      {:.4f}\nmacro recall  {:.4f}\n", metrics.macro_f1, metrics.macro_recall);
  out += std::format("loss          {:.4f}\nBrier         {:.4f}\n", metrics.loss, metrics.brier);
  out += std::format("ECE           {:.4f}  (95 % {})\n\n", metrics.ece, range(metrics.ece_interval));
  out += std::format("{:14}{:>7}{:>11}{:>9}{:>19}{:>8}{:>8}\n", "class", "images", "precision", "recall",
                     "95 %", "F1", "AUC");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ClassMetrics& one = metrics.classes[i];
    out += std::format("{:14}{:>7}{:>11.3f}{:>9.3f}{:>19}{:>8.3f}{:>8.3f}\n", labels[i].id, one.support,
                       one.precision, one.recall, range(one.recall_interval), one.f1, one.auc);
  }
  out += "\nactual \\ predicted\n";
  for (std::size_t truth = 0; truth < labels.size(); ++truth) {
    out += std::format("{:14}", labels[truth].id);
    for (std::size_t count : metrics.confusion[truth]) out += std::format("{:>7}", count);
    out += '\n';
  }
  return out;
}

}  // namespace leukolens::files
