// From a picture to a verdict.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "leukolens/explain.h"
#include "leukolens/network.h"
#include "leukolens/picture.h"
#include "leukolens/profile.h"
#include "leukolens/stain.h"

namespace leukolens {

enum class Verdict { classified, unsure, rejected };
std::string_view name(Verdict verdict);

/// Milliseconds. What the picture took, decode_ms and locate_ms, is the same in every answer about it.
struct Timings {
  double decode_ms = 0, locate_ms = 0, prepare_ms = 0, infer_ms = 0;
};

/// What the network says of one image or one cell.
struct Judgement {
  Verdict verdict = Verdict::rejected;
  std::optional<int> label;         // index into Model::labels; none when rejected
  float confidence = 0;             // the largest probability
  std::optional<float> typicality;  // see typicality(); none where the model has no statistics
  // Called a lymphocyte, but its nucleus is large for the red cells: could be a reactive lymphocyte or a
  // blast. Answers list it among their "flags".
  bool large_lymphoid = false;
  static constexpr std::string_view kLargeLymphoid = "large_lymphoid";
  std::vector<float> probabilities;  // one for each label, in the model's order, summing to 1; none without a
                                     // cell to look at
};

struct Cell : Judgement {
  Located located;
};

struct Classification : Judgement {
  std::vector<Cell> cells;  // the one that was looked at; none if the network sees the whole picture
  StainScale stain;         // in which it was looked at
  float red_cell = 0;       // as in Field
  Timings timings;
};

struct FieldClassification {
  std::vector<Cell> cells;  // all white cells, the surest first
  StainScale stain;         // in which they were looked at
  float red_cell = 0;       // as in Field
  Timings timings;          // of all cells together
};

/// A heatmap, and what the network says of the same view.
struct Explanation : Heatmap {
  float probability = 0;  // of the label that is explained
  Timings timings;
};

/// A model and a network in one. Not thread-safe.
class Classifier {
 public:
  /// `model_file`: the bytes of a .safetensors file; not needed after the call. A model that sees the whole
  /// picture needs no locator; one that looks at located cells needs one for pictures that are not located
  /// yet. Errors: those of read_model() and Network::create(); unsupported_model if the model is a locator.
  static Result<Classifier> load(std::span<const std::uint8_t> model_file,
                                 std::shared_ptr<Locator> locator = nullptr);

  /// Finds the cells of a picture, unless that has been done or the network sees the whole picture; whatever
  /// is asked about a picture does it first. Errors: those of Locator::locate(); empty_input;
  /// invalid_argument if there is no locator and it is needed.
  Result<void> locate(const Picture& picture);

  /// Of the picture's main cell or, with `at`, of the cell nearest to that point; of the whole picture where
  /// the network sees it so. Errors: those of infer() and locate(); invalid_argument if there is a point and
  /// the network sees the whole picture.
  Result<Classification> classify(const Picture& picture, std::optional<Point> at = {});
  /// The same of a file. Errors: those of decode() too.
  Result<Classification> classify(std::span<const std::uint8_t> file, std::optional<Point> at = {});

  /// Every white cell of a field. Errors: those of infer() and locate(); invalid_argument if the network sees
  /// the whole picture.
  Result<FieldClassification> classify_field(const Picture& picture);
  /// The same of a file. Errors: those of decode() too.
  Result<FieldClassification> classify_field(std::span<const std::uint8_t> file);

  /// The same of cells that somebody framed (see framed_cell()), in that order. Errors: those of
  /// classify_field() of a picture; invalid_argument too if a frame shows none of the picture.
  Result<FieldClassification> classify_framed(const Picture& picture, std::span<const Rect> frames);

  /// What speaks for a label, by default the most probable one, in the view of exactly this cell of the
  /// picture. Errors: those of infer(), locate() and leukolens::explain(); invalid_argument if the network
  /// sees the whole picture.
  Result<Explanation> explain(const Picture& picture, const Located& cell, std::optional<int> label = {});
  /// The same of what classify() looks at. Errors: those of infer(), locate() and leukolens::explain();
  /// invalid_argument if no white cell is found.
  Result<Explanation> explain(const Picture& picture, std::optional<int> label = {});
  /// The same of a file. Errors: those of decode() too.
  Result<Explanation> explain(std::span<const std::uint8_t> file, std::optional<int> label = {});

  /// What a profile is fitted to (see embedding_size()), of a cell of the picture in this stain, or of the
  /// whole picture, without a cell, where the network sees it so. Looks from four sides, which brings more
  /// than it costs (models/flagship-experiments.md). Errors: those of infer(); invalid_argument if there is a
  /// cell and the network sees the whole picture.
  Result<std::vector<float>> embed(const Picture& picture, const Located* cell, const StainScale& stain = {});

  /// Milliseconds of each of `iterations` (at least 1) runs of the network alone, on whatever it saw last.
  /// Errors: those of Network::run().
  Result<std::vector<double>> benchmark(int iterations);

  /// From now on pictures that are not located yet are located by this.
  void use_locator(std::shared_ptr<Locator> locator) { locator_ = std::move(locator); }

  /// From now on answers are corrected by a profile of this model, or no longer. Verdicts, confidences and
  /// probabilities change; embeddings, typicality and heatmaps are the model's own. The network then looks at
  /// each cell from four sides, unless the profile is of the stain alone. Cells are shown to it in the
  /// profile's stain, else in that of a picture with five cells or more (see even_stain()).
  void use(std::optional<Profile> profile) { profile_ = std::move(profile); }
  const std::optional<Profile>& profile() const { return profile_; }

  /// Weights are dropped once the network has packed them, but for the head's, which explanations need;
  /// everything else about the model stays.
  const Model& model() const { return model_; }

 private:
  Classifier(Model model, Network network, std::shared_ptr<Locator> locator);
  struct Inference;
  StainScale stain_of(const Picture& picture) const;
  Image view(const Picture& picture, const Located* cell, const StainScale& stain) const;
  Result<NetworkOutput> look(const Image& view, Looks looks);
  Result<Inference> infer_view(const Picture& picture, const Located* cell, Timings& timings);
  Result<Judgement> judge(const Picture& picture, const Located* cell, Timings& timings);
  Result<FieldClassification> classify_cells(const Picture& picture, std::span<const Located> cells);
  Result<Explanation> explain_view(const Picture& picture, const Located* cell, std::optional<int> label);
  Model model_;
  Network network_;
  std::shared_ptr<Locator> locator_;
  std::optional<Profile> profile_;
};

}  // namespace leukolens
