#include <charconv>
#include <fstream>
#include <iostream>
#include <print>

#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/dataset.h"
#include "leukolens/differential.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

struct Shard {
  std::size_t index = 1, count = 1;
};

std::optional<Shard> parse_shard(std::string_view text) {
  Shard shard;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto whole = [](std::string_view digits, std::size_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size() && out >= 1;
  };
  if (!whole(text.substr(0, slash), shard.index) || !whole(text.substr(slash + 1), shard.count) ||
      shard.index > shard.count)
    return std::nullopt;
  return shard;
}

bool append_paths(std::istream& in, std::vector<std::string>& paths) {
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) paths.push_back(line);
  return in.eof();
}

// The images that the command line and the list name, reduced to this shard; or what is wrong with the
// options.
std::expected<std::vector<std::string>, std::string> gather(const ClassifyOptions& options) {
  const auto shard = parse_shard(options.shard);
  if (!shard) return std::unexpected("--shard needs I/N with 1 <= I <= N, for example 3/8");
  std::vector<std::string> images = options.images;
  if (options.files_from == "-") {
    append_paths(std::cin, images);
  } else if (!options.files_from.empty()) {
    std::ifstream in(options.files_from);
    if (!append_paths(in, images)) return std::unexpected("cannot read the list " + options.files_from);
  }
  if (images.empty()) return std::unexpected("name at least one image, or a list with --files-from");
  std::vector<std::string> mine;
  for (std::size_t i = shard->index - 1; i < images.size(); i += shard->count) mine.push_back(images[i]);
  return mine;
}

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

// Of a file, by what `judge` says of its picture.
auto answer(const std::vector<std::uint8_t>& bytes, auto judge) {
  return open(bytes).and_then([&](const Picture& picture) {
    return judge(picture).transform(
        [&](auto answer) { return Answered<decltype(answer)>{about(picture), std::move(answer)}; });
  });
}

}  // namespace

int classify(const ClassifyOptions& options) {
  const auto images = gather(options);
  if (!images) return complain("classify", images.error());
  const auto file = read_model_file(options.model, options.profile);
  if (!file) return complain("classify", file.error());
  const Model& model = file->model;

  catch_signals();
  bool failed = false;
  Sum sum(model);
  Printer printer(options.style.format);
  const auto read = [&](std::size_t i) { return files::read_file((*images)[i]); };
  const auto done = [&](std::size_t i, const auto& answer) {
    failed |= !answer;
    if (answer) sum.add(answer->answer);
    printer.print(answer ? say(options.style, (*images)[i], answer->about, answer->answer, model)
                         : say(options.style, (*images)[i], answer.error()));
  };
  const auto main_cell = [](Classifier& classifier, std::size_t, const auto& bytes) {
    return answer(bytes, [&](const Picture& picture) { return classifier.classify(picture); });
  };
  const auto every_cell = [](Classifier& classifier, std::size_t, const auto& bytes) {
    return answer(bytes, [&](const Picture& picture) { return classifier.classify_field(picture); });
  };
  const bool whole = for_each_image(
      images->size(), options.jobs,
      options.field ? classifying(*file, read, every_cell, done) : classifying(*file, read, main_cell, done));
  if (options.style.format == Format::text) sum.print();
  printer.close();
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
