#include "training/recipe.h"

#include <catch2/catch_all.hpp>

using namespace leukolens;
using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr std::string_view kNetwork = R"([network]
layers = [{ type = "flatten" }, { type = "dense" }]
)";

std::string with(std::string_view more) { return std::string(kNetwork) + std::string(more); }

void check_refused(std::string_view text, const std::string& message) {
  CHECK_THROWS_MATCHES(parse_recipe(text, "x.toml"), std::runtime_error,
                       MessageMatches(ContainsSubstring(message)));
}

}  // namespace

TEST_CASE("the article's recipe is the published network") {
  const Recipe recipe = load_recipe("article", LEUKOLENS_RECIPES);
  const std::vector<Label> labels{label_of("eosinophil"), label_of("lymphocyte"), label_of("monocyte"),
                                  label_of("neutrophil")};
  Model model = model_of(recipe, labels);
  const std::vector<Shape> shapes = infer_shapes(model).value();
  CHECK(shapes[5] == Shape{6, 6, 16});
  Shape before{64, 64, 3};
  std::int64_t parameters = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    parameters += cost(model.layers[i].operation, before, shapes[i]).parameters;
    before = shapes[i];
  }
  CHECK(parameters == 89'140);
  CHECK(recipe.training.batch == 16);
  CHECK(recipe.optimiser.learning_rate == 1e-3);
}

TEST_CASE("an unknown key is refused with its line and the nearest that exists") {
  check_refused(with("[training]\nepoch = 3\n"),
                "x.toml, line 4: [training] does not know \"epoch\". Did you mean \"epochs\"?");
  check_refused(with("[trainng]\n"), "Did you mean \"training\"?");
}

TEST_CASE("an unknown value is refused with those that exist") {
  check_refused(with("[optimiser]\ntype = \"adm\"\n"), "type cannot be \"adm\". Did you mean \"adam\"?");
  check_refused(with("[optimiser]\ntype = \"newton\"\n"), "Known are: adam, adamw, muon, sgd.");
}

TEST_CASE("a value out of range or of the wrong kind is refused") {
  check_refused(with("[training]\nbatch = 0\n"), "batch must be a whole number from 1 to 4096.");
  check_refused(with("[training]\nbatch = 1.5\n"), "line 4: batch must be a whole number");
  check_refused(with("[training]\nvalidation = \"much\"\n"), "validation must be a number");
}

TEST_CASE("broken TOML is refused with its line") {
  check_refused("name = \"x\"\n[network\n", "x.toml, line 2");
}

TEST_CASE("a key that another choice would use does nothing, and is refused") {
  check_refused(with("[optimiser]\ntype = \"adam\"\nmomentum = 0.9\n"), "does not know \"momentum\"");
}

TEST_CASE("teachers have the recipe's values but where their own tables say otherwise") {
  const Recipe recipe = parse_recipe(
      with("[training]\nepochs = 7\nbatch = 8\n[teachers]\nmembers = 2\n[teachers.training]\nepochs = 9\n"
           "[teachers.network]\nlayers = [{ type = \"global_avg_pool\" }, { type = \"dense\" }]\n"),
      "x.toml");
  CHECK(recipe.training.epochs == 7);
  CHECK(std::holds_alternative<Flatten>(recipe.layers[0].operation));
  REQUIRE(recipe.teachers.size() == 2);
  for (const Recipe& teacher : recipe.teachers) {
    CHECK(teacher.training.epochs == 9);
    CHECK(teacher.training.batch == 8);
    CHECK(std::holds_alternative<GlobalAvgPool>(teacher.layers[0].operation));
    CHECK(teacher.teachers.empty());
  }
  CHECK(parse_recipe(kNetwork, "x.toml", {"teachers.members=3"}).teachers.size() == 3);
  check_refused(with("[teachers.training]\nepochs = 9\n"), "[teachers] needs members");
  check_refused(with("[teachers]\nmembers = 10\n"), "line 4: members must be a whole number from 1 to 9.");
  check_refused(with("[teachers]\nmembers = 2\n[teachers.training]\nepoch = 3\n"),
                "x.toml, line 6: [training] does not know \"epoch\". Did you mean \"epochs\"?");
  // Another view of a cell would say nothing about the network's own.
  check_refused(with("[teachers]\nmembers = 2\n[teachers.input]\nwidth = 32\n"),
                "[teachers] does not know \"input\"");
}

TEST_CASE("what a model file cannot hold is refused when the recipe is read") {
  check_refused(with("[input]\nwidth = 600\n"), "width must be a whole number from 8 to 512.");
  check_refused(with("[input]\nstd = [0, 1, 1]\n"), "std must be three numbers from 0.001 to 1000");
  check_refused(with("[input]\nmean = [0, nan, 0]\n"), "mean must be three numbers from -10 to 10");
  check_refused("[network]\nlayers = [{ type = \"conv2d\", filters = 4, kernel = 16 }]\n",
                "kernel must be a whole number from 1 to 15.");
}

TEST_CASE("labels of a recipe are ids, as those of the data") {
  const Recipe recipe = parse_recipe("labels = [\"Band Neutrophil\", \"Größe\"]\n" + with(""), "x.toml");
  CHECK(recipe.labels[0].id == "band_neutrophil");
  CHECK(recipe.labels[0].name == "Band neutrophil");
  CHECK(recipe.labels[1].id == "größe");
  check_refused("labels = [\"a b\", \"A_B\"]\n" + with(""), "a_b is listed twice.");
}

TEST_CASE("an impossible network is refused") {
  const Recipe recipe = parse_recipe(R"([network]
layers = [{ type = "conv2d", filters = 4, kernel = 15 }, { type = "max_pool2d", size = 15 }, { type = "max_pool2d", size = 15 },
          { type = "flatten" }, { type = "dense" }]
)",
                                     "x.toml");
  CHECK_THROWS_AS(model_of(recipe, {{"a", "A"}, {"b", "B"}}), std::runtime_error);
}

TEST_CASE("a network must end in one output for each label") {
  const Recipe recipe = parse_recipe(
      "[network]\nlayers = [{ type = \"flatten\" }, { type = \"dense\", units = 5 }]\n", "x.toml");
  CHECK_THROWS_MATCHES(model_of(recipe, {{"a", "A"}, {"b", "B"}}), std::runtime_error,
                       MessageMatches(ContainsSubstring("one value for each of the 2 labels")));
}

TEST_CASE("an unknown recipe is refused with those that exist") {
  CHECK_THROWS_MATCHES(load_recipe("artcle", LEUKOLENS_RECIPES), std::runtime_error,
                       MessageMatches(ContainsSubstring("Did you mean \"article\"?")));
}

TEST_CASE("a recipe may augment a square input at test time, where it is close") {
  const auto input = [](const std::string& keys) {
    return parse_recipe("[input]\n" + keys + std::string(kNetwork), "x.toml").input;
  };
  CHECK(input("").tta_margin == 0);
  CHECK(input("tta_margin = 1.5\n").tta_margin == 1.5f);
  check_refused("[input]\nheight = 32\ntta_margin = 1.5\n" + std::string(kNetwork),
                "[input] does not know \"tta_margin\".");
}

TEST_CASE("a recipe may look at located cells, and at nothing else that is not the whole image") {
  const Recipe recipe =
      parse_recipe("[input]\nregion = \"cell\"\nextent = 2.5\n" + std::string(kNetwork), "x.toml");
  CHECK(recipe.input.region == Input::Region::cell);
  CHECK(recipe.input.extent == 2.5f);
  check_refused("[input]\nregion = \"cells\"\n" + std::string(kNetwork),
                "x.toml, line 2: region cannot be \"cells\". Did you mean \"cell\"?");
  check_refused("[input]\nextent = 2.5\n" + std::string(kNetwork), "[input] does not know \"extent\".");
}

TEST_CASE("augmentation and schedule are read, and refused outside their ranges") {
  const Recipe recipe = parse_recipe(with("[augmentation]\nrotation = 180\nfill = \"edge\"\njpeg = "
                                          "60\n[schedule]\ntype = \"cosine\"\nwarm_up = 3\n"),
                                     "x.toml");
  CHECK(recipe.augmentation.rotation == 180);
  CHECK(recipe.augmentation.fill == Augmentation::Fill::edge);
  CHECK(recipe.augmentation.jpeg == 60);
  CHECK(recipe.schedule.warm_up == 3);
  check_refused(with("[augmentation]\nrotaton = 3\n"),
                "[augmentation] does not know \"rotaton\". Did you mean \"rotation\"?");
  check_refused(with("[augmentation]\nfill = \"edge\"\n"), "does not know \"fill\"");
  check_refused(with("[augmentation]\nflip_vertical = 1\n"), "flip_vertical must be true or false.");
  check_refused(with("[schedule]\ntype = \"constant\"\nevery = 3\n"), "does not know \"every\"");
}

TEST_CASE("a setting takes the place of what the recipe says, and is in its record") {
  const auto set = [](const std::vector<std::string>& settings) {
    return parse_recipe(with("[training]\nepochs = 9\nbatch = 5\n"), "x.toml", settings);
  };
  const Recipe recipe =
      set({"training.epochs=3", "optimiser.type=sgd", "optimiser.momentum = 0.5", "name=mine"});
  CHECK(recipe.training.epochs == 3);
  CHECK(recipe.training.batch == 5);
  CHECK(recipe.optimiser.type == Optimiser::Type::sgd);
  CHECK(recipe.optimiser.momentum == 0.5);
  CHECK(recipe.name == "mine");
  CHECK(parse_recipe(recipe.text, "x.toml").training.epochs == 3);
  CHECK(same_recipe(recipe.text, parse_recipe(recipe.text, "y.toml").text));
  const auto refused = [&](const std::string& setting, const std::string& message) {
    CHECK_THROWS_MATCHES(set({setting}), std::runtime_error, MessageMatches(ContainsSubstring(message)));
  };
  refused("training.epoch=3",
          "--set training.epoch=3: [training] does not know \"epoch\". Did you mean \"epochs\"?");
  refused("training.epochs=many", "--set training.epochs=many: epochs must be a whole number");
  refused("training.epochs", "give KEY=VALUE");
  refused("training.epochs=", "epochs must be a whole number");
}

TEST_CASE("a recipe that comes with Leukolens is named where a file was looked for") {
  CHECK_THROWS_MATCHES(
      load_recipe("recipes/article.toml", LEUKOLENS_RECIPES), std::runtime_error,
      MessageMatches(ContainsSubstring("There is no file recipes/article.toml. The recipe of that "
                                       "name that comes with Leukolens is --recipe article.")));
}

TEST_CASE("patience is refused where all epochs are trained, however it is said") {
  const std::string last = with("[training]\nkeep = \"last\"\nepochs = 20\n");
  CHECK(parse_recipe(last, "x.toml").training.epochs == 20);
  CHECK(parse_recipe(last, "x.toml", {"training.patience=20"}).training.patience == 20);
  for (const char* more : {"patience = 19\n", "patience = 1\n"})
    check_refused(last + more, "patience does nothing with keep = \"last\", which trains all epochs");
  CHECK_THROWS_MATCHES(parse_recipe(last, "x.toml", {"training.patience=3"}), std::runtime_error,
                       MessageMatches(ContainsSubstring("--set training.patience=3: patience does nothing")));
}

TEST_CASE("two recipes are the same whatever their comments") {
  CHECK(same_recipe(with("# one\nname = \"x\""), with("\nname = 'x'  # two")));
  CHECK_FALSE(same_recipe(with("[training]\nepochs = 2"), with("[training]\nepochs = 3")));
}

TEST_CASE("one label, or one twice, is refused when the recipe is read") {
  check_refused("labels = [\"a\"]\n" + std::string(kNetwork), "labels must be two or more");
  check_refused("labels = [\"a\", \"b\", \"a\"]\n" + std::string(kNetwork), "a is listed twice.");
}

TEST_CASE("the article's two recipes have one network") {
  const Recipe article = load_recipe("article", LEUKOLENS_RECIPES),
               originals = load_recipe("article-originals", LEUKOLENS_RECIPES);
  const auto network = [](const Recipe& recipe) {
    return recipe.text.substr(recipe.text.find("[input]"),
                              recipe.text.find("[training]") - recipe.text.find("[input]"));
  };
  CHECK(network(article) == network(originals));
  CHECK(originals.training.samples_per_epoch == 9957);
}
