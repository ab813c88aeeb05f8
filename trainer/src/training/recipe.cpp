#include "training/recipe.h"

#include <algorithm>
#include <format>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "files/label_id.h"
#include "support/toml_table.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

Activation activation(Table& table) {
  return table.choice<Activation>(
      "activation", Activation::none,
      {{"none", Activation::none}, {"relu", Activation::relu}, {"relu6", Activation::relu6}});
}

Operation operation(Table& table) {
  enum class Type { conv2d, max_pool2d, global_avg_pool, flatten, dense, add, upsample2d };
  static const std::map<std::string, Type> kTypes{{"conv2d", Type::conv2d},
                                                  {"max_pool2d", Type::max_pool2d},
                                                  {"global_avg_pool", Type::global_avg_pool},
                                                  {"flatten", Type::flatten},
                                                  {"dense", Type::dense},
                                                  {"add", Type::add},
                                                  {"upsample2d", Type::upsample2d}};
  if (!table.find("type")) table.refuse("this layer needs a type.");
  switch (table.choice("type", Type::flatten, kTypes)) {
    case Type::conv2d: {
      Conv2d conv;
      conv.filters = table.integer("filters", 0, 1, 4096);
      conv.kernel = table.integer("kernel", 3, 1, 15);
      conv.stride = table.integer("stride", 1, 1, 15);
      conv.padding = table.integer("padding", 0, 0, 14);
      conv.groups = table.integer("groups", 1, 1, 4096);
      conv.activation = activation(table);
      if (conv.filters == 0) table.refuse("conv2d needs filters, the number of its output channels.");
      return conv;
    }
    case Type::max_pool2d: {
      const int size = table.integer("size", 2, 2, 15);
      return MaxPool2d{.size = size, .stride = table.integer("stride", size, 1, 15)};
    }
    case Type::global_avg_pool:
      return GlobalAvgPool{};
    case Type::flatten:
      return Flatten{};
    case Type::dense: {
      const int units = table.integer("units", 0, 1, 4096);
      return Dense{.units = units, .activation = activation(table)};
    }
    case Type::upsample2d:
      return Upsample2d{.scale = table.integer("scale", 2, 2, 15)};
    case Type::add:
      break;
  }
  const int from = table.integer("from", 0, 0, 1000);
  return Add{.from = from, .activation = activation(table)};
}

std::vector<Layer> layers(Table network) {
  std::vector<Layer> result;
  for (Table& table : network.tables("layers", "this layer")) {
    Layer layer;
    layer.operation = operation(table);
    layer.name = table.text("name", std::format("{}_{}", type_name(layer.operation), result.size()));
    table.finish();
    result.push_back(std::move(layer));
  }
  network.finish();
  return result;
}

Input input(Table table) {
  Input result;
  result.width = table.integer("width", 64, 8, 512);
  result.height = table.integer("height", result.width, 8, 512);
  using Region = Input::Region;
  result.region =
      table.choice<Region>("region", Region::whole, {{"whole", Region::whole}, {"cell", Region::cell}});
  if (result.region == Region::cell)
    result.extent = static_cast<float>(table.number("extent", result.extent, 1, 10));
  table.channels("mean", result.mean, -10, 10);
  table.channels("std", result.std, 1e-3, 1e3);
  if (result.width == result.height)
    result.tta_margin = static_cast<float>(table.number("tta_margin", 0, 0, 100));
  table.finish();
  return result;
}

Optimiser optimiser(Table table) {
  using Type = Optimiser::Type;
  Optimiser result;
  result.type = table.choice<Type>(
      "type", Type::adam,
      {{"sgd", Type::sgd}, {"adam", Type::adam}, {"adamw", Type::adamw}, {"muon", Type::muon}});
  result.learning_rate = table.number("learning_rate", result.learning_rate, 1e-8, 10);
  if (result.type == Type::sgd || result.type == Type::muon)
    result.momentum = table.number("momentum", result.momentum, 0, 1);
  if (result.type != Type::sgd) result.epsilon = table.number("epsilon", result.epsilon, 1e-12, 1);
  result.weight_decay = table.number("weight_decay", 0, 0, 1);
  result.depth_decay = table.number("depth_decay", 1, 0.01, 1);
  table.finish();
  return result;
}

Schedule schedule(Table table) {
  using Type = Schedule::Type;
  Schedule result;
  result.type = table.choice<Type>("type", Type::constant,
                                   {{"constant", Type::constant},
                                    {"step", Type::step},
                                    {"cosine", Type::cosine},
                                    {"one_cycle", Type::one_cycle}});
  if (result.type == Type::step) {
    result.every = table.number("every", result.every, 0.01, 100'000);
    result.factor = table.number("factor", result.factor, 0, 1);
  }
  if (result.type == Type::cosine || result.type == Type::one_cycle)
    result.final = table.number("final", result.final, 0, 1);
  if (result.type != Type::one_cycle) result.warm_up = table.number("warm_up", 0, 0, 1000);
  table.finish();
  return result;
}

Augmentation augmentation(Table table) {
  using Fill = Augmentation::Fill;
  Augmentation result;
  result.rotation = table.number("rotation", 0, 0, 180);
  result.flip_horizontal = table.flag("flip_horizontal");
  result.flip_vertical = table.flag("flip_vertical");
  result.shift = table.number("shift", 0, 0, 1);
  result.scale = table.number("scale", 0, 0, 0.9);
  result.shear = table.number("shear", 0, 0, 60);
  if (result.moves())
    result.fill = table.choice<Fill>("fill", Fill::black, {{"black", Fill::black}, {"edge", Fill::edge}});
  result.gain = table.number("gain", 0, 0, 1);
  result.white_balance = table.number("white_balance", 0, 0, 1);
  result.gamma = table.number("gamma", 0, 0, 2);
  result.saturation = table.number("saturation", 0, 0, 1);
  result.hue = table.number("hue", 0, 0, 180);
  result.stain = table.number("stain", 0, 0, 1);
  result.two_tone = table.number("two_tone", 0, 0, 2);
  result.varied_strength = table.number("varied_strength", 0, 0, 1);
  result.blur = table.number("blur", 0, 0, 10);
  result.noise = table.number("noise", 0, 0, 100);
  result.jpeg = table.integer("jpeg", 100, 1, 100);
  result.erasing = table.number("erasing", 0, 0, 1);
  result.mixup = table.number("mixup", 0, 0, 1);
  result.mix_style = table.number("mix_style", 0, 0, 1);
  table.finish();
  return result;
}

/// What every network's training has.
void common_training(Table& table, Training& result) {
  result.batch = table.integer("batch", result.batch, 1, 4096);
  result.negatives = table.number("negatives", 0, 0, 0.9);
  result.ema = table.number("ema", 0, 0, 0.99999);
  result.batch_norm = table.flag("batch_norm");
  result.bfloat16 = table.flag("bfloat16");
}

Training training(Table table) {
  Training result;
  common_training(table, result);
  result.epochs = table.integer("epochs", result.epochs, 1, 100'000);
  const toml::node* patience = table.find("patience");
  result.patience = table.integer("patience", result.patience, 1, 100'000);
  using Layers = Training::Layers;
  result.layers = table.choice<Layers>(
      "layers", Layers::all, {{"all", Layers::all}, {"last", Layers::last}, {"head", Layers::head}});
  using Keep = Training::Keep;
  result.keep = table.choice<Keep>("keep", Keep::best, {{"best", Keep::best}, {"last", Keep::last}});
  if (patience && result.keep == Keep::last && result.patience < result.epochs)
    table.refuse(*patience,
                 std::format("patience does nothing with keep = \"last\", which trains all epochs: say "
                             "keep = \"best\", or leave patience out or at {} epochs.",
                             result.epochs));
  result.validation = table.number("validation", result.validation, 0.01, 0.9);
  result.samples_per_epoch = table.integer("samples_per_epoch", 0, 1, 100'000'000);
  result.balance = table.number("balance", 0, 0, 1);
  result.source_balance = table.number("source_balance", 0, 0, 1);
  table.weights("class_weights", result.class_weights.balanced, result.class_weights.by_label);
  result.label_smoothing = table.number("label_smoothing", 0, 0, 0.9);
  result.teacher_share = table.number("teacher_share", result.teacher_share, 0, 1);
  result.teacher_temperature = table.number("teacher_temperature", result.teacher_temperature, 0.1, 100);
  table.finish();
  return result;
}

/// Of a locator, whose length counts in steps; fills the rest of `locator`.
Training training(Table table, LocatorTraining& locator) {
  Training result;
  common_training(table, result);
  locator.steps = table.integer("steps", locator.steps, 1, 10'000'000);
  locator.crop = table.integer("crop", locator.crop, kLocatorStep, 1024);
  if (locator.crop % kLocatorStep != 0)
    table.refuse(std::format("crop must be a multiple of {}.", kLocatorStep));
  locator.smears = table.number("smears", 0, 0, 1000);
  locator.relabel = table.number("relabel", locator.relabel, 0.01, 1);
  locator.density = table.number("density", locator.density, 0, 1);
  table.finish();
  return result;
}

std::vector<Label> labels(Table& root) {
  std::vector<Label> result;
  for (const std::string& name : root.texts("labels")) {
    const std::string id = files::label_id(name);
    if (id.empty()) root.refuse("a label is empty.");
    if (std::ranges::contains(result, id, &Label::id)) root.refuse(std::format("{} is listed twice.", id));
    result.push_back(label_of(id));
  }
  if (result.size() == 1 && !root.find("detection"))
    root.refuse("labels must be two or more, or left to the data.");
  return result;
}

/// What `from` says takes the place of what `to` says, key by key.
void merge(toml::table&& from, toml::table& to) {
  for (auto&& [key, node] : std::move(from)) {
    toml::table* inner = to[key].as_table();
    if (inner && node.is_table())
      merge(std::move(*node.as_table()), *inner);
    else
      node.visit([&](auto& value) { to.insert_or_assign(key, std::move(value)); });
  }
}

/// Puts "training.epochs=3" into the document. Its errors name the setting in place of file and line.
void apply(const std::string& setting, toml::table& document) {
  const std::string source = "--set " + setting;
  const std::size_t equals = setting.find('=');
  if (equals == setting.npos || equals == 0)
    throw std::runtime_error(std::format("{}: give KEY=VALUE, as in training.epochs=3.", source));
  const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
  const bool is_whole = key == "name" || key == "labels" || value.find_first_of("[{") == 0;
  if (!is_whole && !key.contains('.'))
    throw std::runtime_error(std::format(
        "{}: say its table, too, as in training.epochs=3; trainer/recipes/KEYS.md lists all.", source));
  const auto parsed = [&](const std::string& written) {
    return toml::parse(std::format("{} = {}", key, written), source);
  };
  toml::table own;
  try {
    own = parsed(value);
  } catch (const toml::parse_error&) {
    own = parsed('"' + value + '"');
  }
  merge(std::move(own), document);
}

/// With numbers as short as they read back.
std::string to_text(const toml::table& document) {
  const auto written = [&](toml::format_flags more) {
    std::ostringstream text;
    text << toml::toml_formatter(document, toml::toml_formatter::default_flags | more) << "\n";
    return text.str();
  };
  const std::string brief = written(toml::format_flags::relaxed_float_precision);
  return toml::parse(brief) == document ? brief : written(toml::format_flags::none);
}

Recipe read_recipe(toml::table& document, const std::string& source);

/// How many teachers there are. What else the table says takes the place of what the recipe says, for them.
int read_members(Table table) {
  const int members = table.integer("members", 0, 1, kMostTeachers);
  if (members == 0) table.refuse("[teachers] needs members, the number of its networks.");
  for (const char* part : {"network", "optimiser", "schedule", "training", "augmentation"}) table.table(part);
  table.finish();
  return members;
}

std::vector<Recipe> read_teachers(toml::table& document, Table& root, const std::string& source) {
  if (!root.find("teachers")) return {};
  const int members = read_members(root.table("teachers"));
  toml::table own = document;
  own.erase("teachers");
  toml::table changes = std::move(*document["teachers"].as_table());
  changes.erase("members");
  merge(std::move(changes), own);
  return std::vector<Recipe>(static_cast<std::size_t>(members), read_recipe(own, source));
}

/// All but the text. `document` is taken apart.
Recipe read_recipe(toml::table& document, const std::string& source) {
  Table root(document, source, "a recipe");
  Recipe recipe;
  recipe.name = root.text("name", fs::path(source).stem().string());
  recipe.labels = labels(root);
  recipe.input = input(root.table("input"));
  recipe.layers = layers(root.table("network"));
  recipe.optimiser = optimiser(root.table("optimiser"));
  recipe.schedule = schedule(root.table("schedule"));
  if (root.find("detection")) {
    LocatorTraining& locator = recipe.locator.emplace();
    if (!recipe.labels.empty()) root.refuse("the labels of a locator are not to be chosen.");
    for (const char* id : kFoundIds) recipe.labels.push_back(label_of(id));
    locator.detection = read_detection(root.table("detection"));
    locator.sources = read_sources(root.tables("sources", "this source"));
    recipe.training = training(root.table("training"), locator);
  } else {
    recipe.training = training(root.table("training"));
    recipe.teachers = read_teachers(document, root, source);
  }
  recipe.augmentation = augmentation(root.table("augmentation"));
  root.finish();
  if (recipe.locator && recipe.layers.empty()) root.refuse("a locator needs network.layers.");
  return recipe;
}

}  // namespace

Label label_of(const std::string& id) {
  if (id == "ig") return {id, "Immature granulocyte"};
  Label label{id, id};
  std::ranges::replace(label.name, '_', ' ');
  if (!id.empty() && id[0] >= 'a' && id[0] <= 'z') label.name[0] = static_cast<char>(id[0] - 'a' + 'A');
  return label;
}

Recipe parse_recipe(std::string_view text, const std::string& source,
                    const std::vector<std::string>& settings) try {
  toml::table document = toml::parse(text, source);
  for (const std::string& setting : settings) apply(setting, document);
  std::string whole = settings.empty() ? std::string(text) : to_text(document);
  Recipe recipe = read_recipe(document, source);
  recipe.text = std::move(whole);
  return recipe;
} catch (const toml::parse_error& error) {
  throw std::runtime_error(
      std::format("{}, line {}: {}.", source, error.source().begin.line, error.description()));
}

bool same_recipe(std::string_view a, std::string_view b) try {
  return toml::parse(a) == toml::parse(b);
} catch (const toml::parse_error&) {
  return false;
}

Recipe load_recipe(const std::string& name_or_path, const fs::path& folder,
                   const std::vector<std::string>& settings) {
  fs::path path = name_or_path;
  if (path.extension() != ".toml") path = folder / (name_or_path + ".toml");
  std::ifstream stream(path);
  if (!stream) {
    if (path == fs::path(name_or_path)) {
      const std::string name = path.stem().string();
      throw std::runtime_error(std::format(
          "There is no file {}.{}", name_or_path,
          fs::exists(folder / path.filename())
              ? std::format(" The recipe of that name that comes with Leukolens is --recipe {}.", name)
              : ""));
    }
    std::vector<std::string> known;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
    std::ranges::sort(known);
    throw std::runtime_error(
        std::format("There is no recipe \"{}\".{}", name_or_path, files::suggestion(name_or_path, known)));
  }
  return parse_recipe(std::string(std::istreambuf_iterator(stream), {}), path.filename().string(), settings);
}

Model model_of(const Recipe& recipe, const std::vector<Label>& labels) {
  if (recipe.layers.empty())
    throw std::runtime_error(
        std::format("Recipe {} has no network: it goes on from a model, fit --from MODEL.", recipe.name));
  Model model;
  model.name = recipe.name;
  model.labels = labels;
  model.input = recipe.input;
  model.layers = recipe.layers;
  if (recipe.locator) model.detection = recipe.locator->detection;
  const int classes = static_cast<int>(labels.size());
  if (auto* last = std::get_if<Dense>(&model.layers.back().operation); last && last->units == 0)
    last->units = classes;
  const Result<std::vector<Shape>> shapes = infer_shapes(model);
  if (!shapes) throw std::runtime_error(std::format("Recipe {}: {}", recipe.name, shapes.error().message));
  return model;
}

}  // namespace leukolens::train
