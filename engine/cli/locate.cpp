#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/dataset.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

struct Found {
  About about;
  Field field;
  Timings timings;
};

Result<Found> find(const std::string& path, int page, Locator& locator) {
  const auto file = read_image(path);
  if (!file) return std::unexpected(file.error());
  const auto picture = open(*file, page);
  if (!picture) return std::unexpected(picture.error());
  if (auto located = picture->locate(locator); !located) return std::unexpected(located.error());
  return Found{.about = about(*picture),
               .field = picture->field(),
               .timings = {.decode_ms = picture->decode_ms(), .locate_ms = picture->locate_ms()}};
}

}  // namespace

int locate(const LocateOptions& options) {
  const auto images = gather(options.inputs);
  if (!images) return complain("locate", images.error());
  if (const auto locator = read_locator(options.locator); !locator)
    return complain("locate", locator.error());
  catch_signals();
  bool failed = false;
  const Style style{options.format};
  Printer printer(options.format);
  const auto start = [&]() -> Work {
    return [&, locator = read_locator(options.locator).value()](std::size_t i) mutable -> Finish {
      auto found = guarded([&] { return find((*images)[i], options.page, locator); });
      return [&, i, found = std::move(found)] {
        const std::string& source = (*images)[i];
        failed |= !found;
        printer.print(found ? say(style, source, found->about, found->field, found->timings)
                            : say(style, source, found.error()));
      };
    };
  };
  const bool whole = for_each_image(images->size(), options.jobs, start);
  printer.close();
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
