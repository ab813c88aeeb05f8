#include "commands/novelty.h"

#include <yyjson.h>

#include <catch2/catch_all.hpp>

#include "leukolens/image.h"
#include "scratch.h"
#include "tiny.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

/// `each` drawn fields of three kinds, a short recipe, and where to write.
NoveltyOptions drawn(const Scratch& scratch, std::uint64_t each) {
  for (const auto& [label, cell] :
       {std::pair("lymphocyte", smear::Cell::lymphocyte), std::pair("neutrophil", smear::Cell::neutrophil),
        std::pair("platelet", smear::Cell::platelet)})
    for (std::uint64_t seed = 1; seed <= each; ++seed)
      scratch.write(std::format("data/{}/{}.png", label, seed),
                    smear::encode_png(resize(drawn_field(seed, cell), 64, 64)));
  std::string recipe(kTiny);
  recipe.replace(recipe.find("epochs = 40"), 11, "epochs = 4");
  scratch.write("tiny.toml", recipe);
  NoveltyOptions options;
  options.data = {(scratch.path / "data").string()};
  options.recipe = (scratch.path / "tiny.toml").string();
  options.json = (scratch.path / "novelty.json").string();
  options.group = "none";
  return options;
}

}  // namespace

TEST_CASE("novelty judges what was left out against unseen cells of what was not") {
  const Scratch scratch;
  NoveltyOptions options = drawn(scratch, 12);
  options.leave_out = {"platelet", "Lymphocyte"};
  novelty_command(options);
  const std::unique_ptr<yyjson_doc, decltype(&yyjson_doc_free)> document(
      yyjson_read_file(options.json.c_str(), 0, nullptr, nullptr), &yyjson_doc_free);
  REQUIRE(document);
  yyjson_val* all = yyjson_obj_get(yyjson_doc_get_root(document.get()), "leftOut");
  REQUIRE(yyjson_arr_size(all) == 2);
  yyjson_val* facts = yyjson_obj_get(yyjson_doc_get_root(document.get()), "facts");
  CHECK(yyjson_get_str(yyjson_obj_get(facts, "recipe")) == std::string("tiny"));
  CHECK(yyjson_get_uint(yyjson_obj_get(facts, "images")) == 36);
  CHECK(yyjson_get_uint(yyjson_obj_get(yyjson_doc_get_root(document.get()), "folds")) == 5);
  CHECK(yyjson_is_str(yyjson_obj_get(yyjson_doc_get_root(document.get()), "notice")));
  for (std::size_t i = 0; i < 2; ++i) {
    yyjson_val* one = yyjson_arr_get(all, i);
    CHECK(yyjson_get_str(yyjson_obj_get(one, "label")) == std::string(i == 0 ? "platelet" : "lymphocyte"));
    CHECK(yyjson_get_uint(yyjson_obj_get(one, "images")) == 12);
    // A fold of five of the 24 others.
    CHECK_THAT(yyjson_get_num(yyjson_obj_get(one, "known")), Catch::Matchers::WithinAbs(5, 1));
    for (const std::string score : {"aurocDistance", "aurocEnergy", "aurocUncertainty"}) {
      const double area = yyjson_get_num(yyjson_obj_get(one, score.c_str()));
      yyjson_val* interval = yyjson_obj_get(one, (score + "Interval").c_str());
      REQUIRE(yyjson_arr_size(interval) == 2);
      const double low = yyjson_get_num(yyjson_arr_get_first(interval)),
                   high = yyjson_get_num(yyjson_arr_get_last(interval));
      CHECK((0 <= low && low <= area && area <= high && high <= 1));
      CHECK(high - low > 0.05);  // of so few images, also where all are told apart
    }
  }
}

TEST_CASE("novelty refuses to leave out what the recipe does not know") {
  const Scratch scratch;
  NoveltyOptions options = drawn(scratch, 1);
  options.leave_out = {"erythroblast"};
  CHECK_THROWS_WITH(
      novelty_command(options),
      "The recipe has no label erythroblast to leave out. Known are: lymphocyte, neutrophil, platelet.");
  options.leave_out = {"platelet", "Platelet"};
  CHECK_THROWS_WITH(novelty_command(options), "platelet is to be left out twice.");
}
