// The engine as JavaScript sees it. Values cross the boundary, not exceptions: {ok: true, ...} or {ok: false,
// code, message}. Only the loaded classifier is a handle.
#include <emscripten/bind.h>

#include <chrono>
#include <memory>
#include <span>
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

// A copy: views of the heap do not outlive its next growth.
val to_js(std::span<const float> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}

val to_js(const Rect& rect) {
  val out = val::object();
  set(out, "x", rect.x);
  set(out, "y", rect.y);
  set(out, "width", rect.width);
  set(out, "height", rect.height);
  return out;
}

// A cell as it was located; its outline as x, y, x, y ...
val to_js(const Located& cell) {
  std::vector<float> outline;
  for (const auto& [x, y] : cell.outline) outline.insert(outline.end(), {x, y});
  val out = val::object();
  set(out, "box", to_js(cell.box));
  set(out, "x", cell.x);
  set(out, "y", cell.y);
  set(out, "diameter", cell.diameter);
  set(out, "outline", to_js(outline));
  set(out, "score", cell.score);
  return out;
}

// Adds what the network says to an image or to a cell: the label as its index, -1 where there is none.
void add(val& out, const Judgement& judgement) {
  set(out, "verdict", to_js(name(judgement.verdict)));
  set(out, "label", judgement.label.value_or(-1));
  set(out, "familiarity", judgement.familiarity ? val(*judgement.familiarity) : val::null());
  set(out, "probabilities", to_js(judgement.probabilities));
}

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// `bytes`: a file where width and height are 0, else RGBA.
Result<Picture> open(const val& bytes, int width, int height) {
  const auto begin = Clock::now();
  const auto data = to_bytes(bytes);
  auto pixels = width == 0 && height == 0 ? decode(data) : from_rgba(data, width, height);
  if (!pixels) return std::unexpected(std::move(pixels.error()));
  return Picture(std::move(*pixels), ms_since(begin));
}

// The answer to any question about a picture.
val about(const Picture& picture, const val& cells, const Timings& timings) {
  val times = val::object(), out = val::object();
  set(times, "decodeMs", picture.decode_ms());
  set(times, "locateMs", picture.locate_ms());
  set(times, "prepareMs", timings.prepare_ms);
  set(times, "inferMs", timings.infer_ms);
  set(out, "ok", val(true));
  set(out, "width", picture.pixels().width);
  set(out, "height", picture.pixels().height);
  set(out, "cells", cells);
  set(out, "timings", times);
  return out;
}

class Engine {
 public:
  explicit Engine(Classifier classifier) : classifier_(std::move(classifier)) {}

  val classify(const val& bytes, int width, int height) { return classify_one(bytes, width, height, {}); }

  /// The cell nearest to a point.
  val classify_at(const val& bytes, int width, int height, float x, float y) {
    return classify_one(bytes, width, height, Point{x, y});
  }

  val classify_field(const val& bytes, int width, int height) {
    const auto opened = open(bytes, width, height);
    if (!opened) return to_js(opened.error());
    const auto result = classifier_.classify_field(*opened);
    if (!result) return to_js(result.error());
    val cells = val::array();
    for (const Cell& cell : result->cells) {
      val one = to_js(cell.located);
      add(one, cell);
      push(cells, one);
    }
    return about(*opened, cells, result->timings);
  }

  /// Explains the picture that was classified last.
  val explain(int label) {
    const auto map =
        last_cell_ ? classifier_.explain(last_, *last_cell_, label) : classifier_.explain(last_, label);
    if (!map) return to_js(map.error());
    val out = val::object();
    set(out, "ok", val(true));
    set(out, "width", map->width);
    set(out, "height", map->height);
    set(out, "values", to_js(map->values));
    set(out, "scale", map->scale);
    set(out, "region", to_js(map->region));
    set(out, "explainMs", map->explain_ms);
    return out;
  }

  /// Milliseconds of each of `iterations` runs of the network alone.
  val benchmark(int iterations) {
    const auto times = classifier_.benchmark(iterations);
    if (!times) return to_js(times.error());
    val list = val::array(), out = val::object();
    for (double time : *times) push(list, time);
    set(out, "ok", val(true));
    set(out, "times", list);
    return out;
  }

  /// The model's description as JSON, with its parameters and multiply-accumulates.
  val describe() const {
    const Cost total = total_cost(classifier_.model());
    return to_js("{\"parameters\":" + std::to_string(total.parameters) + ",\"macs\":" +
                 std::to_string(total.macs) + ",\"model\":" + classifier_.model().document + "}");
  }

 private:
  val classify_one(const val& bytes, int width, int height, std::optional<Point> at) {
    auto opened = open(bytes, width, height);
    if (!opened) return to_js(opened.error());
    last_ = std::move(*opened);
    last_cell_.reset();
    const auto result = classifier_.classify(last_, at);
    if (!result) return to_js(result.error());
    val cells = val::array();
    for (const Cell& cell : result->cells) push(cells, to_js(cell.located));
    if (!result->cells.empty()) last_cell_ = result->cells[0].located;
    val out = about(last_, cells, result->timings);
    add(out, *result);
    return out;
  }

  Classifier classifier_;
  Picture last_{Image{}};
  std::optional<Located> last_cell_;
};

/// Needs no model.
val locate_cells(const val& bytes, int width, int height) {
  const auto opened = open(bytes, width, height);
  if (!opened) return to_js(opened.error());
  const Field& field = opened->field();
  val cells = val::array(), background = val::array();
  for (const Located& cell : field.cells) push(cells, to_js(cell));
  for (const std::uint8_t colour : field.background) push(background, colour);
  val out = about(*opened, cells, {});
  set(out, "redCell", field.red_cell > 0 ? val(field.red_cell) : val::null());
  set(out, "background", background);
  return out;
}

/// Three bytes a pixel. Needs no model.
val decode_pixels(const val& bytes, int width, int height) {
  const auto opened = open(bytes, width, height);
  if (!opened) return to_js(opened.error());
  const auto& rgb = opened->pixels().rgb;
  val out = about(*opened, val::array(), {});
  set(out, "rgb", val(emscripten::typed_memory_view(rgb.size(), rgb.data())).call<val>("slice"));
  return out;
}

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
      .function("classifyAt", &Engine::classify_at)
      .function("classifyField", &Engine::classify_field)
      .function("explain", &Engine::explain)
      .function("benchmark", &Engine::benchmark)
      .function("describe", &Engine::describe);
  emscripten::function("load", &load);
  emscripten::function("locate", &locate_cells);
  emscripten::function("decode", &decode_pixels);
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("version", +[] { return to_js(LEUKOLENS_VERSION); });
  emscripten::function("build", +[] { return to_js(LEUKOLENS_BUILD); });
}
