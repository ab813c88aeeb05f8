// A model card from the figures of a report: Markdown with the metadata that Hugging Face reads.
#pragma once

#include <string>
#include <string_view>

namespace leukolens::train {

/// `report`: the JSON that write_report() wrote; `name` names it in errors. `card`: the card as it is; empty:
/// there is none yet. What is written by hand stays: of an existing card the metadata at its beginning and
/// what stands between kFiguresBegin and kFiguresEnd are made anew, and a card without these lines is
/// refused. A new card has the usual headings (Mitchell et al., Model Cards for Model Reporting, 2019), and
/// says in each what is to be said there. `licence`: an SPDX id in lower case, as Hugging Face wants it;
/// empty: that of the card, or none. Throws std::runtime_error with one sentence.
std::string model_card(std::string_view report, const std::string& name, std::string_view card,
                       const std::string& licence);

inline constexpr std::string_view kFiguresBegin = "<!-- figures, by leukolens-train report -->",
                                  kFiguresEnd = "<!-- end of figures -->";

}  // namespace leukolens::train
