// report: what can be made of a report's figures.
#pragma once

#include <string>

namespace leukolens::train {

struct ReportOptions {
  std::string report;         // the JSON of a report
  std::string card, licence;  // card: Markdown file to write, or to write the figures into
};

void report_command(const ReportOptions& options);

}  // namespace leukolens::train
