// import: a network that was trained elsewhere, from ONNX.
#pragma once

#include <string>
#include <vector>

namespace leukolens::train {

/// What is left out is taken from the file's metadata, as export writes it, or is as said.
struct ImportOptions {
  std::string onnx, out, command_line;
  std::string name;                 // empty: that of the file
  std::vector<std::string> labels;  // in the order of the answers
  std::string size;                 // "64" or "64x48", width first; empty: the graph's
  double scale = 0;                 // what a white pixel is before mean and std; 0: 1, pixels from 0 to 1
  std::vector<float> mean, std;     // one or three; empty: 0 and 1
  std::string region;               // "whole" or "cell"; empty: whole
  float extent = 0;                 // of a cell's view, in red cells; 0: 3
  std::string output;               // empty: the only one
};

void import_command(const ImportOptions& options);

}  // namespace leukolens::train
