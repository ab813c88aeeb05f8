// What to train and how: a recipe, read from TOML.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leukolens/model.h"
#include "locator/locator_recipe.h"
#include "training/augment.h"

namespace leukolens::train {

struct Optimiser {
  enum class Type { sgd, adam, adamw, muon };
  Type type = Type::adam;
  double learning_rate = 1e-3;
  double epsilon = 1e-8;    // Adam's, inside the denominator
  double momentum = 0.9;    // of sgd, and of muon's filters
  double weight_decay = 0;  // L2 for sgd and adam, decoupled for adamw and muon
  double depth_decay = 1;   // each layer with weights learns at this share of the rate of the one after it
};

/// How the learning rate changes; its peak is Optimiser::learning_rate.
struct Schedule {
  enum class Type { constant, step, cosine, one_cycle };
  Type type = Type::constant;
  double warm_up = 0;   // epochs of linear growth from nothing
  double every = 30;    // step: epochs between two drops
  double factor = 0.1;  // step: of each drop
  double final = 0.01;  // cosine, one_cycle: share of the peak at the end
};

/// How much an image of a class counts in the loss, beside those of others; see class_weights().
struct ClassWeights {
  bool balanced = false;                     // the fewer an epoch shows of it
  std::map<std::string, double> by_label{};  // 1 where it is not named
};

struct Training {
  enum class Keep { best, last };
  enum class Layers { all, last, head };
  Layers layers = Layers::all;  // which learn where training goes on from a model: all, the last convolution
                                // and all after it, or the head alone (flatten, global_avg_pool and dense)
  int epochs = 100;
  int batch = 16;
  int patience = 10;          // epochs without a lower validation loss before stopping; not for keep "last"
  Keep keep = Keep::best;     // the weights of the lowest validation loss, or the last
  double validation = 0.15;   // share of the images set aside, where the data names no validation part
  int samples_per_epoch = 0;  // 0: each training image once
  double balance = 0;  // 0: labels as often as they occur; 1: equally often; between: count^(1 - balance)
  double source_balance =
      0;  // of several data sets: 0 draws each as often as it is large, 1 each equally often
  ClassWeights class_weights = {};  // how much an image of a class counts in the loss; "balanced": the fewer
                                    // an epoch shows of the class. The mean over all images stays 1.
  double label_smoothing = 0;       // share of the target spread over all labels (Szegedy et al., CVPR 2016)
  double teacher_share = 0.5;       // with teachers: share of the loss that their answers have
  double teacher_temperature = 2;   // divides the logits where teacher and network are compared
  double negatives = 0;  // share of drawn pictures that show no cell, whose target is every label equally
  double ema = 0;        // decay of the moving average of the weights; 0: none
  bool batch_norm =
      false;              // after each convolution, folded into it when training ends (Ioffe & Szegedy 2015)
  bool bfloat16 = false;  // convolutions in bfloat16, weights and sums in float
};

struct Recipe {
  std::string name;
  std::vector<Label> labels;  // empty: those of the data; of a locator kFoundIds
  Input input;
  std::vector<Layer> layers;  // without weights; a last dense layer with 0 units gets one for each label.
                              // Empty: only for going on from a model
  Optimiser optimiser;
  Schedule schedule;
  Training training;
  Augmentation augmentation;
  std::optional<LocatorTraining> locator;  // of a recipe with a table [detection]
  std::vector<Recipe> teachers;  // by which networks are trained first, whose answers are learnt too
  std::string text;  // the file itself, for the record; where there were settings, TOML that has them
};

inline constexpr int kMostTeachers = 9;  // of a recipe

/// Parses TOML. `source` names the text in errors. `settings`: "KEY=VALUE" each, as "training.epochs=3",
/// which take the place of what the text says; a text needs no quotes. Throws std::runtime_error with line
/// and, for unknown keys and values, the nearest that exists. Shapes are checked by model_of(), once the
/// labels are known.
Recipe parse_recipe(std::string_view text, const std::string& source,
                    const std::vector<std::string>& settings = {});

/// Whether two texts say the same, whatever their comments and layout. False where one is not TOML.
bool same_recipe(std::string_view a, std::string_view b);

/// Reads a recipe by path, or by the name of one of those in `folder`. Throws std::runtime_error.
Recipe load_recipe(const std::string& name_or_path, const std::filesystem::path& folder,
                   const std::vector<std::string>& settings = {});

/// A model without weights: the recipe's network for these labels, its shapes checked. Throws
/// std::runtime_error.
Model model_of(const Recipe& recipe, const std::vector<Label>& labels);

/// A label for people: "eosinophil" is "Eosinophil", "ig" is "Immature granulocyte".
Label label_of(const std::string& id);

}  // namespace leukolens::train
