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

val to_js(const Error& error) {
  val out = val::object();
  out.set("ok", false);
  out.set("code", to_js(name(error.code)));
  out.set("message", to_js(error.message));
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
    item.set("label", to_js(model.labels[i].id));
    item.set("probability", result.probabilities[i]);
    predictions.call<void>("push", item);
  }
  val timings = val::object();
  timings.set("decodeMs", result.timings.decode_ms);
  timings.set("prepareMs", result.timings.prepare_ms);
  timings.set("inferMs", result.timings.infer_ms);

  val out = val::object();
  out.set("ok", true);
  out.set("verdict", to_js(name(result.verdict)));
  out.set("label",
          result.label ? to_js(model.labels[static_cast<std::size_t>(*result.label)].id) : val::null());
  out.set("confidence", result.confidence);
  out.set("predictions", predictions);
  out.set("timings", timings);
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
    val region = val::object();
    region.set("x", map->region.x);
    region.set("y", map->region.y);
    region.set("width", map->region.width);
    region.set("height", map->region.height);
    val out = val::object();
    out.set("ok", true);
    out.set("width", map->width);
    out.set("height", map->height);
    out.set("values", val::global("Float32Array")
                          .new_(emscripten::typed_memory_view(map->values.size(), map->values.data())));
    out.set("scale", map->scale);
    out.set("region", region);
    out.set("explainMs", map->explain_ms);
    return out;
  }

  /// Milliseconds of each of `iterations` runs of the network alone.
  val benchmark(int iterations) {
    val times = val::array();
    for (double time : classifier_.benchmark(iterations)) times.call<void>("push", time);
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
  out.set("ok", true);
  out.set("engine", val(std::make_unique<Engine>(std::move(*classifier))));
  return out;
}

val error_codes() {
  val codes = val::array();
  for (std::string_view code : kErrorNames) codes.call<void>("push", to_js(code));
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
