#include "data/split.h"

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <set>

#include "training/epoch_order.h"

using namespace leukolens;

namespace {

using files::Part;

train::Samples labelled(const std::vector<std::pair<int, std::string>>& labels_and_groups) {
  train::Samples samples;
  for (const auto& [label, group] : labels_and_groups)
    samples.list.push_back({"", group, Part::unassigned, label});
  return samples;
}

std::ptrdiff_t count_label(const train::Samples& samples, const train::Indices& indices, int label) {
  return std::ranges::count_if(indices, [&](std::uint32_t i) { return samples.list[i].label == label; });
}

}  // namespace

TEST_CASE("a split is stratified and the same for the same seed") {
  std::vector<std::pair<int, std::string>> images;
  for (int i = 0; i < 100; ++i) images.emplace_back(i < 80 ? 0 : 1, "");
  const train::Samples samples = labelled(images);
  const train::Split one = train::split(samples, 0.2, 7), two = train::split(samples, 0.2, 7);
  CHECK(one.validation == two.validation);
  CHECK(one.validation != train::split(samples, 0.2, 8).validation);
  CHECK(one.validation.size() == 20);
  CHECK(std::ranges::count_if(one.validation, [](std::uint32_t i) { return i >= 80; }) == 4);
}

TEST_CASE("a split keeps groups whole") {
  std::vector<std::pair<int, std::string>> images;
  for (int i = 0; i < 100; ++i) images.emplace_back(0, std::to_string(i / 10));
  const train::Split split = train::split(labelled(images), 0.3, 1);
  CHECK(split.validation.size() == 30);
  for (const std::uint32_t i : split.validation) {
    for (const std::uint32_t j : split.train) CHECK(i / 10 != j / 10);
  }
}

TEST_CASE("folds hold every image once, every label evenly and groups whole") {
  std::vector<std::pair<int, std::string>> images;
  for (int i = 0; i < 100; ++i)
    images.emplace_back(i < 70 ? 0 : 1, i % 2 ? "" : "pair " + std::to_string(i / 4));
  const train::Samples samples = labelled(images);
  const std::vector<train::Indices> folds = train::folds(samples, 5, 3);
  std::set<std::uint32_t> seen;
  std::map<std::string, std::size_t> fold_of;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    CHECK(folds[f].size() >= 18);
    CHECK(std::abs(count_label(samples, folds[f], 1) - 6) <= 1);
    for (const std::uint32_t i : folds[f]) {
      CHECK(seen.insert(i).second);
      const std::string& group = samples.list[i].group;
      if (!group.empty()) CHECK(fold_of.try_emplace(group, f).first->second == f);
    }
  }
  CHECK(seen.size() == 100);
  CHECK(fold_of.size() == 25);
}

TEST_CASE("more folds than groups are refused") {
  CHECK_THROWS_WITH(train::folds(labelled({{0, "a"}, {0, "a"}, {1, "b"}}), 3, 1),
                    Catch::Matchers::ContainsSubstring("ask for fewer"));
}

TEST_CASE("an epoch is every image once, in another order each time") {
  const train::Samples samples = labelled(std::vector<std::pair<int, std::string>>(50, {0, ""}));
  const train::Indices train = train::split(samples, 0.2, 1).train;
  train::Indices one = train::epoch_order(samples, train, {}, 1, 1),
                 two = train::epoch_order(samples, train, {}, 1, 2);
  CHECK(one != two);
  CHECK(one == train::epoch_order(samples, train, {}, 1, 1));
  std::ranges::sort(one);
  CHECK(one == train);
}

TEST_CASE("a balanced epoch draws every label and every image of it equally often") {
  std::vector<std::pair<int, std::string>> images;
  for (int i = 0; i < 33; ++i) images.emplace_back(i < 30 ? 0 : 1, "");
  const train::Samples samples = labelled(images);
  train::Indices all(33);
  for (std::uint32_t i = 0; i < 33; ++i) all[i] = i;
  const train::Indices order =
      train::epoch_order(samples, all, {.samples_per_epoch = 120, .balance = 1}, 1, 1);
  CHECK(order.size() == 120);
  CHECK(count_label(samples, order, 1) == 60);
  for (std::uint32_t i = 0; i < 33; ++i) CHECK(std::ranges::count(order, i) == (i < 30 ? 2 : 20));
}

TEST_CASE("the folds that the data names are used, or refused with the reason") {
  train::Samples samples = labelled({{0, "a"}, {0, "a"}, {1, "b"}, {0, "c"}, {1, "d"}, {1, ""}});
  for (std::size_t i = 0; i < 6; ++i) samples.list[i].fold = i < 3 ? 1 : 2;
  samples.list.push_back({"", "a", Part::test, 0});  // of no fold
  const std::vector<train::Indices> parts = train::folds(samples, 2, 1);
  CHECK(parts == std::vector<train::Indices>{{0, 1, 2}, {3, 4, 5}});
  const auto refused = [&](int count, const char* why) {
    CHECK_THROWS_WITH(train::folds(samples, count, 1), Catch::Matchers::ContainsSubstring(why));
  };
  refused(3, "The data has 2 folds, in its column fold: ask for --folds 2");
  samples.list[1].fold = 2;
  refused(2, "folds 1 and 2 both have images of the group a");
  samples.list[1].fold = 0;
  refused(2, "has no fold, and others have one");
  samples.list[1].fold = 1;
  for (std::size_t i = 3; i < 6; ++i) samples.list[i].fold = 3;
  refused(3, "No image has the fold 2");
}

TEST_CASE("what has no part trains beside another data set that names its parts") {
  train::Samples samples = labelled(std::vector<std::pair<int, std::string>>(40, {0, ""}));
  for (std::size_t i = 0; i < 20; ++i) {
    samples.list[i].origin = 1;
    samples.list[i].part = i < 10 ? Part::train : i < 15 ? Part::test : Part::unassigned;
  }
  train::Split split = train::split(samples, 0.2, 1);
  CHECK(split.train.size() + split.validation.size() == 10 + 20);
  samples.list[0].part = Part::validation;
  split = train::split(samples, 0.2, 1);
  CHECK(split.validation == train::Indices{0});
  CHECK(split.train.size() == 9 + 20);
}

TEST_CASE("a label of one group is learnt, and a group that is most of its label does not validate") {
  std::vector<std::pair<int, std::string>> images{{1, "only"}, {1, "only"}};
  for (int i = 0; i < 100; ++i) images.emplace_back(0, i < 90 ? "slide" : std::to_string(i));
  const train::Samples samples = labelled(images);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const train::Split split = train::split(samples, 0.15, seed);
    CHECK(count_label(samples, split.train, 1) == 2);
    CHECK(count_label(samples, split.train, 0) >= 90);
    CHECK(split.validation.size() == 10);
  }
}

TEST_CASE("folds of background alone are refused") {
  std::vector<std::pair<int, std::string>> images{{0, "a"}, {0, "a"}};
  for (int i = 0; i < 10; ++i) images.emplace_back(train::kBackground, "");
  CHECK_THROWS_WITH(train::folds(labelled(images), 2, 1),
                    Catch::Matchers::ContainsSubstring("ask for fewer"));
}
