// The part of a recipe that trains a locator: what it finds, and what it learns it from.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

class Table;

/// The labels of every locator, in this order.
enum class Found { white_cell, platelet };
inline constexpr std::array<const char*, 2> kFoundIds{"white_cell", "platelet"};

/// A place where images lie, and what is known of them.
struct LocatorSource {
  enum class Kind {
    boxes,  // a list of boxes, image,kind,xmin,ymin,xmax,ymax: all white cells, or all platelets too
    empty,  // a folder of fields without a white cell
    crops,  // folders of images of one cell, in the middle; the folder `platelet` of platelets
  };
  Kind kind = Kind::boxes;
  std::string path;          // below the folder of the data
  std::string masks;         // of crops: a folder of the cells' masks by file name; all but the cell is black
  double share = 0;          // of the samples
  double scale[2] = {1, 1};  // size in training, from and to
  double diameter = 0;     // px; of crops without masks: about that of a cell, until the network knows better
  bool platelets = false;  // boxes: every platelet is listed
  double overlap = 0.5;    // boxes: intersection by union from which on a box found is one listed
  std::vector<std::string> leave_out;  // file names
};

/// The tables [detection] and [[sources]] of a recipe, and what [training] has besides.
struct LocatorTraining {
  Detection detection;
  int steps = 3000;   // batches
  int crop = 256;     // px; side of the samples
  double smears = 0;  // share of the samples: drawn smears
  double relabel =
      0.3;  // share of the steps after which, each time, the network labels what crops do not tell
  double density = 0.25;  // deviation of the logarithm that each channel's optical density is multiplied by
  std::vector<LocatorSource> sources;
};

Detection read_detection(Table table);
std::vector<LocatorSource> read_sources(std::vector<Table> tables);

}  // namespace leukolens::train
