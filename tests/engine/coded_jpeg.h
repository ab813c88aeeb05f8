// JPEGs from coefficients, in every order that files bring them in: what stb_image_write cannot make.
#pragma once

#include "hostile.h"

namespace leukolens::test::jpeg {

struct Coding {
  int width = 8, height = 8;
  std::vector<std::array<int, 2>> sampling{{1, 1}, {1, 1}, {1, 1}};  // of each component, across and down
  int restart_interval = 0;                                          // in units
  bool separate = false;                                             // a scan for each component
  /// DC and AC apart and, of both, the lowest bit in scans of its own.
  bool progressive = false;
  Bytes extra;                // segments behind the start
  const char* names = "123";  // of the components
};

/// With coefficients that follow from component and place, all quantisation steps being 2: the same pixels
/// whatever the order.
Bytes coded(const Coding& coding);

}  // namespace leukolens::test::jpeg
