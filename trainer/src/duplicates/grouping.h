// Groups: which images must stay on one side of every split, and how much leaks where they do not.
#pragma once

#include <cstdint>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "data/split.h"

namespace leukolens::train {

/// How `--group` says that groups are found.
struct GroupRule {
  enum class Kind {
    automatic,  // the column where it is filled, else content
    none,       // each image is a group
    column,     // `group` of a CSV
    content,    // images of one cluster
    path,       // what the pattern's first group captures in the image's path
  };
  Kind kind = Kind::automatic;
  std::regex pattern;
};

/// What --help says about it.
inline constexpr const char* kGroupHelp =
    "What stays on one side of every split: 'auto' (the CSV's column group, else content), 'none', 'column', "
    "'content' (images of one scene, found by comparing them), or 'path:REGEX', where the expression's one "
    "capture in the image's path names the group, as in 'path:slide([0-9]+)_'";

/// Throws std::runtime_error where the text is no rule, or its expression has not exactly one capture.
GroupRule parse_group_rule(const std::string& text);

/// Whether the rule needs clusters of near-duplicates, and so a scan.
bool needs_clusters(const GroupRule& rule, const files::Dataset& data);

/// The group of each item; empty where it is alone. `clusters`: those of a DuplicateScan; may be empty where
/// they are not needed. Throws std::runtime_error where the rule finds no group at all.
std::vector<std::string> groups(const files::Dataset& data, const GroupRule& rule,
                                std::span<const std::uint32_t> clusters);

/// Images that are tested although a near-duplicate is trained on.
struct Leak {
  std::size_t tested = 0, leaked = 0;
  double share() const { return tested ? static_cast<double>(leaked) / static_cast<double>(tested) : 0; }
};

/// Above this share of leaked images, figures from a random split say little about new scenes.
inline constexpr double kLoudLeak = 0.05;

struct Leaks {
  Leak random;       // of a split that ignores the groups
  Leak grouped;      // of a split that keeps them whole
  bool own = false;  // the data names its parts, and both are measured on these
  Leak test;         // of the data's test parts, where it has any
};

/// `clusters`: one for each sample. `share` and `seed` as for split().
Leaks measure_leaks(const Samples& samples, std::span<const std::uint32_t> clusters, double share,
                    std::uint64_t seed);

}  // namespace leukolens::train
