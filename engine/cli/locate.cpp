#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/dataset.h"

namespace leukolens::cli {
namespace {

struct Found {
  About about;
  Field field;
  Timings timings;
};

Found find(const Picture& picture) {
  const Field& field = picture.field();
  return {.about = about(picture),
          .field = field,
          .timings = {.decode_ms = picture.decode_ms(), .locate_ms = picture.locate_ms()}};
}

}  // namespace

int locate(const LocateOptions& options) {
  const auto images = gather(options.inputs);
  if (!images) return complain("locate", images.error());
  catch_signals();
  bool failed = false;
  const Style style{options.format};
  Printer printer(options.format);
  const auto work = [&](std::size_t i) -> Finish {
    auto found = guarded([&] { return files::read_file((*images)[i]).and_then(open).transform(find); });
    return [&, i, found = std::move(found)] {
      const std::string& source = (*images)[i];
      failed |= !found;
      printer.print(found ? say(style, source, found->about, found->field, found->timings)
                          : say(style, source, found.error()));
    };
  };
  const bool whole = for_each_image(images->size(), options.jobs, [&]() -> Work { return work; });
  printer.close();
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
