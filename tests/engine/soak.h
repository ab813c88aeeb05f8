// What is done over and over to see whether anything is left behind.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "hostile.h"
#include "leukolens/classifier.h"
#include "networks.h"
#include "smear.h"

namespace leukolens::test {

/// How many times as much as among the other tests: LEUKOLENS_SOAK.
inline int soak() {
  const char* times = std::getenv("LEUKOLENS_SOAK");
  return times ? std::max(std::atoi(times), 1) : 1;
}

inline Image drawn_cell() {
  smear::Scene scene;
  scene.seed = 5;
  scene.width = 160;
  scene.height = 120;
  scene.cells = {smear::Cell::neutrophil};
  return smear::draw(scene).image;
}

inline Model cell_model() {
  Model model = make_varied_model();
  model.input.region = Input::Region::cell;
  return model;
}

/// Loads a model and a locator, opens a picture ten times, and has it classified, counted and explained.
class Use {
 public:
  /// Whether everything was answered.
  bool operator()() const {
    auto locator = Locator::load(locator_);
    if (!locator) return false;
    auto classifier = Classifier::load(model_, std::make_shared<Locator>(*std::move(locator)));
    if (!classifier) return false;
    for (int i = 0; i < 10; ++i) {
      const auto picture = open(file_);
      if (!picture || !classifier->classify(*picture) || !classifier->classify_field(*picture) ||
          !classifier->explain(*picture))
        return false;
    }
    return true;
  }

 private:
  std::vector<std::uint8_t> model_ = *write_model(cell_model()),
                            locator_ = *write_model(make_locator_model(3));
  Bytes file_ = encode_png(drawn_cell());
};

}  // namespace leukolens::test
