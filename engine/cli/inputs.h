// The images that a verb is given: on the command line, in lists, or a share of them.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "files/dataset.h"

namespace leukolens::cli {

struct Inputs {
  std::vector<std::string> images;  // paths; "-" is standard input
  std::string files_from;           // a list of paths, see gather(); "-" is standard input; empty: none
  std::string shard = "1/1";
};

/// Those of this shard, or what is wrong with the options. A list has a path a line, with or without a
/// byte-order mark and carriage returns, in UTF-16 too, or ends each path with a zero byte as find -print0
/// does.
std::expected<std::vector<std::string>, std::string> gather(const Inputs& inputs);

/// The bytes of one of them, which a list from Windows or macOS may spell another way (see files::spelt()).
/// Errors: those of files::read_file().
Result<std::vector<std::uint8_t>> read_image(const std::string& path);

/// Says on standard error what of a data set was left out, and why; of many with one reason only the first.
void say_left_out(std::span<const files::Skipped> left_out);

}  // namespace leukolens::cli
