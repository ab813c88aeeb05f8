// Reads and writes NAME.microscope.json. What is read is as strict as a model file: every number is checked,
// everything unknown is refused.
#include <algorithm>
#include <cmath>

#include "leukolens/profile.h"
#include "leukolens/sha256.h"
#include "model/checksum.h"
#include "model/json_text.h"
#include "model/members.h"

namespace leukolens {
namespace {

constexpr int kDigits = 10'000;  // numbers are multiples of 1 / kDigits, see adapt()
constexpr double kMostWeight = 1e4, kMostLoss = 1e2;

std::string fixed(float number) {
  const auto units = static_cast<long long>(std::nearbyint(double(number) * kDigits));
  std::string digits = std::to_string(std::abs(units) % kDigits);
  digits.insert(0, 4 - digits.size(), '0');
  return (units < 0 ? "-" : "") + std::to_string(std::abs(units) / kDigits) + "." + digits;
}

std::string fixed(std::span<const float> numbers) {
  JsonList list = json_array();
  for (const float number : numbers) list.item(fixed(number));
  return list.json();
}

std::string describe(const Fitness& fitness) {
  return json_object()
      .member("accuracy", fixed(fitness.accuracy))
      .member("log_loss", fixed(fitness.log_loss))
      .member("calibration_error", fixed(fitness.calibration_error))
      .json();
}

Fitness read_fitness(const Json* value, const char* where, std::string& error) {
  Members members(value, where, error);
  const Fitness fitness{.accuracy = members.number("accuracy", 0, 1, 0),
                        .log_loss = members.number("log_loss", 0, kMostLoss, 0),
                        .calibration_error = members.number("calibration_error", 0, 1, 0)};
  members.done();
  return fitness;
}

std::vector<int> read_counts(const Json* value, std::size_t labels, Members& members) {
  std::vector<int> counts;
  for (const Json& item : array(value))
    counts.push_back(item.integer && item.number >= 0 && item.number <= double(kMaxExamples)
                         ? static_cast<int>(item.number)
                         : -1);
  if (counts.size() != labels || std::ranges::contains(counts, -1))
    members.complain("needs a count for each label in 'examples'");
  return counts;
}

JsonList members_of(const Profile& profile, const Model& model) {
  JsonList counts = json_array(), rows = json_array();
  for (const int count : profile.examples) counts.item(std::to_string(count));
  const std::size_t size = profile.weights.size() / profile.biases.size();
  for (std::size_t label = 0; label < profile.biases.size(); ++label)
    rows.item(json_object()
                  .member("label", quoted(model.labels[label].id))
                  .member("bias", fixed(profile.biases[label]))
                  .member("weights", fixed(std::span(profile.weights).subspan(label * size, size)))
                  .json());
  JsonList out = json_object();
  out.member("leukolens_microscope", kProfileFormat)
      .member("name", quoted(profile.name))
      .member("model", quoted(model.name))
      .member("model_sha256", quoted(profile.model_sha256))
      .member("examples", counts.json())
      .member("temperature", fixed(profile.temperature))
      .member("before", describe(profile.before))
      .member("after", describe(profile.after));
  if (!profile.stain.is_none())
    out.member("stain", json_object()
                            .member("factors", fixed(profile.stain.factors))
                            .member("cells", profile.stain.cells)
                            .json());
  return out.member("weights", rows.json());
}

// Of what is written of it, however a file that was read sets it; whoever has the profile may rename it.
std::string checksum_of(Profile profile, const Model& model) {
  profile.name.clear();
  return sha256(members_of(profile, model).json());
}

std::unexpected<Error> corrupt(std::string message) {
  return fail(ErrorCode::corrupt_profile, std::move(message));
}

}  // namespace

Result<Profile> read_profile(std::span<const std::uint8_t> file, const Model& model) {
  if (file.size() > kMaxProfileFile) return corrupt("The profile is larger than 1 MiB.");
  const auto root = Json::parse({reinterpret_cast<const char*>(file.data()), file.size()});
  if (!root) return corrupt("The profile is not strict JSON.");
  std::string error;
  Members members(&*root, "The profile", error);
  const int format = members.integer("leukolens_microscope", 0, 1 << 30);
  if (!error.empty()) return corrupt("This is not a microscope profile of Leukolens.");
  if (format != kProfileFormat)
    return fail(ErrorCode::unsupported_profile, "The profile has format " + std::to_string(format) +
                                                    "; this version reads format " +
                                                    std::to_string(kProfileFormat) + ": update Leukolens.");
  Profile profile{.name = members.string("name"), .model_sha256 = members.string("model_sha256")};
  const std::string name_of_model = members.string("model");
  if (error.empty() && profile.model_sha256 != model.sha256)
    return fail(ErrorCode::unsupported_profile, "The profile '" + profile.name +
                                                    "' belongs to another model than '" + model.name +
                                                    "': load that one, or learn the microscope anew.");
  const std::size_t labels = model.labels.size(), size = embedding_size(model) - labels;
  profile.examples = read_counts(members.get("examples"), labels, members);
  profile.temperature = members.number("temperature", 0.1, 10, 1);
  profile.before = read_fitness(members.get("before"), "The profile's 'before'", error);
  profile.after = read_fitness(members.get("after"), "The profile's 'after'", error);
  if (const Json* value = members.get("stain")) {
    Members stain(value, "The profile's stain", error);
    stain.numbers("factors", 0.1, 10, profile.stain.factors);
    profile.stain.cells = stain.integer("cells", 0, static_cast<int>(kMaxExamples));
    stain.done();
  }
  profile.biases.resize(labels);
  profile.weights.resize(labels * size);
  const auto rows = array(members.get("weights"));
  if (rows.size() != labels) members.complain("needs a row of 'weights' for each label");
  for (std::size_t label = 0; error.empty() && label < labels; ++label) {
    Members row(&rows[label], "A row of the profile's weights", error);
    const std::string id = row.string("label");
    if (id != model.labels[label].id) row.complain("has another label than the model");
    if (!rows[label].find("bias") || !rows[label].find("weights")) row.complain("needs 'bias' and 'weights'");
    profile.biases[label] = row.number("bias", -kMostWeight, kMostWeight, 0);
    row.numbers("weights", -kMostWeight, kMostWeight, std::span(profile.weights).subspan(label * size, size));
    row.done();
  }
  const Json* checksum = members.get(kChecksum);  // old files have none
  members.done();
  if (!error.empty()) return corrupt(error);
  if (name_of_model != model.name || (checksum && checksum->string != checksum_of(profile, model)))
    return corrupt("The profile is damaged: its checksum is another.");
  return profile;
}

std::string write_profile(const Profile& profile, const Model& model) {
  JsonList members = members_of(profile, model);
  return members.member(kChecksum, quoted(checksum_of(profile, model))).json();
}

}  // namespace leukolens
