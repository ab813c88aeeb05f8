// What a model's file keeps of the images that it learnt from, so that they are known again: hashes, which
// show nothing of an image.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "data/split.h"
#include "files/json_writer.h"

namespace leukolens::train {

/// The first 8 digits of the SHA-256 of a file's bytes.
std::string content_of(std::span<const std::uint8_t> bytes);

/// A data set that a model learnt from. The smallest hashes of a set are a fair sample of it, and the same of
/// every list of the same files (Broder 1997).
struct LearntSource {
  std::string name;        // of its file or folder
  std::size_t images = 0;  // files; 0 where it is not known
  std::vector<std::string>
      sketch;  // content_of() of the kSketch smallest, ascending; of all where they are fewer
};
inline constexpr std::size_t kSketch = 256;

/// `learnt`: the samples that train or validate. `names`: of the data sets, by Sample::origin. Data sets of
/// which nothing is learnt are left out.
std::vector<LearntSource> sources_of(const Samples& samples, const Indices& learnt,
                                     const std::vector<std::string>& names);

/// What the model says of its own data. Of models that only name it, names.
std::vector<LearntSource> learnt_sources(const Model& model);

/// As learnt_sources() reads them back.
files::Json::Value to_json(const files::Json& json, std::span<const LearntSource> sources);

/// The share of a source's images that are among the samples, estimated by its sketch; 0 where it has none.
double share_present(const LearntSource& source, const std::set<std::string>& contents);

/// The samples' contents.
std::set<std::string> contents_of(const Samples& samples);

/// What is known of how many of `contents` a model learnt from.
struct Overlap {
  std::size_t found = 0;  // in its sketches: at least so many
  double share = 0;       // of all, estimated from those that its sketches would show
};
Overlap overlap(std::span<const LearntSource> sources, const std::set<std::string>& contents);

}  // namespace leukolens::train
