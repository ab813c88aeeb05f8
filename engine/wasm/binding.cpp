// The engine as JavaScript sees it. Values cross the boundary, not exceptions: {ok: true, ...} or {ok: false,
// code, message}. An instance of the module has one locator, one model, and pictures under the numbers that
// its caller gives them.
#include <emscripten/bind.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../src/image/codec.h"
#include "held.h"
#include "leukolens/classifier.h"
#include "pixels.h"

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

// A copy: views of the heap do not outlive its next growth.
template <class Number>
val to_js(const std::vector<Number>& values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).template call<val>("slice");
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

val to_js(const StainScale& stain) {
  if (stain.is_none()) return val::null();
  val out = val::object(), factors = val::array();
  for (const float factor : stain.factors) push(factors, factor);
  set(out, "factors", factors);
  set(out, "cells", stain.cells);
  return out;
}

// What to_js() made of it.
StainScale to_stain(const val& stain) {
  StainScale scale;
  if (stain.isNull()) return scale;
  const val factors = stain["factors"];
  for (std::size_t channel = 0; channel < 3; ++channel) scale.factors[channel] = factors[channel].as<float>();
  scale.cells = stain["cells"].as<int>();
  return scale;
}

// Adds what the network says to an image or to a cell: the label as its index, -1 where there is none.
void add(val& out, const Judgement& judgement) {
  set(out, "verdict", to_js(name(judgement.verdict)));
  set(out, "label", judgement.label.value_or(-1));
  set(out, "typicality", judgement.typicality ? val(*judgement.typicality) : val::null());
  val flags = val::array();
  if (judgement.large_lymphoid) push(flags, to_js(Judgement::kLargeLymphoid));
  set(out, "flags", flags);
  set(out, "probabilities", to_js(judgement.probabilities));
}

// What this instance of the module was loaded with, and the pictures that are open in it: a handful.
std::shared_ptr<Locator> locator;
std::unique_ptr<Classifier> classifier;
std::vector<std::unique_ptr<Held>> pictures;

// The caller asks only about pictures that are open.
auto place_of(int number) {
  return std::ranges::find_if(pictures, [&](const auto& held) { return held->number() == number; });
}

const Picture& picture_of(int number) { return (*place_of(number))->picture(); }

Rect to_rect(const val& rect) {
  return {rect["x"].as<int>(), rect["y"].as<int>(), rect["width"].as<int>(), rect["height"].as<int>()};
}

bool is_same(const Rect& one, const Rect& other) {
  return one.x == other.x && one.y == other.y && one.width == other.width && one.height == other.height;
}

// By the centre of its nucleus and, if that is given, by its box, as it was located; nullptr where there is
// none.
const Located* cell_at(const Picture& picture, const val& cell) {
  const auto x = cell["x"].as<float>(), y = cell["y"].as<float>();
  const val box = cell["box"];
  for (const Located& one : picture.field().cells)
    if (one.x == x && one.y == y && (box.isUndefined() || is_same(one.box, to_rect(box)))) return &one;
  return nullptr;
}

void close(int number) { pictures.erase(place_of(number)); }

val answer() {
  val out = val::object();
  set(out, "ok", val(true));
  return out;
}

val to_js(const Timings& timings) {
  val out = val::object();
  set(out, "locateMs", timings.locate_ms);
  set(out, "prepareMs", timings.prepare_ms);
  set(out, "inferMs", timings.infer_ms);
  return out;
}

// `red_cell`: as in Field.
val answer(const val& cells, float red_cell, const Timings& timings) {
  val out = answer();
  set(out, "cells", cells);
  set(out, "redCell", red_cell > 0 ? val(red_cell) : val::null());
  set(out, "timings", to_js(timings));
  return out;
}

/// Before a cell is located: needed by locate(), and by models that look at cells.
val load_locator(const val& model_file) {
  auto loaded = to_bytes(model_file).and_then([](const auto& bytes) { return Locator::load(bytes); });
  if (!loaded) return to_js(loaded.error());
  locator = std::make_shared<Locator>(std::move(*loaded));
  if (classifier) classifier->use_locator(locator);
  return answer();
}

/// Before all else that needs a model.
val load(const val& model_file) {
  auto loaded =
      to_bytes(model_file).and_then([](const auto& bytes) { return Classifier::load(bytes, locator); });
  if (!loaded) return to_js(loaded.error());
  classifier = std::make_unique<Classifier>(std::move(*loaded));
  return answer();
}

/// `document`: the model's description as JSON.
val describe() {
  const Model& model = classifier->model();
  const Cost total = total_cost(model);
  val out = answer();
  set(out, "parameters", static_cast<double>(total.parameters));
  set(out, "macs", static_cast<double>(total.macs));
  set(out, "document", to_js(model.document));
  return out;
}

/// `bytes`: a file where width and height are 0, else RGBA.
val open_picture(int number, const val& bytes, int width, int height) {
  auto image = read_image(bytes, width, height);
  if (!image) return to_js(image.error());
  val out = answer();
  set(out, "width", image->width);
  set(out, "height", image->height);
  std::string notes;  // a line each
  for (const std::string& note : image->notes) notes += note + '\n';
  if (is_grey(image->rgb, 3)) notes += kNoColours;
  set(out, "notes", to_js(notes));
  pictures.push_back(std::make_unique<Held>(number, Picture(std::move(*image))));
  return out;
}

val classify(int number) {
  const auto result = classifier->classify(picture_of(number));
  if (!result) return to_js(result.error());
  val cells = val::array();
  for (const Cell& cell : result->cells) push(cells, to_js(cell.located));
  val out = answer(cells, result->red_cell, result->timings);
  set(out, "stain", to_js(result->stain));
  add(out, *result);
  return out;
}

val present(const Result<FieldClassification>& result) {
  if (!result) return to_js(result.error());
  val cells = val::array();
  for (const Cell& cell : result->cells) {
    val one = to_js(cell.located);
    add(one, cell);
    push(cells, one);
  }
  val out = answer(cells, result->red_cell, result->timings);
  set(out, "stain", to_js(result->stain));
  return out;
}

val classify_field(int number) { return present(classifier->classify_field(picture_of(number))); }

/// `frames`: regions in whole numbers.
val classify_framed(int number, const val& frames) {
  std::vector<Rect> rects;
  for (unsigned i = 0; i < frames["length"].as<unsigned>(); ++i) rects.push_back(to_rect(frames[i]));
  return present(classifier->classify_framed(picture_of(number), rects));
}

/// What a profile is fitted to, of a cell that is seen in `stain`, or as it is where that is null. The cell
/// is the one with that centre and box; else what the box shows, where somebody framed it, or the cell in it,
/// where the picture was located elsewhere; undefined: what classify() looks at. Without a cell the embedding
/// is empty. `density`: of its nucleus, 0 where none stands out.
val embed(int number, const val& cell, const val& stain) {
  Held& held = **place_of(number);
  const Picture& picture = held.picture();
  if (auto located = classifier->locate(picture); !located) return to_js(located.error());
  const bool is_main = cell.isUndefined();
  const Located* chosen = is_main ? main_cell(picture) : cell_at(picture, cell);
  Result<std::vector<float>> embedding;
  if (!is_main && !chosen) {
    const Rect box = to_rect(cell["box"]);
    if (!cell["framed"].as<bool>())
      chosen = cell_in(picture, box);
    else if (const auto framed = framed_cell(picture, box))
      embedding = classifier->embed(picture, &*framed, to_stain(stain));
  }
  const bool whole = is_main && classifier->model().input.region == Input::Region::whole;
  if (chosen || whole) embedding = held.embedding(*classifier, chosen, to_stain(stain));
  if (!embedding) return to_js(embedding.error());
  val out = answer(), density = val::array();
  for (std::size_t channel = 0; channel < 3; ++channel) push(density, chosen ? chosen->density[channel] : 0);
  set(out, "embedding", to_js(*embedding));
  set(out, "density", density);
  return out;
}

/// `stain`: what brings nuclei of these densities into the range that the model knows; null: nothing need be
/// done.
val even(const val& densities) {
  std::vector<Located> cells;
  const auto count = densities["length"].as<std::size_t>();
  for (std::size_t i = 0; i < count; ++i) {
    Located cell;
    const val density = densities[i];
    for (std::size_t channel = 0; channel < 3; ++channel)
      cell.density[channel] = density[channel].as<float>();
    if (cell.density != Located().density) cell.outline.resize(1);  // of a nucleus, whatever its shape
    cells.push_back(std::move(cell));
  }
  val out = answer();
  const auto& range = classifier->model().stain;
  set(out, "stain", to_js(range ? even_stain(cells, *range) : StainScale()));
  return out;
}

std::vector<Example> to_examples(const val& embeddings, const val& labels) {
  std::vector<Example> examples(labels["length"].as<std::size_t>());
  for (std::size_t i = 0; i < examples.size(); ++i)
    examples[i] = {emscripten::convertJSArrayToNumberVector<float>(embeddings[i]), labels[i].as<int>()};
  return examples;
}

/// `profile`: JSON. Embeddings of the same cells as they are and in `stain`, and the indices of their labels;
/// without any the profile is of the stain alone.
val adapt_to(const val& as_they_are, const val& evened, const val& labels, const val& stain) {
  const Model& model = classifier->model();
  const std::vector<Example> examples = to_examples(as_they_are, labels);
  const StainScale scale = to_stain(stain);
  const auto profile = examples.empty() && !scale.is_none()
                           ? adapt_stain(model, scale)
                           : adapt(model, scale, examples, to_examples(evened, labels));
  if (!profile) return to_js(profile.error());
  val out = answer();
  set(out, "profile", to_js(write_profile(*profile, model)));
  return out;
}

/// `file`: a profile as JSON; undefined: none any more. Where it is refused, what was used before stays.
val use_profile(const val& file) {
  if (file.isUndefined()) {
    classifier->use({});
    return answer();
  }
  auto profile =
      to_bytes(file).and_then([](const auto& bytes) { return read_profile(bytes, classifier->model()); });
  if (!profile) return to_js(profile.error());
  classifier->use(std::move(*profile));
  return answer();
}

/// Needs no model.
val locate_cells(int number) {
  const Picture& picture = picture_of(number);
  if (!locator) return to_js(Error{ErrorCode::invalid_argument, "Load a locator first."});
  if (auto located = picture.locate(*locator); !located) return to_js(located.error());
  const Field& field = picture.field();
  val cells = val::array(), background = val::array();
  for (const Located& cell : field.cells) push(cells, to_js(cell));
  for (const std::uint8_t colour : field.background) push(background, colour);
  val out = answer(cells, field.red_cell, {.locate_ms = picture.locate_ms()});
  set(out, "background", background);
  return out;
}

/// `label`: -1 for the most probable one. `cell`: the centre of its nucleus and, where somebody framed it,
/// its box; undefined for the main cell.
val explain_view(int number, int label, const val& cell) {
  const Picture& picture = picture_of(number);
  const std::optional<int> chosen = label < 0 ? std::nullopt : std::optional(label);
  auto explained = [&]() -> Result<Explanation> {
    if (cell.isUndefined()) return classifier->explain(picture, chosen);
    if (auto located = classifier->locate(picture); !located) return std::unexpected(located.error());
    if (const Located* one = cell_at(picture, cell)) return classifier->explain(picture, *one, chosen);
    if (!cell["box"].isUndefined())
      if (const auto framed = framed_cell(picture, to_rect(cell["box"])))
        return classifier->explain(picture, *framed, chosen);
    return fail(ErrorCode::invalid_argument, "This is none of the picture's cells.");
  }();
  if (!explained) return to_js(explained.error());
  val out = answer(), timings = to_js(explained->timings);
  set(timings, "explainMs", explained->explain_ms);
  set(out, "label", explained->label);
  set(out, "probability", explained->probability);
  set(out, "width", explained->width);
  set(out, "height", explained->height);
  set(out, "values", to_js(explained->values));
  set(out, "scale", explained->scale);
  set(out, "region", to_js(explained->region));
  set(out, "timings", timings);
  return out;
}

/// A region of the picture in out_width x out_height RGBA pixels, antialiased.
val pixels(int number, int x, int y, int width, int height, int out_width, int out_height) {
  return to_js(to_rgba(picture_of(number).pixels(), {x, y, width, height}, out_width, out_height));
}

/// Milliseconds of each of `iterations` runs of the network alone.
val benchmark(int iterations) {
  const auto times = classifier->benchmark(iterations);
  if (!times) return to_js(times.error());
  val out = answer();
  set(out, "times", to_js(*times));
  return out;
}

val error_codes() {
  val codes = val::array();
  for (std::string_view code : kErrorNames) push(codes, to_js(code));
  return codes;
}

}  // namespace

EMSCRIPTEN_BINDINGS(leukolens) {
  emscripten::function("loadLocator", &load_locator);
  emscripten::function("load", &load);
  emscripten::function("describe", &describe);
  emscripten::function("open", &open_picture);
  emscripten::function("close", &close);
  emscripten::function("classify", &classify);
  emscripten::function("classifyField", &classify_field);
  emscripten::function("classifyFramed", &classify_framed);
  emscripten::function("locate", &locate_cells);
  emscripten::function("explain", &explain_view);
  emscripten::function("embed", &embed);
  emscripten::function("evenStain", &even);
  emscripten::function("adapt", &adapt_to);
  emscripten::function("useProfile", &use_profile);
  emscripten::function("pixels", &pixels);
  emscripten::function("benchmark", &benchmark);
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("build", +[] { return to_js(LEUKOLENS_BUILD); });
}
