#include "duplicates/grouping.h"

#include <catch2/catch_all.hpp>

#include "scratch.h"

using namespace leukolens;
using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;
using Names = std::vector<std::string>;

namespace {

files::Dataset listed(const Scratch& scratch, std::string_view lines) {
  scratch.write("list.csv", std::string("image,label,group\n").append(lines));
  return files::Dataset::open(scratch.path / "list.csv").value();
}

Samples samples_of(std::initializer_list<files::Part> parts) {
  Samples samples;
  for (const files::Part part : parts) samples.list.push_back({"", "", part, 0});
  return samples;
}

}  // namespace

TEST_CASE("a rule that is none is refused with what there is") {
  CHECK_THROWS_WITH(parse_group_rule("cells"),
                    ContainsSubstring("auto, none, column, content or path:REGEX"));
  CHECK_THROWS_WITH(parse_group_rule("path:(a"), ContainsSubstring("no regular expression"));
  CHECK_THROWS_WITH(parse_group_rule("path:slide"), ContainsSubstring("exactly one capture"));
  CHECK_THROWS_WITH(parse_group_rule("path:(a)(b)"), ContainsSubstring("exactly one capture"));
}

TEST_CASE("a rule on the path names groups by its capture") {
  const Scratch scratch;
  const files::Dataset data =
      listed(scratch, "a/s1_1.png,x,\na/s1_2.png,y,\na/s2_1.png,x,\nb/other.png,x,\n");
  const GroupRule rule = parse_group_rule("path:s([0-9]+)_");
  CHECK_FALSE(needs_clusters(rule, data));
  CHECK(groups(data, rule, {}) == Names{"1", "1", "2", ""});
  CHECK_THROWS_WITH(groups(data, parse_group_rule("path:slide([0-9])"), {}), ContainsSubstring("a/s1_1.png"));
}

TEST_CASE("the column is used where it is filled, and content where it is not") {
  const Scratch scratch;
  const std::vector<std::uint32_t> clusters{0, 1, 0, 3, 4};
  const GroupRule automatic = parse_group_rule("auto"), column = parse_group_rule("column");
  const files::Dataset full = listed(scratch, "1,x,A\n2,x,A\n3,x,B\n4,x,B\n5,x,C\n");
  CHECK_FALSE(needs_clusters(automatic, full));
  CHECK(groups(full, automatic, {}) == Names{"A", "A", "B", "B", "C"});
  const files::Dataset part = listed(scratch, "1,x,A\n2,x,A\n3,x,\n4,x,\n5,x,\n");
  CHECK(needs_clusters(automatic, part));
  CHECK(groups(part, automatic, clusters) == Names{"A", "A", "A", "4", "5"});
  CHECK(groups(part, column, {}) == Names{"A", "A", "", "", ""});
  CHECK(groups(part, parse_group_rule("content"), clusters) == Names{"1", "2", "1", "4", "5"});
  CHECK(groups(part, parse_group_rule("none"), clusters) == Names(5));
  const files::Dataset empty = listed(scratch, "1,x,\n");
  CHECK_THROWS_WITH(groups(empty, column, {}), ContainsSubstring("filled column"));
}

TEST_CASE(
    "the leak of a random split counts validation images with a near-duplicate in training, and groups avoid "
    "it") {
  Samples samples;
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t i = 0; i < 100; ++i) {
    samples.list.push_back({"", "group " + std::to_string(i / 50), files::Part::unassigned, 0});
    clusters.push_back(i < 50 ? 0 : i);  // half of the images show one scene
  }
  const Leaks leaks = measure_leaks(samples, clusters, 0.4, 1);
  CHECK_FALSE(leaks.own);
  CHECK(leaks.random.tested == 40);
  CHECK(leaks.random.leaked > 10);
  CHECK(leaks.random.leaked < 30);
  CHECK(leaks.grouped.tested == 50);
  CHECK(leaks.grouped.leaked == 0);
  CHECK(leaks.test.tested == 0);
}

TEST_CASE("the leak of the data's own parts is measured as they are") {
  using files::Part;
  const Samples samples =
      samples_of({Part::train, Part::train, Part::validation, Part::validation, Part::test, Part::test});
  const std::vector<std::uint32_t> clusters{0, 1, 0, 3, 1, 3};
  const Leaks leaks = measure_leaks(samples, clusters, 0.5, 1);
  CHECK(leaks.own);
  CHECK(leaks.random.tested == 2);
  CHECK(leaks.random.leaked == 1);
  CHECK(leaks.test.tested == 2);
  CHECK(leaks.test.leaked == 2);  // one in train, one in validation
}
