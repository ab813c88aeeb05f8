#include "locator/locator_recipe.h"

#include "support/toml_table.h"

namespace leukolens::train {

Detection read_detection(Table table) {
  Detection result;
  result.diameter = static_cast<float>(table.number("diameter", result.diameter, 1, 512));
  result.min_score = static_cast<float>(table.number("min_score", result.min_score, 0, 1));
  table.finish();
  return result;
}

std::vector<LocatorSource> read_sources(std::vector<Table> tables) {
  using Kind = LocatorSource::Kind;
  std::vector<LocatorSource> result;
  for (Table& table : tables) {
    LocatorSource source;
    source.kind = table.choice<Kind>(
        "kind", Kind::boxes, {{"boxes", Kind::boxes}, {"empty", Kind::empty}, {"crops", Kind::crops}});
    source.path = table.text("path", "");
    if (source.path.empty()) table.refuse("a source needs a path below the folder of the data.");
    source.share = table.number("share", 1, 0, 1000);
    table.range("scale", source.scale, 0.01, 10);
    if (source.kind == Kind::boxes) {
      source.platelets = table.flag("platelets");
      source.overlap = table.number("overlap", source.overlap, 0.01, 1);
    }
    if (source.kind == Kind::crops) {
      source.masks = table.text("masks", "");
      if (source.masks.empty()) source.diameter = table.number("diameter", 100, 4, 4096);
    }
    source.leave_out = table.texts("leave_out");
    table.finish();
    result.push_back(std::move(source));
  }
  return result;
}

}  // namespace leukolens::train
