#include <chrono>

#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/dataset.h"

namespace leukolens::cli {
namespace {

struct Found {
  Image image;  // its size alone: the pixels are dropped
  Field field;
  Timings timings;
};

Result<Found> find(const std::vector<std::uint8_t>& bytes) {
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const auto start = Clock::now();
  auto image = decode(bytes);
  if (!image) return std::unexpected(image.error());
  const auto decoded = Clock::now();
  Field field = leukolens::locate(*image);
  return Found{.image = {image->width, image->height, {}},
               .field = std::move(field),
               .timings = {.decode_ms = Milliseconds(decoded - start).count(),
                           .locate_ms = Milliseconds(Clock::now() - decoded).count()}};
}

}  // namespace

int locate(const LocateOptions& options) {
  catch_signals();
  bool failed = false;
  const Style style{options.format};
  Printer printer(options.format);
  const auto work = [&](std::size_t i) -> Finish {
    auto found = files::read_file(options.images[i]).and_then(find);
    return [&, i, found = std::move(found)] {
      const std::string& source = options.images[i];
      failed |= !found;
      printer.print(found ? say(style, source, found->image, found->field, found->timings)
                          : say(style, source, found.error()));
    };
  };
  const bool whole = for_each_image(options.images.size(), options.jobs, [&]() -> Work { return work; });
  printer.close();
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
