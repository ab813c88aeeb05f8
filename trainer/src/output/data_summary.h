// What is in a data set, before any training: for a person.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "duplicates/duplicate_scan.h"
#include "duplicates/grouping.h"

namespace leukolens::train {

/// All that the verb `data` tells.
struct DataSummary {
  const files::Dataset& data;
  GroupRule rule;
  DuplicateScan scan;
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
std::map<std::string, ClassCount> class_counts(const DataSummary& summary);

/// "320x240" and how many images have it, the most frequent first.
std::vector<std::pair<std::string, std::size_t>> sizes(const DuplicateScan& scan);

std::vector<files::Skipped> unreadable(const files::Dataset& data, const DuplicateScan& scan);

/// The members of each cluster of two or more, by its first.
std::map<std::uint32_t, std::vector<std::uint32_t>> large_clusters(const DuplicateScan& scan);

/// Whether two rows with boxes name one file, as lists of fields do: no duplicate that a person must see.
bool is_same_field(const files::Dataset& data, const NearDuplicates& pair);

/// The number of different names; each empty one counts.
std::size_t count_groups(std::span<const std::string> groups);

/// Images by class, part and group, and their sizes.
void print_counts(const DataSummary& summary);

/// Near-duplicates, and labels that contradict each other.
void print_duplicates(const files::Dataset& data, const DuplicateScan& scan);

/// How many images are tested though a near-duplicate is trained on: a warning where they are many. `groups`:
/// how many groups a split keeps whole.
void print_leaks(const Leaks& leaks, const GroupRule& rule, std::size_t groups);

}  // namespace leukolens::train
