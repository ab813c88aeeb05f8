#include "locator/marked_images.h"

#include <algorithm>
#include <format>
#include <map>
#include <queue>
#include <stdexcept>

#include "files/dataset.h"
#include "smear.h"
#include "support/files.h"
#include "support/random.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

/// Of one source, with the rows that name each image.
using Rows = std::map<std::string, std::vector<const files::Item*>>;

void add_boxes(MarkedImage& image, const std::vector<const files::Item*>& rows) {
  for (const files::Item* row : rows) {
    if (!row->box || row->label == "rbc") continue;  // BCCD has boxes of no width
    if (row->label != "wbc" && row->label != "platelets")
      throw std::runtime_error(
          std::format("\"{}\", a box of {}, is no kind of box: it must be WBC, RBC or Platelets.", row->label,
                      row->source));
    image.marks.push_back(
        {row->label == "wbc" ? Found::white_cell : Found::platelet, to_box(*row->box), true});
  }
}

/// The box of the part of the mask that is not black and lies nearest to its middle.
Box box_of_mask(const Image& mask) {
  const int width = mask.width, height = mask.height;
  const auto is_cell = [&](int at) { return mask.rgb[std::size_t(3) * at] > 63; };
  int start = -1;
  double nearest = 1e18;
  for (int at = 0; at < width * height; ++at) {
    if (!is_cell(at)) continue;
    const int row = at / width;
    const double dx = at % width - width / 2.0, dy = row - height / 2.0;
    if (dx * dx + dy * dy < nearest) nearest = dx * dx + dy * dy, start = at;
  }
  if (start < 0) return {};
  std::vector<bool> seen(std::size_t(width) * height);
  std::queue<int> open;
  open.push(start);
  seen[start] = true;
  int left = width, right = 0, top = height, bottom = 0;
  while (!open.empty()) {
    const int at = open.front(), x = at % width, y = at / width;
    open.pop();
    left = std::min(left, x), right = std::max(right, x + 1);
    top = std::min(top, y), bottom = std::max(bottom, y + 1);
    for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const int next = at + dx + dy * width;
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height || seen[next] || !is_cell(next))
        continue;
      seen[next] = true;
      open.push(next);
    }
  }
  return {double(left), double(top), double(right), double(bottom)};
}

/// A cell in the middle; what is around it nobody has said.
void add_crop(MarkedImage& marked, const Image& pixels, const LocatorSource& source, const fs::path& data) {
  const Found what = shows_platelet(marked) ? Found::platelet : Found::white_cell;
  marked.complete = {false, false};
  if (source.masks.empty()) {
    const double half = source.diameter / (what == Found::platelet ? 6 : 2);
    const double x = pixels.width / 2.0, y = pixels.height / 2.0;
    marked.marks.push_back({what, {x - half, y - half, x + half, y + half}, false});
    return;
  }
  const fs::path path = data / source.masks / fs::path(marked.name).filename().replace_extension(".png");
  const Image mask = value_or_throw(decode(value_or_throw(files::read_file(path))));
  if (mask.width != pixels.width || mask.height != pixels.height)
    throw std::runtime_error(std::format("{} has another size than its image.", path.string()));
  marked.truth = box_of_mask(mask);
  if (marked.truth.area() == 0) throw std::runtime_error(std::format("{} shows no cell.", path.string()));
  marked.marks.push_back({what, marked.truth, true});
}

MarkedImage marked_image(const files::Dataset& data, const std::vector<const files::Item*>& rows,
                         const LocatorSource& source, const fs::path& root) {
  MarkedImage marked{.name = rows.front()->source};
  marked.file = value_or_throw(data.read(*rows.front()));
  Result<Image> pixels = decode(marked.file);
  if (!pixels) throw std::runtime_error(std::format("{}: {}", marked.name, pixels.error().message));
  marked.folder = rows.front()->label;
  marked.complete = {true, source.platelets};
  if (source.kind == LocatorSource::Kind::boxes) add_boxes(marked, rows);
  const bool is_crop = source.kind == LocatorSource::Kind::crops;
  if (is_crop) add_crop(marked, *pixels, source, root);
  if (!is_crop || !source.masks.empty()) {
    marked.pixels = std::move(*pixels);
    marked.file.clear();
  }
  return marked;
}

}  // namespace

Box intersection(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

double overlap(const Box& a, const Box& b) {
  const Box common = intersection(a, b);
  if (common.width() <= 0 || common.height() <= 0) return 0;
  return common.area() / (a.area() + b.area() - common.area());
}

Image pixels_of(const MarkedImage& marked) {
  return marked.file.empty() ? marked.pixels : value_or_throw(decode(marked.file));
}

std::vector<MarkedImage> load_marked_images(const LocatorTraining& recipe, const fs::path& data,
                                            FoldChoice choice) {
  std::vector<MarkedImage> images;
  for (std::size_t s = 0; s < recipe.sources.size(); ++s) {
    const LocatorSource& source = recipe.sources[s];
    // A folder of images has no labels: seen from above, it is one.
    const bool is_folder = source.kind == LocatorSource::Kind::empty;
    const fs::path path = (data / source.path).lexically_normal();
    const files::Dataset files = value_or_throw(files::Dataset::open(is_folder ? path.parent_path() : path));
    Rows rows;
    for (const files::Item& item : files.items()) {
      const fs::path image = item.source;
      if (is_folder && *image.begin() != path.filename()) continue;
      if (!std::ranges::contains(source.leave_out, image.filename().string()))
        rows[item.source].push_back(&item);
    }
    if (rows.empty()) throw std::runtime_error(std::format("There is no image in {}.", source.path));
    int number = 0;
    for (const auto& [name, of_image] : rows) {
      MarkedImage image = marked_image(files, of_image, source, data);
      image.source = static_cast<int>(s);
      image.is_seen = choice.folds == 0 || number++ % choice.folds != choice.fold;
      images.push_back(std::move(image));
    }
  }
  return images;
}

std::vector<MarkedImage> draw_marked_smears(int count, int source, std::uint64_t seed) {
  std::vector<MarkedImage> images;
  for (int i = 0; i < count; ++i) {
    Random random(seed, static_cast<std::uint64_t>(i));
    smear::Scene look;
    look.seed = random();
    look.width = 160 + 32 * static_cast<int>(random.below(9));
    look.height = 160 + 32 * static_cast<int>(random.below(7));
    look.scale = random.uniform(0.3, 1.4);
    look.red_cells = random.uniform() < 0.15 ? 0 : random.uniform(0.3, 1.3);
    look.platelets = 0;  // those are drawn without telling where
    look.stain = random.uniform(-1, 1);
    look.noise = random.uniform(0, 2);
    const double area = look.width * look.height / (look.scale * look.scale);
    const auto most = static_cast<std::size_t>(1 + area / 40'000);
    const std::size_t cells = random.uniform() < 0.15 ? 0 : 1 + random.below(most),
                      platelets = random.below(most + 3);
    for (std::size_t k = 0; k < cells; ++k)
      look.cells.push_back(static_cast<smear::Cell>(random.below(smear::kCells - 1)));
    for (std::size_t k = 0; k < platelets; ++k) look.cells.push_back(smear::Cell::platelet);
    smear::Smear drawn = smear::draw(look);
    MarkedImage image{.name = std::format("drawn smear {}", i + 1), .source = source};
    image.pixels = std::move(drawn.image);
    image.complete = {true, true};
    for (const smear::Drawn& cell : drawn.cells) {
      if (cell.box.width > 0 && cell.box.height > 0)
        image.marks.push_back({cell.cell == smear::Cell::platelet ? Found::platelet : Found::white_cell,
                               to_box(cell.box), true});
    }
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace leukolens::train
