#include <print>

#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/dataset.h"
#include "leukolens/differential.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

// The differential count of all images together, once there are several.
class Sum {
 public:
  explicit Sum(const Model& model) : differential_(model.labels) {}
  void add(const Classification&) {}
  void add(const FieldClassification& result) {
    differential_.add(result.cells);
    ++images_;
  }
  void print() const {
    if (images_ > 1) std::println("{} images together\n{}", images_, text(differential_));
  }

 private:
  Differential differential_;
  int images_ = 0;
};

template <class Answer>
struct Answered {
  About about;
  Answer answer;
};

// Of a page of a file, by what `judge` says of its picture.
auto answer(const std::vector<std::uint8_t>& bytes, int page, auto judge) {
  return open(bytes, page).and_then([&](const Picture& picture) {
    return judge(picture).transform(
        [&](auto answer) { return Answered<decltype(answer)>{about(picture), std::move(answer)}; });
  });
}

}  // namespace

int classify(const ClassifyOptions& options) {
  const auto images = gather(options.inputs);
  if (!images) return complain("classify", images.error());
  const auto file = read_model_file(options.paths);
  if (!file) return complain("classify", file.error());
  const Model& model = file->model;
  if (const auto classifier = file->classifier(); !classifier)
    return complain("classify", options.paths.model.string() + ": " + classifier.error().message);

  catch_signals();
  bool failed = false;
  Sum sum(model);
  Printer printer(options.style.format);
  const auto read = [&](std::size_t i) { return read_image((*images)[i]); };
  const auto done = [&](std::size_t i, const auto& answer) {
    failed |= !answer;
    if (answer) sum.add(answer->answer);
    printer.print(answer ? say(options.style, (*images)[i], answer->about, answer->answer, model)
                         : say(options.style, (*images)[i], answer.error()));
  };
  const auto main_cell = [page = options.page](Classifier& classifier, std::size_t, const auto& bytes) {
    return answer(bytes, page, [&](const Picture& picture) { return classifier.classify(picture); });
  };
  const auto every_cell = [page = options.page](Classifier& classifier, std::size_t, const auto& bytes) {
    return answer(bytes, page, [&](const Picture& picture) { return classifier.classify_field(picture); });
  };
  const bool whole = for_each_image(
      images->size(), options.jobs,
      options.field ? classifying(*file, read, every_cell, done) : classifying(*file, read, main_cell, done));
  if (options.style.format == Format::text) sum.print();
  printer.close();
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
