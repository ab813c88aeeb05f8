#include "commands/data.h"

#include <yyjson.h>

#include <catch2/catch_all.hpp>
#include <map>

#include "data/split.h"
#include "leukolens/image.h"
#include "scratch.h"

using namespace leukolens;
using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Eight images of four neutrophils, five of eosinophils, one of them under both labels.
void write_images(const Scratch& scratch) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const std::string name = "data/neutrophil/s" + std::to_string(seed);
    scratch.write(name + "_a.png", smear::encode_png(drawn_field(seed)));
    scratch.write(name + "_b.jpg", smear::encode_jpeg(drawn_field(seed)));
  }
  for (std::uint64_t seed = 11; seed <= 14; ++seed)
    scratch.write("data/eosinophil/s" + std::to_string(seed) + "_a.png",
                  smear::encode_png(drawn_field(seed, smear::Cell::eosinophil)));
  scratch.write("data/eosinophil/wrong_a.png", smear::encode_png(drawn_field(1)));
}

DataOptions options_for(const Scratch& scratch) {
  DataOptions options;
  options.data = {(scratch.path / "data").string()};
  options.threads = 2;
  return options;
}

}  // namespace

TEST_CASE("data writes folds by group that read back as a data set and give the same folds") {
  const Scratch scratch;
  write_images(scratch);
  DataOptions options = options_for(scratch);
  options.out = (scratch.path / "lists" / "folds.csv").string();
  options.folds = 2;
  data_command(options);
  const files::Dataset listed = files::Dataset::open(options.out).value();
  REQUIRE(listed.items().size() == 13);
  std::map<std::string, std::size_t> sizes;
  Samples samples;
  for (const files::Item& item : listed.items()) {
    CHECK(listed.read(item));
    ++sizes[item.group];
    samples.list.push_back({item.source, item.group, item.part, item.label == "neutrophil"});
  }
  CHECK(sizes.size() == 8);
  CHECK(sizes["eosinophil/wrong_a.png"] == 3);
  std::ifstream stream(options.out);
  std::string line;
  std::getline(stream, line);
  CHECK(line == "image,label,group,fold,split,xmin,ymin,xmax,ymax,soft_label");
  const std::vector<Indices> parts = folds(samples, 2, options.seed);
  std::size_t lines = 0;
  for (; std::getline(stream, line); ++lines) {
    const auto item = std::ranges::find_if(
        listed.items(), [&](const files::Item& i) { return line.starts_with(i.source + ","); });
    const auto index = static_cast<std::uint32_t>(item - listed.items().begin());
    const int fold = std::ranges::contains(parts[0], index) ? 1 : 2;
    CHECK_THAT(line, ContainsSubstring(std::format(",{},,,,,", fold)));
  }
  CHECK(lines == 13);
}

TEST_CASE("data writes a split by a rule on the path") {
  const Scratch scratch;
  write_images(scratch);
  DataOptions options = options_for(scratch);
  options.group = "path:s([0-9]+)_";
  options.out = (scratch.path / "split.csv").string();
  data_command(options);
  const files::Dataset listed = files::Dataset::open(options.out).value();
  std::map<std::string, files::Part> parts;
  for (const files::Item& item : listed.items()) {
    CHECK(item.part != files::Part::unassigned);
    if (!item.group.empty()) CHECK(parts.try_emplace(item.group, item.part).first->second == item.part);
  }
  CHECK(parts.size() == 8);
}

TEST_CASE("data lists platelets, and what could be taken for a cell, beside the cells") {
  const Scratch scratch;
  std::string boxes = "image,kind,xmin,ymin,xmax,ymax\n";
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    // A second nucleus without a box would be background; a platelet has a box.
    const smear::Smear drawn = smear::draw({.seed = seed,
                                            .width = 480,
                                            .height = 360,
                                            .cells = {smear::Cell::neutrophil, smear::Cell::platelet},
                                            .platelets = 0});
    const std::string name = std::format("data/neutrophil/{}.png", seed);
    scratch.write(name, smear::encode_png(drawn.image));
    for (const smear::Drawn& one : drawn.cells)
      boxes +=
          std::format("{},{},{},{},{},{}\n", name, one.cell == smear::Cell::platelet ? "Platelets" : "WBC",
                      one.box.x, one.box.y, one.box.x + one.box.width, one.box.y + one.box.height);
    boxes += std::format("{},RBC,0,0,40,40\n", name);
  }
  scratch.write("boxes.csv", boxes);
  DataOptions options = options_for(scratch);
  options.boxes = (scratch.path / "boxes.csv").string();
  options.out = (scratch.path / "list.csv").string();
  data_command(options);
  std::map<std::string, int> counts;
  std::map<std::string, std::string> group_of;
  const files::Dataset listed = files::Dataset::open(options.out).value();
  for (const files::Item& item : listed.items()) {
    ++counts[item.label];
    CHECK(item.box.has_value() == (item.label != "neutrophil"));
    CHECK(group_of.try_emplace(item.source, item.group).first->second == item.group);
  }
  CHECK(counts["neutrophil"] == 4);
  CHECK(counts["platelet"] >= 1);  // those that touch no cell
  CHECK(counts["background"] >= 1);
  scratch.write("boxes.csv", "image,kind\ndata/neutrophil/1.png,WBC\n");
  CHECK_THROWS_WITH(data_command(options), ContainsSubstring("has no boxes in these images"));
}

TEST_CASE("data refuses a box whose kind it does not know, and names it") {
  const Scratch scratch;
  scratch.write("data/neutrophil/1.png", smear::encode_png(drawn_field(1)));
  DataOptions options = options_for(scratch);
  options.boxes = (scratch.path / "boxes.csv").string();
  options.out = (scratch.path / "list.csv").string();
  scratch.write("boxes.csv",
                "image,kind,xmin,ymin,xmax,ymax\ndata/neutrophil/1.png,RBC,0,0,9,9\n"
                "data/neutrophil/1.png,Artefact,40,40,60,60\n");
  CHECK_THROWS_WITH(data_command(options),
                    "\"artefact\", a box of data/neutrophil/1.png, is no kind of box: it must be WBC, RBC, "
                    "Platelets or a label of the cells.");
}

TEST_CASE("data does not take the cells of one field for duplicates") {
  const Scratch scratch;
  scratch.write("field.png", smear::encode_png(drawn_field(1)));
  scratch.write("other.png", smear::encode_png(drawn_field(2)));
  scratch.write("list.csv",
                "image,label,xmin,ymin,xmax,ymax\nfield.png,neutrophil,0,0,40,40\n"
                "field.png,eosinophil,50,50,90,90\nother.png,neutrophil,0,0,40,40\n");
  DataOptions options = options_for(scratch);
  options.data = {(scratch.path / "list.csv").string()};
  options.json = (scratch.path / "data.json").string();
  data_command(options);
  yyjson_doc* document = yyjson_read_file(options.json.c_str(), 0, nullptr, nullptr);
  REQUIRE(document);
  yyjson_val* root = yyjson_doc_get_root(document);
  CHECK(yyjson_get_int(yyjson_ptr_get(root, "/images")) == 3);
  CHECK(yyjson_arr_size(yyjson_ptr_get(root, "/nearDuplicates")) == 0);
  CHECK(yyjson_arr_size(yyjson_ptr_get(root, "/clusters")) ==
        1);  // one split keeps them together all the same
  yyjson_doc_free(document);
}

TEST_CASE("data keeps the soft labels of a list") {
  const Scratch scratch;
  write_images(scratch);
  std::string list = "image,label,soft_label\n";
  for (int i = 1; i <= 4; ++i)
    list += std::format("data/neutrophil/s{}_a.png,neutrophil,{}\ndata/eosinophil/s1{}_a.png,eosinophil,\n",
                        i, i == 2 ? "Eosinophil" : "", i);
  scratch.write("list.csv", list);
  DataOptions options = options_for(scratch);
  options.data = {(scratch.path / "list.csv").string()};
  options.out = (scratch.path / "out.csv").string();
  data_command(options);
  const files::Dataset listed = files::Dataset::open(options.out).value();
  REQUIRE(listed.items().size() == 8);
  for (const files::Item& item : listed.items())
    CHECK(item.soft_label == (item.source.ends_with("s2_a.png") ? "eosinophil" : ""));
}

TEST_CASE("data tells in JSON what contradicts itself and what a random split would leak") {
  const Scratch scratch;
  write_images(scratch);
  scratch.write("data/eosinophil/empty.png", "");
  scratch.write("data/eosinophil/broken.png", "not an image");
  DataOptions options = options_for(scratch);
  options.json = (scratch.path / "data.json").string();
  options.sheet = (scratch.path / "sheet.png").string();
  data_command(options);
  yyjson_doc* document = yyjson_read_file(options.json.c_str(), 0, nullptr, nullptr);
  REQUIRE(document);
  yyjson_val* root = yyjson_doc_get_root(document);
  CHECK(yyjson_get_int(yyjson_ptr_get(root, "/images")) == 13);
  CHECK(yyjson_get_int(yyjson_ptr_get(root, "/labels/0/images")) == 5);
  CHECK(std::string(yyjson_get_str(yyjson_ptr_get(root, "/leftOut/0/reason"))) == "empty file");
  CHECK(std::string(yyjson_get_str(yyjson_ptr_get(root, "/unreadable/0/source"))) == "eosinophil/broken.png");
  CHECK(std::string(yyjson_get_str(yyjson_ptr_get(root, "/sizes/0/size"))) == "320x240");
  CHECK(yyjson_arr_size(yyjson_ptr_get(root, "/clusters")) == 4);
  CHECK(yyjson_get_bool(yyjson_ptr_get(root, "/nearDuplicates/0/contradictory")));
  CHECK(std::string(yyjson_get_str(yyjson_ptr_get(root, "/nearDuplicates/0/same"))) == "bytes");
  CHECK(yyjson_get_int(yyjson_ptr_get(root, "/leaks/ungrouped/tested")) > 0);
  yyjson_doc_free(document);
  const auto bytes = files::read_file(options.sheet).value();
  CHECK(decode(bytes).value().width == 1016);
}

TEST_CASE("data whose images are mostly broken is refused") {
  const Scratch scratch;
  write_images(scratch);
  for (int i = 0; i < 3; ++i) scratch.write("data/ig/" + std::to_string(i) + ".png", "no image");
  CHECK_THROWS_WITH(data_command(options_for(scratch)), ContainsSubstring("3 of 16 images cannot be read"));
}
