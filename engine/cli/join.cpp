#include <yyjson.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <print>
#include <unordered_map>

#include "commands.h"

namespace leukolens::cli {
namespace {

// Where an answer lies. Answers of fields are long and may be millions: only their places are kept.
struct Place {
  std::size_t file = 0;
  std::streamoff begin = 0;
  bool failed = false;
};

// Of one image: how often the list names it, how many lines are about it, and the one that counts.
struct Answer {
  std::size_t wanted = 0, lines = 0;
  Place best;
};

struct Subject {
  std::string source;
  bool failed = false;
};

// What a line of --jsonl is about; nothing where it is no such line, as the last one of a killed shard.
std::optional<Subject> parse(std::string& line) {
  const std::unique_ptr<yyjson_doc, decltype(&yyjson_doc_free)> document(
      yyjson_read(line.data(), line.size(), 0), &yyjson_doc_free);
  yyjson_val* root = yyjson_doc_get_root(document.get());
  yyjson_val* source = yyjson_obj_get(root, "source");
  if (!yyjson_is_str(source)) return std::nullopt;
  Subject about{{yyjson_get_str(source), yyjson_get_len(source)}, yyjson_obj_get(root, "error") != nullptr};
  if (yyjson_val* bytes = yyjson_obj_get(root, "sourceBytes"); yyjson_is_arr(bytes)) {
    about.source.clear();
    for (std::size_t i = 0; i < yyjson_arr_size(bytes); ++i)
      about.source += static_cast<char>(yyjson_get_int(yyjson_arr_get(bytes, i)));
  }
  return about;
}

struct Tally {
  std::size_t broken = 0, foreign = 0;
};

// Of several answers the last one counts that is no error, else the last.
bool read_shard(const std::string& path, std::size_t file, std::unordered_map<std::string, Answer>& answers,
                Tally& tally) {
  std::ifstream shard(path, std::ios::binary);
  if (!shard) return false;
  std::string line;
  for (std::streamoff begin = 0; std::getline(shard, line);) {
    const std::streamoff next = begin + static_cast<std::streamoff>(line.size()) + 1;
    const auto about = line.empty() ? std::nullopt : parse(line);
    if (!about) {
      tally.broken += line.empty() ? 0 : 1;
    } else if (const auto found = answers.find(about->source); found == answers.end()) {
      ++tally.foreign;
    } else {
      Answer& answer = found->second;
      if (answer.lines++ == 0 || !about->failed || answer.best.failed)
        answer.best = {file, begin, about->failed};
    }
    begin = next;
  }
  return !shard.bad();  // as of a folder
}

// Lines of many files, few of which are open at a time.
class Lines {
 public:
  explicit Lines(const std::vector<std::string>& paths) : paths_(paths) {}

  std::string read(const Place& place) {
    if (open_.size() >= 256) open_.clear();
    auto [stream, is_new] = open_.try_emplace(place.file);
    if (is_new) stream->second.open(paths_[place.file], std::ios::binary);
    std::string line;
    stream->second.clear();
    stream->second.seekg(place.begin);
    if (!std::getline(stream->second, line)) throw std::runtime_error("a shard has changed meanwhile");
    return line;
  }

 private:
  const std::vector<std::string>& paths_;
  std::map<std::size_t, std::ifstream> open_;
};

}  // namespace

int join(const JoinOptions& options) {
  const auto images = gather({.files_from = options.files_from});
  if (!images) return complain("join", images.error());
  std::unordered_map<std::string, Answer> answers;
  for (const std::string& image : *images) ++answers[image].wanted;
  Tally tally;
  for (std::size_t i = 0; i < options.shards.size(); ++i)
    if (!read_shard(options.shards[i], i, answers, tally))
      return complain("join", "cannot read " + options.shards[i]);

  std::vector<std::string> read = options.shards;
  read.push_back(options.files_from);
  for (const std::string& path : read)
    if (std::error_code error; std::filesystem::equivalent(path, options.missing, error))
      return complain("join", "--missing would replace " + path + ", which is read");
  std::ofstream missing_list;
  if (!options.missing.empty()) missing_list.open(options.missing, std::ios::binary);
  std::size_t missing = 0, doubled = 0, failed = 0;
  for (const auto& [source, answer] : answers)
    doubled += answer.lines - std::min(answer.lines, answer.wanted);
  Lines lines(options.shards);
  Printer printer(Format::jsonl);
  for (const std::string& image : *images) {
    const Answer& answer = answers.at(image);
    if (answer.lines == 0) {
      ++missing;
      missing_list << image << '\0';
      continue;
    }
    failed += answer.best.failed ? 1 : 0;
    printer.print(lines.read(answer.best));
  }
  printer.close();
  missing_list.flush();
  if (!options.missing.empty() && !missing_list) return cannot_write("join", options.missing);
  std::println(
      stderr,
      "{} {}: {} answered, of which {} are errors; {} missing. Left out: {} doubled lines, {} broken "
      "ones, {} about images that the list does not name.",
      images->size(), images->size() == 1 ? "image" : "images", images->size() - missing, failed, missing,
      doubled, tally.broken, tally.foreign);
  return missing + tally.foreign > 0 ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
