// LeakSanitizer's part of the tests: it looks when the program ends.
#include <catch2/catch_all.hpp>

#include "soak.h"

TEST_CASE("models are loaded, and pictures opened, classified, counted and explained, again and again",
          "[leak]") {
  const leukolens::test::Use use;
  bool answered = true;
  for (int i = 0; i < 10 * leukolens::test::soak(); ++i) answered = use() && answered;
  CHECK(answered);
}
