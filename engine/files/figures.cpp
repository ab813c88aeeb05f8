#include "files/figures.h"

#include <algorithm>
#include <cmath>

namespace leukolens::files {

Json::Value to_json(const Json& json, const Interval& interval) {
  const Json::Value value = json.array();
  json.add(value, interval.low);
  json.add(value, interval.high);
  return value;
}

std::string range(const Interval& interval, int digits) {
  return std::format("{:.{}f} to {:.{}f}", interval.low, digits, interval.high, digits);
}

namespace {

/// Of one class alone there is no curve, nor an area under it.
bool has_auc(const ClassMetrics& metrics) { return !metrics.roc.empty(); }
bool has_macro_auc(const Metrics& metrics) { return std::ranges::any_of(metrics.classes, has_auc); }

/// Of no images there is no recall, nor anything that rests on it; of no answers no precision.
bool has_recall(const ClassMetrics& metrics) { return metrics.support > 0; }
bool has_precision(const ClassMetrics& metrics) { return metrics.predicted > 0; }
bool has_loss(const Metrics& metrics) { return metrics.total > metrics.not_found; }

bool has_ece_interval(const Metrics& metrics) {
  return metrics.ece_interval.high - metrics.ece_interval.low < 1;
}

/// A figure that is of nothing is null.
Json::Value where(const Json& json, bool is_defined, double figure) {
  return is_defined ? json.value(figure) : json.null();
}
Json::Value where(const Json& json, bool is_defined, const Interval& interval) {
  return is_defined ? to_json(json, interval) : json.null();
}

Json::Value to_json(const Json& json, const ClassMetrics& metrics, const Label& label) {
  const Json::Value value = json.object();
  json.set(value, "label", label.id);
  json.set(value, "support", metrics.support);
  json.set(value, "notFound", metrics.not_found);
  const bool answered = has_precision(metrics), seen = has_recall(metrics);
  json.set(value, "precision", where(json, answered, metrics.precision));
  json.set(value, "precisionInterval", where(json, answered, metrics.precision_interval));
  json.set(value, "recall", where(json, seen, metrics.recall));
  json.set(value, "recallInterval", where(json, seen, metrics.recall_interval));
  json.set(value, "f1", where(json, seen, metrics.f1));
  json.set(value, "auc", where(json, has_auc(metrics), metrics.auc));
  return value;
}

Json::Value to_json(const Json& json, const ReliabilityBin& bin) {
  const Json::Value value = json.object();
  json.set(value, "images", bin.count);
  json.set(value, "confidence", bin.confidence);
  json.set(value, "accuracy", bin.accuracy);
  json.set(
      value, "accuracyInterval",
      to_json(json,
              wilson(static_cast<std::size_t>(std::llround(bin.accuracy * static_cast<double>(bin.count))),
                     bin.count)));
  return value;
}

/// Whether the curve goes straight on at `b`.
bool straight(const RocPoint& a, const RocPoint& b, const RocPoint& c) {
  return (a.false_positive_rate == b.false_positive_rate && b.false_positive_rate == c.false_positive_rate) ||
         (a.true_positive_rate == b.true_positive_rate && b.true_positive_rate == c.true_positive_rate);
}

Json::Value corners(const Json& json, const std::vector<RocPoint>& curve) {
  const Json::Value list = json.array();
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (i > 0 && i + 1 < curve.size() && straight(curve[i - 1], curve[i], curve[i + 1])) continue;
    const Json::Value point = json.array();
    json.add(point, curve[i].false_positive_rate);
    json.add(point, curve[i].true_positive_rate);
    json.add(list, point);
  }
  return list;
}

}  // namespace

Json::Value to_json(const Json& json, const Metrics& metrics, std::span<const Label> labels) {
  const Json::Value value = json.object();
  json.set(value, "images", metrics.total);
  json.set(value, "correct", metrics.correct);
  json.set(value, "notFound", metrics.not_found);
  const bool any = metrics.total > 0, found = has_loss(metrics);
  json.set(value, "accuracy", where(json, any, metrics.accuracy));
  json.set(value, "accuracyInterval", where(json, any, metrics.accuracy_interval));
  json.set(value, "macroF1", where(json, any, metrics.macro_f1));
  json.set(value, "macroRecall", where(json, any, metrics.macro_recall));
  json.set(value, "macroAuc", where(json, has_macro_auc(metrics), metrics.macro_auc));
  json.set(value, "loss", where(json, found, metrics.loss));
  json.set(value, "brier", where(json, found, metrics.brier));
  json.set(value, "ece", where(json, found, metrics.ece));
  json.set(value, "eceInterval", where(json, has_ece_interval(metrics), metrics.ece_interval));
  const Json::Value classes = json.array();
  for (std::size_t i = 0; i < labels.size(); ++i)
    json.add(classes, to_json(json, metrics.classes[i], labels[i]));
  json.set(value, "classes", classes);
  json.set(value, "confusion", json.list(metrics.confusion, [&](const auto& row) {
    return json.list(row, [](std::size_t count) { return count; });
  }));
  return value;
}

Json::Value curves_to_json(const Json& json, const Metrics& metrics) {
  const Json::Value value = json.object();
  json.set(value, "reliability",
           json.list(metrics.reliability, [&](const ReliabilityBin& bin) { return to_json(json, bin); }));
  json.set(value, "roc",
           json.list(metrics.classes, [&](const ClassMetrics& one) { return corners(json, one.roc); }));
  return value;
}

namespace {

/// A dash where there is nothing that it could be of.
std::string figure(bool is_defined, double value, int digits) {
  return is_defined ? std::format("{:.{}f}", value, digits) : "-";
}
std::string range_of(bool is_defined, const Interval& interval) { return is_defined ? range(interval) : "-"; }

}  // namespace

std::string table(const Metrics& metrics, std::span<const Label> labels) {
  const bool any_found = has_loss(metrics);
  std::string out = std::format("accuracy      {:.4f}  ({} of {}; 95 % {})\n", metrics.accuracy,
                                metrics.correct, metrics.total, range(metrics.accuracy_interval));
  if (metrics.not_found > 0)
    out += std::format("not found     {} of {} cells, counted as wrong\n", metrics.not_found, metrics.total);
  out += std::format("macro F1      {:.4f}\nmacro recall  {:.4f}\nmacro AUC     {}\n", metrics.macro_f1,
                     metrics.macro_recall, figure(has_macro_auc(metrics), metrics.macro_auc, 4));
  out += std::format("loss          {}\nBrier         {}\n", figure(any_found, metrics.loss, 4),
                     figure(any_found, metrics.brier, 4));
  out += std::format("ECE           {}  (95 % {})\n\n", figure(any_found, metrics.ece, 4),
                     range_of(has_ece_interval(metrics), metrics.ece_interval));
  out += std::format("{:14}{:>7}{:>11}{:>17}{:>9}{:>17}{:>8}{:>8}\n", "class", "images", "precision", "95 %",
                     "recall", "95 %", "F1", "AUC");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ClassMetrics& one = metrics.classes[i];
    const bool seen = has_recall(one), answered = has_precision(one);
    out += std::format("{:14}{:>7}{:>11}{:>17}{:>9}{:>17}{:>8}{:>8}\n", labels[i].id, one.support,
                       figure(answered, one.precision, 3), range_of(answered, one.precision_interval),
                       figure(seen, one.recall, 3), range_of(seen, one.recall_interval),
                       figure(seen, one.f1, 3), figure(has_auc(one), one.auc, 3));
  }
  out += std::format("\nactual \\ predicted{}\n", metrics.not_found > 0 ? ", and not found" : "");
  for (std::size_t truth = 0; truth < labels.size(); ++truth) {
    out += std::format("{:14}", labels[truth].id);
    for (std::size_t count : metrics.confusion[truth]) out += std::format("{:>7}", count);
    if (metrics.not_found > 0) out += std::format("{:>9}", metrics.classes[truth].not_found);
    out += '\n';
  }
  return out;
}

std::string reliability_table(const Metrics& metrics) {
  std::string out = std::format("{:>7}{:>12}{:>10}\n", "images", "confidence", "accuracy");
  for (const ReliabilityBin& bin : metrics.reliability)
    out += std::format("{:>7}{:>12.3f}{:>10.3f}\n", bin.count, bin.confidence, bin.accuracy);
  return out;
}

}  // namespace leukolens::files
