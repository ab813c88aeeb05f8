#include "image/tiff_pages.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace leukolens {
namespace {

constexpr std::size_t kMostImages = 10'000;    // of a chain that are looked at
constexpr std::uint64_t kMostEntries = 4'096;  // of a directory, as for libtiff
constexpr std::size_t kMostBeneath = 64;       // levels of a page that are looked at

// Reads of a file's directories (TIFF 6.0, section 2, and BigTIFF) what sizes their images have. libtiff
// would read all else that each of them holds, too.
class Directories {
 public:
  explicit Directories(Bytes file) : file_(file), big_endian_(file[0] == 'M'), big_(number(2, 2) == 43) {}

  // One after another.
  std::vector<TiffImage> chain() const {
    std::vector<TiffImage> images;
    std::uint64_t next = big_ ? number(8, 8) : number(4, 4);
    const auto is_known = [&](const TiffImage& image) { return image.offset == next; };
    while (next != 0 && images.size() < kMostImages && std::ranges::none_of(images, is_known)) {
      const Entries entries = entries_at(next);
      if (entries.end == 0) break;
      images.push_back(image_at(next));
      next = number(entries.end, big_ ? 8 : 4);
    }
    return images;
  }

  // Without a size where there is no directory.
  TiffImage image_at(std::uint64_t offset) const {
    return {offset, value(offset, TIFFTAG_IMAGEWIDTH), value(offset, TIFFTAG_IMAGELENGTH),
            value(offset, TIFFTAG_SUBFILETYPE)};
  }

  // What an entry holds, where that has a byte a piece.
  Bytes bytes_of(std::uint64_t offset, std::uint64_t tag) const {
    const std::uint64_t entry = entry_of(offset, tag), word = big_ ? 8 : 4, type = number(entry + 2, 2);
    if (entry == 0 || (type != TIFF_UNDEFINED && type != TIFF_BYTE)) return {};
    const std::uint64_t count = number(entry + 4, word), room = entry + 4 + word;
    const std::uint64_t at = count <= word ? room : number(room, word);
    if (at > file_.size() || count > file_.size() - at) return {};
    return file_.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(count));
  }

 private:
  struct Entries {
    std::uint64_t first = 0, end = 0;  // 0: there are none
  };
  Entries entries_at(std::uint64_t offset) const {
    const std::uint64_t count = number(offset, big_ ? 8 : 2), first = offset + (big_ ? 8 : 2);
    const std::uint64_t end = first + std::min(count, kMostEntries) * (big_ ? 20 : 12);
    return count > 0 && count <= kMostEntries && offset < file_.size() && end <= file_.size()
               ? Entries{first, end}
               : Entries{};
  }
  // Zero beyond the file.
  std::uint64_t number(std::uint64_t at, std::uint64_t size) const {
    if (at > file_.size() || size > file_.size() - at) return 0;
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < size; ++i)
      value = value << 8 | file_[static_cast<std::size_t>(at + (big_endian_ ? i : size - 1 - i))];
    return value;
  }
  // Zero where there is none.
  std::uint64_t entry_of(std::uint64_t offset, std::uint64_t tag) const {
    const Entries entries = entries_at(offset);
    for (std::uint64_t at = entries.first; at < entries.end; at += big_ ? 20 : 12)
      if (number(at, 2) == tag) return at;
    return 0;
  }
  // Of an entry with a single number; zero where there is none.
  std::uint32_t value(std::uint64_t offset, std::uint64_t tag) const {
    const std::uint64_t entry = entry_of(offset, tag);
    if (entry == 0) return 0;
    const std::uint64_t type = number(entry + 2, 2);
    const std::uint64_t size = type == TIFF_SHORT           ? 2
                               : type == TIFF_LONG          ? 4
                               : type == TIFF_LONG8 && big_ ? 8
                                                            : 0;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(number(entry + (big_ ? 12 : 8), size), UINT32_MAX));
  }

  Bytes file_;
  bool big_endian_;
  bool big_;
};

std::string size_text(const TiffImage& image) {
  return std::to_string(image.width) + " x " + std::to_string(image.height);
}

bool is_as_large(const TiffImage& one, const TiffImage& other) {
  return one.width == other.width && one.height == other.height;
}

// Where OME-TIFF keeps the levels of the present directory.
std::vector<TiffImage> beneath(const TiffFile& file, const Directories& directories) {
  std::uint16_t count = 0;
  std::uint64_t* offsets = nullptr;
  std::vector<TiffImage> images;
  if (!TIFFGetField(file.get(), TIFFTAG_SUBIFD, &count, &offsets)) return images;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, kMostBeneath); ++i)
    images.push_back(directories.image_at(offsets[i]));
  return images;
}

bool is_thumbnail(const TiffImage& image) { return (image.kind & FILETYPE_REDUCEDIMAGE) != 0; }

// Cameras and scanners may put a thumbnail in front: the picture comes behind it, or lies beneath it.
void leave_out_thumbnails(const TiffFile& file, const Directories& directories,
                          std::vector<TiffImage>& chain) {
  if (!is_thumbnail(chain[0])) return;
  std::ranges::copy(beneath(file, directories), std::back_inserter(chain));
  const auto picture = std::ranges::find_if_not(chain, is_thumbnail);
  if (picture != chain.end()) chain.erase(chain.begin(), picture);
}

// The same picture, smaller: rounding leaves the ratio of its sides within a pixel.
bool is_level_of(const TiffImage& image, const TiffImage& whole) {
  const std::uint64_t one = std::uint64_t{image.width} * whole.height,
                      other = std::uint64_t{image.height} * whole.width;
  const std::uint64_t slack = 2 * std::uint64_t{std::max(whole.width, whole.height)};
  return image.width < whole.width && image.width > 0 && image.height > 0 &&
         (one > other ? one - other : other - one) <= slack;
}

// Behind the first `key` that begins a word: OME-XML has a SizeZ and, before it, a PhysicalSizeZ.
std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view key) {
  std::size_t at = text.find(key);
  while (at != std::string_view::npos && at > 0 && text[at - 1] > ' ') at = text.find(key, at + 1);
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

// Where the red, the green and the blue of each page lie in the chain, by what OME-XML or ImageJ say of the
// order of planes.
struct Planes {
  std::array<std::size_t, 3> channels{0, 1, 2};  // of red, green and blue
  std::uint64_t slices = 1, frames = 1;
  std::uint64_t channel_step = 1, slice_step = 1, frame_step = 1;

  std::uint64_t at(std::size_t colour, std::uint64_t page) const {
    return channels[colour] * channel_step + page % slices * slice_step + page / slices * frame_step;
  }
};

std::optional<Planes> planes_by(std::string_view text) {
  const bool is_imagej = text.starts_with("ImageJ=");
  if (!is_imagej && text.find("<OME") == std::string_view::npos) return std::nullopt;
  if (number_behind(text, is_imagej ? "channels=" : "SizeC=\"") != 3) return std::nullopt;
  const auto count = [&](std::string_view key) {
    return std::max<std::uint64_t>(number_behind(text, key).value_or(1), 1);
  };
  Planes planes;
  planes.slices = count(is_imagej ? "slices=" : "SizeZ=\"");
  planes.frames = count(is_imagej ? "frames=" : "SizeT=\"");
  std::string_view order = "CZT";
  if (!is_imagej) {
    planes.channels = colours_of(text);
    const std::size_t at = text.find("DimensionOrder=\"XY");
    if (at == std::string_view::npos) return std::nullopt;
    order = text.substr(at + 18, 3);
  }
  std::uint64_t step = 1;
  for (const char dimension : order) {
    (dimension == 'C'   ? planes.channel_step
     : dimension == 'Z' ? planes.slice_step
                        : planes.frame_step) = step;
    step *= dimension == 'C' ? 3 : dimension == 'Z' ? planes.slices : planes.frames;
  }
  return planes;
}

// How many pages there are whose three planes are all there, as large as the first; 0: planes are pages.
std::uint64_t whole_pages(const Planes& planes, const std::vector<TiffImage>& chain) {
  const auto is_there = [&](std::uint64_t at) {
    return at < chain.size() && is_as_large(chain[at], chain[0]);
  };
  std::uint64_t page = 0;
  while (page < planes.slices * planes.frames && is_there(planes.at(0, page)) &&
         is_there(planes.at(1, page)) && is_there(planes.at(2, page)))
    ++page;
  return page;
}

// Those of a page of the chain: behind it, up to the next page.
std::vector<TiffImage> levels_behind(const std::vector<TiffImage>& chain, const TiffImage& page) {
  std::vector<TiffImage> levels;
  const auto first = std::ranges::find(chain, page.offset, &TiffImage::offset) + 1;
  for (auto image = first; image != chain.end() && !is_as_large(*image, page); ++image)
    if (is_level_of(*image, page)) levels.push_back(*image);
  return levels;
}

}  // namespace

bool select(TiffFile& file, const TiffImage& image) { return TIFFSetSubDirectory(file.get(), image.offset); }

Bytes bytes_of(const TiffFile& file, std::uint16_t tag) {
  return Directories(file.file()).bytes_of(TIFFCurrentDirOffset(file.get()), tag);
}

Result<TiffChoice> choose_tiff_page(TiffFile& file, int page) {
  const Directories directories(file.file());
  std::vector<TiffImage> chain = directories.chain();
  if (chain.empty()) return file.damaged();
  const std::string description = file.text(TIFFTAG_IMAGEDESCRIPTION);
  leave_out_thumbnails(file, directories, chain);
  if (!select(file, chain[0])) return file.damaged();
  // Whatever types its numbers have.
  TIFFGetField(file.get(), TIFFTAG_IMAGEWIDTH, &chain[0].width);
  TIFFGetField(file.get(), TIFFTAG_IMAGELENGTH, &chain[0].height);
  TiffChoice choice;
  choice.description = description;

  const auto planes = file.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1) == 1
                          ? planes_by(choice.description)
                          : std::nullopt;
  const std::uint64_t joined = planes ? whole_pages(*planes, chain) : 0;
  std::vector<TiffImage> pages;
  std::ranges::copy_if(chain, std::back_inserter(pages), [&](const TiffImage& image) {
    return is_as_large(image, chain[0]) && (image.kind & FILETYPE_MASK) == 0;
  });
  choice.pages = static_cast<int>(joined > 0 ? joined : pages.size());
  if (page < 1 || page > choice.pages) return no_such_page(page, choice.pages);
  const auto index = static_cast<std::size_t>(page - 1);
  for (std::size_t colour = 0; joined > 0 && colour < 3; ++colour)
    choice.planes.push_back(chain[static_cast<std::size_t>(planes->at(colour, index))]);
  if (joined > 0)
    choice.notes.emplace_back("Its red, green and blue lie on pages of their own and were joined.");
  if (choice.pages > 1)
    choice.notes.push_back("Page " + std::to_string(page) + " of " + std::to_string(choice.pages) +
                           " was read.");
  choice.image = joined > 0 ? choice.planes[0] : pages[index];
  if (!select(file, choice.image)) return file.damaged();

  const TiffImage whole = choice.image;
  const auto reduction = reduction_of(whole.width, whole.height);
  if (reduction && *reduction == 1) return choice;
  std::vector<TiffImage> levels{whole};
  if (joined == 0) {
    std::ranges::copy_if(beneath(file, directories), std::back_inserter(levels),
                         [&](const TiffImage& image) { return is_level_of(image, whole); });
    std::ranges::copy(levels_behind(chain, whole), std::back_inserter(levels));
  }
  // The level that shows most once it is reduced; of equal ones that which needs it least.
  const auto shown = [](const TiffImage& image) {
    const auto by = static_cast<std::uint32_t>(reduction_of(image.width, image.height).value_or(0));
    return by == 0 ? std::pair{0u, 0} : std::pair{(image.width + by - 1) / by, -static_cast<int>(by)};
  };
  choice.image = *std::ranges::max_element(levels, {}, shown);
  if (shown(choice.image).first == 0) return std::unexpected(reduction.error());
  choice.reduction = -shown(choice.image).second;
  if (choice.image.width != whole.width)
    choice.notes.push_back("Of its levels, the largest with " + size_text(whole) + " pixels, that of " +
                           size_text(choice.image) + " was read.");
  if (!select(file, choice.image)) return file.damaged();
  return choice;
}

}  // namespace leukolens
