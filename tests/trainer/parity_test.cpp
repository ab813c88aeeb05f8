// The engine against libtorch on drawn smears, many of them with LEUKOLENS_SOAK.
#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <cstdio>
#include <span>
#include <vector>

#include "../engine/shipped.h"
#include "../engine/soak.h"
#include "leukolens/network.h"
#include "leukolens/view.h"
#include "network/reference.h"
#include "output/golden.h"
#include "smear.h"

using namespace leukolens;
using namespace leukolens::train;

TEST_CASE("the shipped flagship answers drawn smears as libtorch does", "[soak]") {
  const int rounds = 3 * test::soak();
  const Model model = read_model(test::shipped_file("flagship")).value();
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  const std::size_t each = network->input().size();
  const auto count = static_cast<std::size_t>(rounds) * smear::kCells;
  double largest = 0;
  std::vector<float> inputs(each * smear::kCells);
  for (int seed = 1; seed <= rounds; ++seed) {
    for (int cell = 0; cell < smear::kCells; ++cell) {
      smear::Scene scene;
      scene.seed = static_cast<std::uint64_t>(100 + seed);  // not those of the golden files
      scene.stain = 2.0 * seed / rounds - 1;
      scene.cells = {static_cast<smear::Cell>(cell)};
      const Picture picture = smear::draw_located(scene);
      normalise(view_of(picture, *main_cell(picture), model.input), model.input,
                std::span(inputs).subspan(static_cast<std::size_t>(cell) * each, each));
    }
    const std::vector<std::vector<float>> expected = reference_logits(model, inputs);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::ranges::copy(std::span(inputs).subspan(i * each, each), network->input().begin());
      const auto output = infer(*network, model.input);
      REQUIRE(output.has_value());
      REQUIRE(output->logits.size() == expected[i].size());
      for (std::size_t k = 0; k < expected[i].size(); ++k) {
        const double difference = std::abs(static_cast<double>(output->logits[k]) - expected[i][k]);
        REQUIRE(std::isfinite(difference));
        largest = std::max(largest, difference);
      }
    }
  }
  std::printf("%zu drawn smears: largest difference of a logit from libtorch %.2g\n", count, largest);
  CHECK(largest < kGoldenTolerance);
}
