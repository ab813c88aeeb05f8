#include "inputs.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <print>
#include <string_view>

#include "files/composition.h"
#include "files/encoding.h"
#include "files/read_file.h"

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

void append_paths(std::string_view list, std::vector<std::string>& paths) {
  const char end = list.contains('\0') ? '\0' : '\n';
  while (!list.empty()) {
    const std::size_t length = std::min(list.find(end), list.size());
    std::string_view path = list.substr(0, length);
    if (end == '\n' && path.ends_with('\r')) path.remove_suffix(1);
    if (!path.empty()) paths.emplace_back(path);
    list.remove_prefix(std::min(length + 1, list.size()));
  }
}

}  // namespace

std::expected<std::vector<std::string>, std::string> gather(const Inputs& inputs) {
  const auto shard = parse_shard(inputs.shard);
  if (!shard) return std::unexpected("--shard needs I/N with 1 <= I <= N, for example 3/8");
  std::vector<std::string> images = inputs.images;
  if (!inputs.files_from.empty()) {
    const auto list = files::read_file(inputs.files_from);
    if (!list) return std::unexpected("the list: " + list.error().message);
    const auto text = files::list_in_utf8(std::string(list->begin(), list->end()));
    if (!text)
      return std::unexpected("the list: " + inputs.files_from + " is damaged: its UTF-16 breaks off.");
    append_paths(*text, images);
  }
  if (images.empty()) return std::unexpected("name at least one image, or a list with --files-from");
  std::vector<std::string> mine;
  for (std::size_t i = shard->index - 1; i < images.size(); i += shard->count) mine.push_back(images[i]);
  return mine;
}

Result<std::vector<std::uint8_t>> read_image(const std::string& path) {
  return files::read_file(files::spelt({}, path));
}

void say_left_out(std::span<const files::Skipped> left_out) {
  constexpr std::size_t kNamed = 5;  // of each reason, where there are many more
  std::map<std::string_view, std::size_t> all, said;
  for (const files::Skipped& one : left_out) ++all[one.reason];
  for (const files::Skipped& one : left_out)
    if (all[one.reason] <= 2 * kNamed || said[one.reason]++ < kNamed)
      std::println(stderr, "{}: left out: {}", files::printable(one.source), files::visible(one.reason));
  for (const auto& [reason, count] : all)
    if (count > 2 * kNamed)
      std::println(stderr, "{} more left out: {}", count - kNamed, files::visible(reason));
}

}  // namespace leukolens::cli
