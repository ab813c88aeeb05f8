// locate_study LOCATOR DATA: how well a locator finds the white cells that people boxed in DATA/bccd, in even
// light and in light that falls off, and in DATA/fields/eyepiece, and the one cell in the middle of each crop
// of DATA/pbc.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../engine/overlap.h"
#include "files/dataset.h"
#include "leukolens/locator.h"
#include "leukolens/metrics.h"

namespace fs = std::filesystem;
using namespace leukolens;

namespace {

Result<Image> read(const fs::path& path) {
  return files::read_file(path).and_then([](const auto& bytes) { return decode(bytes); });
}

bool holds(const Rect& box, double x, double y) {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}

// The boxes of white cells by image; an image without any has an empty list.
std::map<std::string, std::vector<Rect>> read_boxes(const fs::path& folder) {
  std::map<std::string, std::vector<Rect>> boxes;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / "images"))
    boxes["images/" + entry.path().filename().string()] = {};
  const files::Dataset annotated = files::Dataset::open(folder / "boxes.csv").value();
  for (const files::Item& item : annotated.items())
    if (item.label == "wbc" && item.box) boxes[item.source].push_back(*item.box);
  return boxes;
}

void print_share(const char* what, std::size_t part, std::size_t whole) {
  const Interval interval = wilson(part, whole);
  std::printf("  %s: %zu of %zu = %.4f [%.4f, %.4f]\n", what, part, whole, double(part) / double(whole),
              interval.low, interval.high);
}

// `names`: also prints which images a cell was missed on, or found that has no box.
void measure_fields(Locator& locator, const fs::path& folder, bool names) {
  std::size_t boxes = 0, hit = 0, centred = 0, found = 0, unboxed_images = 0, found_there = 0;
  double overlaps = 0;
  for (const auto& [name, expected] : read_boxes(folder)) {
    const Result<Image> image = read(folder / name);
    if (!image) continue;
    std::vector<Located> cells = locator.locate(*image).value().cells;
    boxes += expected.size();
    (expected.empty() ? found_there : found) += cells.size();
    unboxed_images += expected.empty();
    for (const Rect& box : expected) {
      centred += std::ranges::any_of(cells, [&](const Located& cell) { return holds(box, cell.x, cell.y); });
      const auto best =
          std::ranges::max_element(cells, {}, [&](const Located& cell) { return overlap(cell.box, box); });
      if (best == cells.end() || overlap(best->box, box) < 0.5) {
        if (names) std::printf("  missed: %s\n", name.c_str());
        continue;
      }
      ++hit;
      overlaps += overlap(best->box, box);
      cells.erase(best);
    }
    if (names && !expected.empty() && !cells.empty()) std::printf("  not boxed: %s\n", name.c_str());
  }
  print_share("recall at IoU 0.5", hit, boxes);
  print_share("precision at IoU 0.5, images with boxes", hit, found);
  print_share("precision at IoU 0.5, all images", hit, found + found_there);
  print_share("a centre inside the box", centred, boxes);
  std::printf("  mean IoU %.3f; %zu images have no box of a white cell\n", overlaps / double(hit),
              unboxed_images);
}

// An eyepiece's light: full in the middle, less by `loss` in the corners, by the square of the distance.
Image darken_edges(Image image, double loss) {
  const double x_middle = image.width / 2.0, y_middle = image.height / 2.0;
  const double corner = x_middle * x_middle + y_middle * y_middle;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const double across = x - x_middle, down = y - y_middle;
      const double light = 1 - loss * (across * across + down * down) / corner;
      std::uint8_t* pixel = &image.rgb[(std::size_t(y) * image.width + x) * 3];
      for (int channel = 0; channel < 3; ++channel) pixel[channel] = std::uint8_t(pixel[channel] * light);
    }
  return image;
}

// What is found still, and whether the red cells keep their size: a network's cut is measured by them.
void measure_uneven_light(Locator& locator, const fs::path& bccd) {
  for (const double loss : {0.1, 0.2, 0.45, 0.6}) {
    std::size_t boxes = 0, hit = 0, found = 0, images = 0, same_size = 0;
    for (const auto& [name, expected] : read_boxes(bccd)) {
      const Result<Image> image = read(bccd / name);
      if (!image || expected.empty()) continue;
      const Field field = locator.locate(darken_edges(*image, loss)).value(),
                  known = locator.locate(*image).value();
      boxes += expected.size();
      found += field.cells.size();
      for (const Rect& box : expected)
        hit += std::ranges::any_of(field.cells, [&](const Located& c) { return overlap(c.box, box) >= 0.5; });
      ++images;
      same_size += std::abs(std::log(field.red_cell / known.red_cell)) < 0.15;
    }
    std::printf("  corners darker by %.0f %%\n", 100 * loss);
    print_share("  recall at IoU 0.5", hit, boxes);
    print_share("  precision at IoU 0.5", hit, found);
    print_share("  red cells as large as in even light (15 %)", same_size, images);
  }
}

void measure_pbc(Locator& locator, const fs::path& folder) {
  std::size_t images = 0, one = 0, several = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const Result<Image> image = read(entry.path());
    if (!image) continue;
    const Field field = locator.locate(*image).value();
    const auto central = std::ranges::count_if(field.cells, [&](const Located& cell) {
      return holds(cell.box, image->width / 2.0, image->height / 2.0);
    });
    ++images;
    one += central == 1;
    several += central > 1;
  }
  std::printf("%s\n", folder.filename().c_str());
  print_share("one cell holds the middle", one, images);
  std::printf("  several do: %zu\n", several);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: locate_study LOCATOR DATA (a folder that holds bccd, fields or pbc)\n", stderr);
    return 2;
  }
  auto loaded = files::read_file(argv[1]).and_then([](const auto& bytes) { return Locator::load(bytes); });
  if (!loaded) {
    std::fprintf(stderr, "%s: %s\n", argv[1], loaded.error().message.c_str());
    return 1;
  }
  Locator& locator = *loaded;
  const fs::path data = argv[2];
  if (fs::exists(data / "bccd")) {
    std::puts("bccd");
    measure_fields(locator, data / "bccd", true);
    measure_uneven_light(locator, data / "bccd");
  }
  if (fs::exists(data / "fields/eyepiece")) {
    std::puts("fields/eyepiece");
    measure_fields(locator, data / "fields/eyepiece", false);
  }
  if (!fs::exists(data / "pbc")) return 0;
  for (const fs::directory_entry& folder : fs::directory_iterator(data / "pbc"))
    measure_pbc(locator, folder.path());
}
