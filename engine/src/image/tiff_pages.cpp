#include "image/tiff_pages.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace leukolens {
namespace {

constexpr std::size_t kMostPages = 64;  // that are looked at

std::string size_text(const TiffPage& page) {
  return std::to_string(page.width) + " x " + std::to_string(page.height);
}

TiffPage present(const TiffFile& file, std::uint16_t index, std::uint64_t offset) {
  TiffPage page{index, offset};
  TIFFGetField(file.get(), TIFFTAG_IMAGEWIDTH, &page.width);
  TIFFGetField(file.get(), TIFFTAG_IMAGELENGTH, &page.height);
  return page;
}

std::vector<TiffPage> chain_of(TiffFile& file) {
  std::vector<TiffPage> pages{present(file, 0, 0)};
  while (pages.size() < kMostPages && TIFFReadDirectory(file.get()))
    pages.push_back(present(file, static_cast<std::uint16_t>(pages.size()), 0));
  return pages;
}

// Where OME-TIFF keeps its levels.
std::vector<TiffPage> beneath(TiffFile& file) {
  std::uint16_t count = 0;
  std::uint64_t* offsets = nullptr;
  if (!TIFFGetField(file.get(), TIFFTAG_SUBIFD, &count, &offsets)) return {};
  const std::vector<std::uint64_t> places(offsets, offsets + std::min<std::size_t>(count, kMostPages));
  std::vector<TiffPage> pages;
  for (const std::uint64_t offset : places)
    if (TIFFSetSubDirectory(file.get(), offset)) pages.push_back(present(file, 0, offset));
  return pages;
}

// The same picture, smaller: rounding leaves the ratio of its sides within a pixel.
bool is_level_of(const TiffPage& page, const TiffPage& whole) {
  const std::uint64_t one = std::uint64_t{page.width} * whole.height,
                      other = std::uint64_t{page.height} * whole.width;
  const std::uint64_t slack = 2 * std::uint64_t{std::max(whole.width, whole.height)};
  return page.width < whole.width && page.width > 0 && page.height > 0 &&
         (one > other ? one - other : other - one) <= slack;
}

std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (const char c : text.substr(at + key.size(), 9)) {
    if (c < '0' || c > '9') break;
    value = 10 * value + static_cast<std::uint64_t>(c - '0');
    ++digits;
  }
  return digits > 0 ? std::optional(value) : std::nullopt;
}

// Which of three channels is red, green, blue: by their names where those say it, else in order.
std::array<std::size_t, 3> colours_of(std::string_view ome) {
  std::array<std::size_t, 3> channel{0, 1, 2};
  std::size_t index = 0;
  unsigned found = 0;
  for (std::size_t at = ome.find("<Channel"); at != std::string_view::npos && index < 3;
       at = ome.find("<Channel", at + 1), ++index) {
    const std::string_view tag = ome.substr(at, ome.find('>', at) - at);
    const std::size_t name = tag.find(" Name=\"");
    if (name == std::string_view::npos || name + 7 >= tag.size()) continue;
    const std::size_t colour = std::string_view("rgb").find(static_cast<char>(tag[name + 7] | 0x20));
    if (colour == std::string_view::npos || found >> colour & 1) continue;
    channel[colour] = index;
    found |= 1u << colour;
  }
  return found == 7 ? channel : std::array<std::size_t, 3>{0, 1, 2};
}

// The pages of red, green and blue, by what OME-XML or ImageJ say of the order of planes.
std::optional<std::array<std::size_t, 3>> planes_by(std::string_view text) {
  if (text.starts_with("ImageJ=")) {
    if (number_behind(text, "\nchannels=") != 3) return std::nullopt;
    return std::array<std::size_t, 3>{0, 1, 2};
  }
  if (text.find("<OME") == std::string_view::npos || number_behind(text, "SizeC=\"") != 3)
    return std::nullopt;
  const std::size_t order = text.find("DimensionOrder=\"XY");
  if (order == std::string_view::npos) return std::nullopt;
  std::uint64_t step = 1;
  for (const char dimension : text.substr(order + 18, 3)) {
    if (dimension == 'C') break;
    step *= number_behind(text, dimension == 'Z' ? "SizeZ=\"" : "SizeT=\"").value_or(1);
  }
  std::array<std::size_t, 3> planes = colours_of(text);
  for (std::size_t& plane : planes) plane *= std::min<std::uint64_t>(step, kMostPages);
  return planes;
}

bool join_planes(TiffFile& file, const std::vector<TiffPage>& pages, TiffChoice& choice) {
  if (file.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1) != 1) return false;
  const auto planes = planes_by(file.text(TIFFTAG_IMAGEDESCRIPTION));
  if (!planes) return false;
  for (const std::size_t index : *planes) {
    if (index >= pages.size() || pages[index].width != pages[0].width ||
        pages[index].height != pages[0].height)
      return false;
    choice.planes.push_back(pages[index]);
  }
  choice.notes.emplace_back("Its red, green and blue lie on pages of their own and were joined.");
  return true;
}

}  // namespace

bool select(TiffFile& file, const TiffPage& page) {
  return page.offset ? TIFFSetSubDirectory(file.get(), page.offset)
                     : TIFFSetDirectory(file.get(), page.index);
}

Result<TiffChoice> choose_tiff_page(TiffFile& file) {
  const std::vector<TiffPage> pages = chain_of(file);
  if (!select(file, pages[0])) return file.damaged();
  TiffChoice choice{pages[0], {}, 1, {}};
  const TiffPage& whole = pages[0];
  const bool joined = pages.size() >= 3 && join_planes(file, pages, choice);
  const auto same_size = std::ranges::count_if(
      pages, [&](const TiffPage& page) { return page.width == whole.width && page.height == whole.height; });
  if (!joined && same_size > 1)
    choice.notes.push_back("The first of its " +
                           (pages.size() < kMostPages ? std::to_string(same_size) : "many") +
                           " pages was read.");

  const auto reduction = reduction_of(whole.width, whole.height);
  if (reduction && *reduction == 1) return choice;
  std::vector<TiffPage> levels{whole};
  if (!joined) {
    std::ranges::copy_if(beneath(file), std::back_inserter(levels),
                         [&](const TiffPage& page) { return is_level_of(page, whole); });
    std::ranges::copy_if(pages, std::back_inserter(levels),
                         [&](const TiffPage& page) { return is_level_of(page, whole); });
  }
  // The level that shows most once it is reduced; of equal ones that which needs it least.
  const auto shown = [](const TiffPage& page) {
    const auto by = static_cast<std::uint32_t>(reduction_of(page.width, page.height).value_or(0));
    return by == 0 ? std::pair{0u, 0} : std::pair{(page.width + by - 1) / by, -static_cast<int>(by)};
  };
  const TiffPage level = *std::ranges::max_element(levels, {}, shown);
  if (shown(level).first == 0) return std::unexpected(reduction.error());
  choice.page = level;
  choice.reduction = -shown(level).second;
  if (level.width != whole.width)
    choice.notes.push_back("Of its levels, the largest with " + size_text(whole) + " pixels, that of " +
                           size_text(level) + " was read.");
  if (!select(file, choice.page)) return file.damaged();
  return choice;
}

}  // namespace leukolens
