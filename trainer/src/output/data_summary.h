// What is known about a data set before training, for a person and for programs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "duplicates/duplicate_scan.h"
#include "duplicates/grouping.h"

namespace leukolens::train {

/// What looking at every image has shown.
struct Audit {
  std::vector<Finding> findings;  // one for each item
  std::vector<Twins> twins;
  std::vector<std::uint32_t> families;  // one for each item, as of families()
};

/// Reads every image, with a progress line: a minute or less for ten thousand.
Audit audit(const files::Dataset& data, int threads);

/// All that `data` has to say.
struct DataReport {
  const files::Dataset& data;
  GroupRule rule;
  Audit audit;
  std::vector<std::string> groups;   // one for each item
  Samples samples;                   // of the readable items, without pixels
  std::vector<std::uint32_t> items;  // of each sample
  Leaks leaks;
};

struct ClassCount {
  std::size_t images = 0;
  std::set<std::string> groups;
  std::map<files::Part, std::size_t> parts;
};

/// Of the readable images, by label.
std::map<std::string, ClassCount> class_counts(const DataReport& report);

/// "320x240" and how many images have it, the most frequent first.
std::vector<std::pair<std::string, std::size_t>> sizes(const Audit& audit);

std::vector<files::Skipped> unreadable(const files::Dataset& data, const Audit& audit);

/// The members of each family of two or more, by its first.
std::map<std::uint32_t, std::vector<std::uint32_t>> large_families(const Audit& audit);

/// Images by class, part and group, and their sizes.
void print_counts(const DataReport& report);

/// What is there twice, and what contradicts itself.
void print_findings(const files::Dataset& data, const Audit& audit);

/// How many images are tested though a twin of theirs is trained on: a loud warning where it is many.
/// `groups` is the number of groups that splits will keep whole.
void print_leaks(const Leaks& leaks, const GroupRule& rule, std::size_t groups);

/// The number of different names, an empty one counting for itself.
std::size_t count_groups(std::span<const std::string> groups);

/// All of it as JSON; `source` names the data.
std::string to_json(const DataReport& report, const std::vector<std::string>& sources);

}  // namespace leukolens::train
