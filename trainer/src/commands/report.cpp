#include "commands/report.h"

#include <filesystem>
#include <print>

#include "files/read_file.h"
#include "output/model_card.h"
#include "support/files.h"

namespace leukolens::train {

void report_command(const ReportOptions& options) {
  require_extension(options.card, {".md"});
  const std::vector<std::uint8_t> report = value_or_throw(files::read_file(options.report));
  std::vector<std::uint8_t> card;
  const bool is_new = !std::filesystem::exists(options.card);
  if (!is_new) card = value_or_throw(files::read_file(options.card));
  write_atomically(options.card, model_card(as_text(report), options.report, as_text(card), options.licence));
  std::println("{} {}.", is_new ? "Wrote" : "Wrote metadata and figures into", options.card);
}

}  // namespace leukolens::train
