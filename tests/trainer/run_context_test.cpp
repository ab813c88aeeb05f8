#include "commands/run_context.h"

#include <catch2/catch_all.hpp>

#include "scratch.h"
#include "tiny.h"

using namespace leukolens;
using namespace leukolens::train;

TEST_CASE("each row of a file keeps the group that the list gives it") {
  const Scratch scratch;
  scratch.write("field.png", smear::encode_png(drawn_field(1)));
  scratch.write("other.png", smear::encode_png(drawn_field(2)));
  scratch.write("list.csv",
                "image,label,group,xmin,ymin,xmax,ymax\nfield.png,neutrophil,A,0,0,40,40\n"
                "field.png,lymphocyte,B,50,50,90,90\nother.png,neutrophil,C,0,0,40,40\n");
  RecipeOptions options;
  options.data = {(scratch.path / "list.csv").string()};
  const RunContext context = open_run_context(options, tiny_recipe());
  REQUIRE(context.samples.list.size() == 3);
  CHECK(context.samples.list[0].group == "A");
  CHECK(context.samples.list[1].group == "B");
  CHECK(context.samples.list[2].group == "C");
}

TEST_CASE("near-duplicates get one group, in the pass that loads the samples") {
  const Scratch scratch;
  scratch.write("neutrophil/1.png", smear::encode_png(drawn_field(1)));
  scratch.write("neutrophil/1.jpg", smear::encode_jpeg(drawn_field(1)));
  scratch.write("neutrophil/2.png", smear::encode_png(drawn_field(2)));
  scratch.write("lymphocyte/3.png", smear::encode_png(drawn_field(3, smear::Cell::lymphocyte)));
  scratch.write("lymphocyte/4.png", smear::encode_png(drawn_field(4, smear::Cell::lymphocyte)));
  RecipeOptions options;
  options.data = {scratch.path.string()};
  options.threads = 2;
  const RunContext context = open_run_context(options, tiny_recipe());
  REQUIRE(context.samples.list.size() == 5);
  const auto group_of = [&](std::string_view source) {
    return std::ranges::find(context.samples.list, source, &Sample::source)->group;
  };
  CHECK(group_of("neutrophil/1.png") == group_of("neutrophil/1.jpg"));
  CHECK(group_of("neutrophil/1.png") != group_of("neutrophil/2.png"));
  CHECK(group_of("lymphocyte/3.png") != group_of("lymphocyte/4.png"));
  options.group = "none";
  for (const Sample& sample : open_run_context(options, tiny_recipe()).samples.list)
    CHECK(sample.group.empty());
}
