// The engine as JavaScript sees it. Values cross the boundary, not exceptions: {ok: true, ...} or {ok: false,
// code, message}. Only the loaded classifier is a handle.
#include <emscripten/bind.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "leukolens/classifier.h"

namespace {

using emscripten::val;
using namespace leukolens;

val to_js(std::string_view text) { return val::u8string(std::string(text).c_str()); }

// One instance each: val::set would have one for every length of a key, val::call for every kind of
// reference.
void set(val& object, const char* key, const val& value) { object.set(key, value); }
void set(val& object, const char* key, double value) { object.set(key, value); }
void push(val& array, const val& value) { array.call<void>("push", value); }
void push(val& array, double value) { push(array, val(value)); }

val to_js(const Error& error) {
  val out = val::object();
  set(out, "ok", val(false));
  set(out, "code", to_js(name(error.code)));
  set(out, "message", to_js(error.message));
  return out;
}

std::vector<std::uint8_t> to_bytes(const val& array) {
  return emscripten::convertJSArrayToNumberVector<std::uint8_t>(array);
}

val to_js(const Classification& result, const Model& model) {
  std::vector<std::size_t> order(result.probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::pair(-result.probabilities[a], a) < std::pair(-result.probabilities[b], b);
  });
  val predictions = val::array();
  for (std::size_t i : order) {
    val item = val::object();
    set(item, "label", to_js(model.labels[i].id));
    set(item, "probability", result.probabilities[i]);
    push(predictions, item);
  }
  val timings = val::object();
  set(timings, "decodeMs", result.timings.decode_ms);
  set(timings, "prepareMs", result.timings.prepare_ms);
  set(timings, "inferMs", result.timings.infer_ms);

  val out = val::object();
  set(out, "ok", val(true));
  set(out, "verdict", to_js(name(result.verdict)));
  set(out, "label",
      result.label ? to_js(model.labels[static_cast<std::size_t>(*result.label)].id) : val::null());
  set(out, "confidence", result.confidence);
  set(out, "predictions", predictions);
  set(out, "timings", timings);
  return out;
}

class Engine {
 public:
  explicit Engine(Classifier classifier) : classifier_(std::move(classifier)) {}

  val classify(const val& file) { return answer(classifier_.classify(to_bytes(file))); }

  val classify_pixels(const val& rgba, int width, int height) {
    auto image = from_rgba(to_bytes(rgba), width, height);
    return image ? answer(classifier_.classify(*image)) : to_js(image.error());
  }

  /// Of the image that was classified last.
  val explain(int label) const {
    const auto map = classifier_.explain(label);
    if (!map) return to_js(map.error());
    val region = val::object(), values = val::array();
    set(region, "x", map->region.x);
    set(region, "y", map->region.y);
    set(region, "width", map->region.width);
    set(region, "height", map->region.height);
    for (const float value : map->values) push(values, value);
    val out = val::object();
    set(out, "ok", val(true));
    set(out, "width", map->width);
    set(out, "height", map->height);
    set(out, "values", values);
    set(out, "scale", map->scale);
    set(out, "region", region);
    set(out, "explainMs", map->explain_ms);
    return out;
  }

  /// Milliseconds of each of `iterations` runs of the network alone.
  val benchmark(int iterations) {
    val times = val::array();
    for (double time : classifier_.benchmark(iterations)) push(times, time);
    return times;
  }

  /// The model's description as JSON, with its parameters and multiply-accumulates.
  val describe() const {
    const Cost total = total_cost(classifier_.model());
    return to_js("{\"parameters\":" + std::to_string(total.parameters) + ",\"macs\":" +
                 std::to_string(total.macs) + ",\"model\":" + classifier_.model().document + "}");
  }

 private:
  val answer(const Result<Classification>& result) const {
    return result ? to_js(*result, classifier_.model()) : to_js(result.error());
  }

  Classifier classifier_;
};

val load(const val& model_file) {
  auto classifier = Classifier::load(to_bytes(model_file));
  if (!classifier) return to_js(classifier.error());
  val out = val::object();
  set(out, "ok", val(true));
  set(out, "engine", val(std::make_unique<Engine>(std::move(*classifier))));
  return out;
}

val error_codes() {
  val codes = val::array();
  for (std::string_view code : kErrorNames) push(codes, to_js(code));
  return codes;
}

}  // namespace

EMSCRIPTEN_BINDINGS(leukolens) {
  emscripten::class_<Engine>("Engine")
      .function("classify", &Engine::classify)
      .function("classifyPixels", &Engine::classify_pixels)
      .function("explain", &Engine::explain)
      .function("benchmark", &Engine::benchmark)
      .function("describe", &Engine::describe);
  emscripten::function("load", &load);
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("version", +[] { return to_js(LEUKOLENS_VERSION); });
  emscripten::function("build", +[] { return to_js(LEUKOLENS_BUILD); });
}
