// One line that tells how far a long step has come.
#pragma once

#include <string>

#include "support/parallel.h"

namespace leukolens::train {

/// Redrawn in place, at most ten times a second. Where standard error is no terminal (logs, pipes): a line of
/// its own every ten seconds.
class ProgressLine {
 public:
  ProgressLine();
  /// `share`: how much is done, from 0 to 1.
  void show(double share, const std::string& text);
  void clear();
  /// Shows "reading 17/280 images", and throws once reading is cancelled. The line must outlive the function.
  OnProgress counter(const std::string& doing, const std::string& what);

 private:
  bool terminal_;
  double last_ = 0, start_ = 0;  // s
};

}  // namespace leukolens::train
