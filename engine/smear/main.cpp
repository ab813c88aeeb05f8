// leukolens-smear: writes drawn smears as image files, labelled by folder or by a table of boxes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "encode.h"
#include "files/option_range.h"
#include "leukolens/notice.h"
#include "model/json_reader.h"
#include "random.h"
#include "smear.h"

namespace leukolens::smear {
namespace {

struct Order {
  std::filesystem::path out;
  std::vector<Cell> cells;
  int count = 10;
  std::uint64_t seed = 1;
  std::string size = "320x240";
  double scale = 1;
  std::string format = "png";
  int quality = 92;
  bool field = false;
  double red_cells = 1;
  std::filesystem::path scenes;
};

std::runtime_error cannot_write(const std::filesystem::path& path) {
  return std::runtime_error("Cannot write " + path.string() +
                            ": check that the folder is writable and the disk not full.");
}

void make_folder(const std::filesystem::path& path) {
  std::error_code refused;
  std::filesystem::create_directories(path, refused);
  if (refused) throw cannot_write(path);
}

void write(const std::filesystem::path& path, const Image& image, int quality) {
  const Bytes bytes = path.extension() == ".jpg" ? encode_jpeg(image, quality) : encode_png(image);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw cannot_write(path);
}

/// A scene without cells yet; laboratory and density vary with the number of the drawing.
Scene scene_of(const Order& order, Random& random) {
  Scene scene;
  scene.seed = random.next();
  std::sscanf(order.size.c_str(), "%dx%d", &scene.width, &scene.height);
  scene.scale = order.scale;
  scene.stain = random.between(-1.0, 1.0);
  scene.red_cells = order.red_cells * random.between(0.7, 1.1);
  scene.platelets = random.between(0, 4);
  return scene;
}

void draw_cells(const Order& order) {
  for (const Cell cell : order.cells) {
    const std::filesystem::path folder = order.out / id(cell);
    make_folder(folder);
    Random random(mix(order.seed) + static_cast<std::uint64_t>(cell));  // another stream for each class
    for (int i = 1; i <= order.count; ++i) {
      Scene scene = scene_of(order, random);
      scene.cells = {cell};
      write(folder / std::format("{}_{:05}.{}", id(cell), i, order.format), draw(scene).image, order.quality);
    }
  }
}

void draw_fields(const Order& order) {
  constexpr int kPixelsPerCell = 20'000;  // at scale 1: leaves room between the cells
  make_folder(order.out);
  std::ofstream boxes(order.out / "boxes.csv");
  boxes << "image,label,xmin,ymin,xmax,ymax\n";
  std::ofstream counts(order.out / "red-cells.csv");
  counts << "image,red_cells\n";
  Random random(order.seed);
  for (int i = 1; i <= order.count; ++i) {
    Scene scene = scene_of(order, random);
    const double room = scene.width / scene.scale * (scene.height / scene.scale) / kPixelsPerCell;
    const int cells = random.between(1, std::max(1, static_cast<int>(room)));
    while (static_cast<int>(scene.cells.size()) < cells) {
      scene.cells.push_back(order.cells[random.next() % order.cells.size()]);
    }
    const std::string name = std::format("field_{:05}.{}", i, order.format);
    const Smear smear = draw(scene);
    write(order.out / name, smear.image, order.quality);
    for (const auto& [cell, box] : smear.cells) {
      boxes << std::format("{},{},{},{},{},{}\n", name, id(cell), box.x, box.y, box.x + box.width,
                           box.y + box.height);
    }
    counts << std::format("{},{}\n", name, smear.red_cells);
  }
  if (!boxes.flush()) throw cannot_write(order.out / "boxes.csv");
  if (!counts.flush()) throw cannot_write(order.out / "red-cells.csv");
}

/// One of the scenes of a golden file (models/NAME.golden.json): {cell, seed, width, height, scale, stain}.
Scene read_scene(const Json& item) {
  const auto number = [&](std::string_view key) {
    const Json* value = item.find(key);
    return value && value->kind == Json::Kind::number ? value->number : 0;
  };
  Scene scene{.seed = static_cast<std::uint64_t>(number("seed")),
              .width = static_cast<int>(number("width")),
              .height = static_cast<int>(number("height")),
              .scale = number("scale"),
              .stain = number("stain")};
  const Json* name = item.find("cell");
  for (int cell = 0; name && cell < kCells; ++cell) {
    if (id(Cell{cell}) == name->string) scene.cells = {Cell{cell}};
  }
  const auto fits = [](int side) { return side >= 32 && side <= kMaxSide; };
  if (scene.cells.empty() || !fits(scene.width) || !fits(scene.height) || scene.scale < 0.25 ||
      scene.scale > 4)
    throw std::runtime_error("A scene must name its cell and have a width and height from 32 to " +
                             std::to_string(kMaxSide) + " and a scale from 0.25 to 4.");
  return scene;
}

void draw_scenes(const Order& order) {
  std::ifstream file(order.scenes, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto golden = Json::parse(text);
  const Json* images = golden ? golden->find("images") : nullptr;
  if (!images)
    throw std::runtime_error(order.scenes.string() + " holds no list of images: pass a golden.json.");
  make_folder(order.out);
  for (std::size_t i = 0; i < images->items.size(); ++i)
    write(order.out / std::format("scene_{:05}.{}", i + 1, order.format),
          draw(read_scene(images->items[i])).image, order.quality);
}

std::string check_size(const std::string& text) {
  int width = 0, height = 0, end = 0;
  const bool read = std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &end) == 2 &&
                    text.size() == static_cast<std::size_t>(end);
  const bool fits = width >= 32 && width <= kMaxStoredSide && height >= 32 && height <= kMaxStoredSide &&
                    std::int64_t{width} * height <= kMaxStoredPixels;
  if (read && fits) return "";
  return std::format("Write the size as WIDTHxHEIGHT in pixels, each from 32 to {}, together at most {}.",
                     kMaxStoredSide, kMaxStoredPixels);
}

int run(int argc, char** argv) {
  Order order;
  std::vector<std::string> names, chosen;
  for (int i = 0; i < kCells; ++i) names.emplace_back(id(Cell{i}));
  CLI::App app{std::format("Draws stained blood smears. {}", kNotice)};
  app.add_option("--out", order.out, "folder to write to: one folder a class, or fields with boxes.csv")
      ->required();
  app.add_option("--scenes", order.scenes, "draw the scenes of a model's golden.json, and nothing else")
      ->check(CLI::ExistingFile);
  app.add_option("--cells", chosen, "classes to draw, separated by commas (default: all eight)")
      ->delimiter(',')
      ->transform(CLI::IsMember(names, CLI::ignore_case));
  app.add_option("--count", order.count, "drawings, of each class or of fields")
      ->check(CLI::Range(1, 99'999))
      ->capture_default_str();
  app.add_option("--seed", order.seed, "same seed, same drawings")->capture_default_str();
  app.add_option("--size", order.size, "width x height in pixels")->check(check_size)->capture_default_str();
  app.add_option("--scale", order.scale, "1: a red cell is 50 pixels wide")
      ->check(files::between(0.25, 4))
      ->capture_default_str();
  app.add_option("--red-cells", order.red_cells, "1: as many red cells as in a usual field")
      ->check(files::between(0, 10))
      ->capture_default_str();
  app.add_option("--format", order.format, "png or jpg")
      ->check(CLI::IsMember({"png", "jpg"}))
      ->capture_default_str();
  app.add_option("--quality", order.quality, "of a jpg")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_flag(
      "--field", order.field,
      "several cells in each drawing, their boxes in boxes.csv, the number of red cells in red-cells.csv");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  for (const std::string& name : chosen.empty() ? names : chosen) {
    order.cells.push_back(Cell{static_cast<int>(std::ranges::find(names, name) - names.begin())});
  }
  if (!order.scenes.empty()) {
    draw_scenes(order);
  } else if (order.field) {
    draw_fields(order);
  } else {
    draw_cells(order);
  }
  return 0;
}

}  // namespace
}  // namespace leukolens::smear

int main(int argc, char** argv) {
  try {
    return leukolens::smear::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leukolens-smear: %s\n", error.what());
    return 1;
  }
}
