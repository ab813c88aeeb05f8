#include "commands/search.h"

#include <catch2/catch_all.hpp>

using namespace leukolens::train;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Texts = std::vector<std::string>;

TEST_CASE("the values to try are parted by commas, but not inside of lists, tables and quotes") {
  CHECK(settings_to_try("training.epochs=2,4") == Texts{"training.epochs=2", "training.epochs=4"});
  CHECK(settings_to_try("labels=[\"a\",\"b\"],[\"c\"]") == Texts{"labels=[\"a\",\"b\"]", "labels=[\"c\"]"});
  CHECK(settings_to_try("training.class_weights=balanced,{a=1,b=2}") ==
        Texts{"training.class_weights=balanced", "training.class_weights={a=1,b=2}"});
  CHECK(settings_to_try("name='a,b'") == Texts{"name='a,b'"});
  CHECK_THROWS_WITH(settings_to_try("training.epochs"), ContainsSubstring("give KEY=VALUE,VALUE"));
  CHECK_THROWS_WITH(settings_to_try("=3"), ContainsSubstring("give KEY=VALUE,VALUE"));
  CHECK_THROWS_WITH(settings_to_try("training.epochs=2,,4"), ContainsSubstring("a value is empty"));
}

TEST_CASE("McNemar's exact test gives what the binomial distribution gives") {
  CHECK(mcnemar(0, 0) == 1);
  CHECK(mcnemar(4, 4) == Approx(1));
  CHECK(mcnemar(0, 5) == Approx(2.0 / 32));
  CHECK(mcnemar(9, 3) == Approx(2 * (1 + 12 + 66 + 220) / 4096.0));
  CHECK(mcnemar(3, 9) == mcnemar(9, 3));
  CHECK(mcnemar(2000, 2100) == Approx(0.1221).margin(0.001));
}
