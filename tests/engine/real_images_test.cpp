// On the real images, where they are. They are no part of the repository.
#include <algorithm>
#include <catch2/catch_all.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "leukolens/image.h"

using namespace leukolens;
namespace fs = std::filesystem;

TEST_CASE("every real image decodes") {
  const fs::path data = LEUKOLENS_DATA;
  if (!fs::is_directory(data)) SKIP("no real images at " << data << ": this test needs them");
  std::vector<fs::path> images;
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.path().extension() == ".jpg" || entry.path().extension() == ".png")
      images.push_back(entry.path());
  std::ranges::sort(images);
  REQUIRE(images.size() > 280);
  for (std::size_t i = 0; i < images.size(); i += 7) {  // a seventh, from every folder, for the sake of time
    std::ifstream file(images[i], std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const auto image = decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    INFO(images[i]);
    REQUIRE(image.has_value());
    CHECK(image->rgb.size() ==
          3 * static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height));
  }
}
