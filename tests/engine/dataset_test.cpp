#include "files/dataset.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_all.hpp>
#include <format>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "../trainer/scratch.h"

using namespace leukolens;
using namespace leukolens::files;
using train::Scratch;
namespace fs = std::filesystem;

namespace {

void write_zip(const fs::path& path, const std::vector<std::string>& names) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive);
  for (const std::string& entry : names) {
    zip_file_add(archive, entry.c_str(), zip_source_buffer(archive, "bytes", 5, 0), 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

std::array<int, 4> box_of(const Item& item) {
  return {item.box->x, item.box->y, item.box->width, item.box->height};
}

}  // namespace

TEST_CASE("folders are labels, in lower case, at any depth") {
  const Scratch scratch;
  scratch.write("deep/down/Eosinophil/a.JPG", "x");
  scratch.write("MONOCYTE/b.jfif", "x");  // as some browsers save JPEG
  const Dataset data = Dataset::open(scratch.path).value();
  REQUIRE(data.items().size() == 2);
  CHECK(data.items()[0].label == "monocyte");
  CHECK(data.items()[1].label == "eosinophil");
  CHECK(data.read(data.items()[1]).value() == std::vector<std::uint8_t>{'x'});
}

TEST_CASE("empty, hidden and foreign files are left out, and said") {
  const Scratch scratch;
  scratch.write("a/one.png", "x");
  scratch.write("a/empty.png", "");
  scratch.write("a/notes.txt", "x");
  scratch.write("a/.hidden.png", "x");
  scratch.write("loose.png", "x");
  const Dataset data = Dataset::open(scratch.path).value();
  CHECK(data.items().size() == 1);
  REQUIRE(data.skipped().size() == 3);
  CHECK(data.skipped()[0].reason == "empty file");
  CHECK(data.skipped()[1].reason == "not an image by its name");
  CHECK(data.skipped()[2].reason == "not in a folder named after its class");
}

TEST_CASE("a zip is read as the published archive is packed") {
  const Scratch scratch;
  const fs::path path = scratch.path / "data.zip";
  write_zip(path, {"a/b/images/TRAIN/NEUTROPHIL/_0_1.jpeg", "a/b/images/TEST/NEUTROPHIL/_0_2.jpeg",
                   "a/b/images/TEST_SIMPLE/MONOCYTE/_0_3.jpeg", "a/JPEGImages/BloodImage_00000.jpg",
                   "__MACOSX/a/b/images/TRAIN/NEUTROPHIL/._0_1.jpeg"});
  const Dataset data = Dataset::open(path).value();
  REQUIRE(data.items().size() == 3);
  CHECK(data.items()[0].part == Part::test);
  CHECK(data.items()[1].part == Part::test_simple);
  CHECK(data.items()[2].part == Part::train);
  CHECK(data.skipped().size() == 1);
  CHECK(data.read(data.items()[0]).value().size() == 5);
}

TEST_CASE("a CSV gives labels, groups, parts, boxes and soft labels") {
  const Scratch scratch;
  scratch.write("cells.csv",
                "image,label,group,split,xmin,ymin,xmax,ymax,soft_label\r\n"
                "\"odd, name.png\",Monocyte,slide 1,train,10,20,110,220,\n"
                "b.png,ig,,test,,,,,Neutrophil\n"
                ",ig,,,,,,,\n");
  const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
  REQUIRE(data.items().size() == 2);
  const Item& boxed = data.items()[1];
  CHECK(boxed.source == "odd, name.png");
  CHECK(boxed.label == "monocyte");
  CHECK(boxed.group == "slide 1");
  CHECK(boxed.part == Part::train);
  CHECK(boxed.box->width == 100);
  CHECK(boxed.soft_label.empty());
  CHECK_FALSE(data.items()[0].box);
  CHECK(data.items()[0].soft_label == "neutrophil");
  CHECK(data.skipped()[0].source == "line 4");
}

TEST_CASE("a CSV gives folds, and a row whose fold is no number is left out and named") {
  const Scratch scratch;
  scratch.write("cells.csv", "image,label,fold\na.png,ig,2\nb.png,ig,\nc.png,ig,second\nd.png,ig,-1\n");
  const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
  REQUIRE(data.items().size() == 2);
  CHECK(data.items()[0].fold == 2);
  CHECK(data.items()[1].fold == 0);
  REQUIRE(data.skipped().size() == 2);
  CHECK(data.skipped()[0].source == "line 4");
  CHECK(data.skipped()[0].reason == "fold is no number from 1");
}

TEST_CASE("labels are ids that a model can have, whatever folders and lists call them") {
  const Scratch scratch;
  for (const char* folder :
       {"Band, \"Young\"", " Smudge  Cell ", "it's", "ÄRZTE-Größe", "中性粒", "a_b-2", "x\xc2\x9b²"})
    scratch.write(std::string(folder) + "/x.png", "x");
  scratch.write("caf\xe9/x.png", "x");  // Latin-1
  std::vector<std::string> labels;
  const Dataset data = Dataset::open(scratch.path).value();
  for (const Item& item : data.items()) labels.push_back(item.label);
  std::ranges::sort(labels);
  CHECK(labels == std::vector<std::string>{"a_b-2", "band_young_", "it_s", "smudge_cell", "x_", "ärzte-größe",
                                           "中性粒"});
  REQUIRE(data.skipped().size() == 1);
  CHECK(data.skipped()[0].reason == "its folder has a name that is not UTF-8");
  scratch.write("cells.csv", "image,label,soft_label\na.png,Band Neutrophil,Smudge Cell\nb.png,caf\xe9,\n");
  const Dataset listed = Dataset::open(scratch.path / "cells.csv").value();
  REQUIRE(listed.items().size() == 1);
  CHECK(listed.items()[0].label == "band_neutrophil");
  CHECK(listed.items()[0].soft_label == "smudge_cell");
  CHECK(listed.skipped()[0].reason == "its label is not UTF-8: save the list in UTF-8");
}

TEST_CASE("letters parted from their accents, as macOS writes names, are the same labels, groups and files") {
  const Scratch scratch;
  const std::map<std::string, std::string> spellings{
      // composed, decomposed
      {"Éosinophile", "E\u0301osinophile"},
      {"Hồng cầu", "Ho\u0302\u0300ng ca\u0302\u0300u"},
      {"リンパ球", "リンハ\u309a球"},
      {"호중구", "\u1112\u1169\u110c\u116e\u11bc\u1100\u116e"}};
  std::string csv = "image,label,soft_label,group,sample\n";
  for (const auto& [composed, decomposed] : spellings) {
    scratch.write("folders/" + composed + "/a.png", "x");
    scratch.write("folders/" + decomposed + "/b.png", "x");
    csv += std::format("folders/{0}/b.png,{0},{1},{0},\n", composed, decomposed);
    csv += std::format("folders\\{1}\\a.png,{1},{0},{1},{1}\n", composed, decomposed);
  }
  const auto check = [&](const fs::path& path) {
    const Dataset data = Dataset::open(path).value();
    std::map<std::string, int> labels, groups;
    for (const Item& item : data.items()) {
      ++labels[item.label];
      ++groups[item.group];
      CHECK(data.read(item).has_value());
      CHECK((item.soft_label.empty() || item.soft_label == item.label));
    }
    CHECK(labels ==
          std::map<std::string, int>{{"éosinophile", 2}, {"hồng_cầu", 2}, {"リンパ球", 2}, {"호중구", 2}});
    return groups;
  };
  check(scratch.path / "folders");
  scratch.write("cells.csv", csv);
  CHECK(check(scratch.path / "cells.csv").at("Éosinophile") == 2);
  const Dataset listed = Dataset::open(scratch.path / "cells.csv").value();
  for (const Item& item : listed.items()) CHECK(fs::exists(listed.location(item)));

  std::vector<std::string> names;
  for (const auto& [composed, decomposed] : spellings)
    names.insert(names.end(), {composed + "/a.png", decomposed + "/b.png"});
  write_zip(scratch.path / "data.zip", names);
  check(scratch.path / "data.zip");
  csv = "image,label\n";
  for (const auto& [composed, decomposed] : spellings)
    csv += std::format("data.zip/{0}/b.png,{0}\ndata.zip/{1}/a.png,{1}\n", composed, decomposed);
  scratch.write("cells.csv", csv);
  check(scratch.path / "cells.csv");
}

TEST_CASE("a CSV is read as any program writes it") {
  const Scratch scratch;
  const auto rows = [&](const std::string& text) {
    scratch.write("cells.csv", text);
    const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
    CHECK(data.skipped().empty());
    std::vector<std::pair<std::string, std::string>> list;
    for (const Item& item : data.items()) list.emplace_back(item.source, item.label);
    return list;
  };
  const std::vector<std::pair<std::string, std::string>> two{{"a.png", "ig"}, {"b.png", "platelet"}};
  for (const bool big_endian : {false, true}) {
    std::string wide;  // UTF-16, as spreadsheets write "Unicode text"
    for (const char16_t c : std::u16string(u"\ufeffimage\tlabel\r\na.png\tig\r\nb.png\tplatelet\r\n")) {
      const char bytes[] = {static_cast<char>(c), static_cast<char>(c >> 8)};
      wide += {bytes[big_endian], bytes[!big_endian]};
    }
    CHECK(rows(wide) == two);
  }
  CHECK(rows("image,label\r\na.png,ig\r\nb.png,platelet") == two);
  CHECK(rows("image,label\ra.png,ig\r\rb.png,platelet\r") == two);
  CHECK(rows("sep=;\r\nimage;label\r\na.png;ig\r\nb.png;platelet\r\n") == two);
  CHECK(rows("\n\r\nimage;label\na.png;ig\nb.png;platelet") == two);
  CHECK(rows("note,image,label\n\"of two\nlines\",a.png,ig\n\"\",b.png , \"platelet\"\n") == two);
  CHECK(rows("image,label,size\na.png,ig,5\" slide\nb.png,platelet,6\" slide\n") == two);
  for (const std::string name : {" lead.png", "two\nlines.png", "a,b \"c\".png", "plain.png"})
    CHECK(rows("image,label\n" + csv_field(name) + ",ig\n").front().first == name);
}

TEST_CASE("boxes are pixels, with decimals too, and a row whose box is none is left out and named") {
  const Scratch scratch;
  scratch.write("cells.csv",
                "image,label,xmin,ymin,xmax,ymax\n"
                "a.png,ig,10.0,20.4,109.6,220\n"
                "b.png,ig,nan,nan,nan,nan\n"
                "c.png,ig,-5,-5,20,20\n"
                "d.png,ig,0.1,0.2,0.4,0.9\n"               // of YOLO
                "e.png,ig,109,220,10,20\n"                 // the larger ones first
                "f.png,ig,10,20,,\n"                       // half of one
                "g.png,ig,10,20,inf,30\n"                  // endless
                "h.png,ig,-2147483648,0,2147483647,9\n");  // a width that no int holds
  const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
  REQUIRE(data.items().size() == 3);
  CHECK(box_of(data.items()[0]) == std::array{10, 20, 100, 200});
  CHECK_FALSE(data.items()[1].box);
  CHECK(box_of(data.items()[2]) == std::array{-5, -5, 25, 25});
  REQUIRE(data.skipped().size() == 5);
  CHECK(data.skipped()[0].source == "line 5");
  CHECK(data.skipped()[0].reason ==
        "xmin, ymin, xmax and ymax are no box: give pixels, the larger ones last");
}

TEST_CASE("a row whose part is none is left out and named: it might be what must not be learnt") {
  const Scratch scratch;
  scratch.write("cells.csv",
                "image,label,split\na.png,ig,Train\nb.png,ig,holdout\nc.png,ig,\nd.png,ig,unassigned\n");
  const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
  CHECK(data.items().size() == 3);
  REQUIRE(data.skipped().size() == 1);
  CHECK(data.skipped()[0].source == "line 3");
  CHECK(data.skipped()[0].reason == "split is none of train, validation and test");
}

TEST_CASE("images with their list, as the page exports them, are read by it as a folder and as a zip") {
  const Scratch scratch;
  const std::string list = "image,label,group,xmin,ymin,xmax,ymax,by\nimages/1.png,ig,1,10,20,50,60,model\n";
  scratch.write("exported/images/1.png", "x");
  scratch.write("exported/list.csv", list);
  const Dataset folder = Dataset::open(scratch.path / "exported").value();
  REQUIRE(folder.items().size() == 1);
  CHECK(folder.items()[0].label == "ig");
  CHECK(box_of(folder.items()[0]) == std::array{10, 20, 40, 40});
  CHECK(folder.read(folder.items()[0]).value().size() == 1);

  zip_t* archive = zip_open((scratch.path / "exported.zip").c_str(), ZIP_CREATE, nullptr);
  REQUIRE(archive);
  zip_file_add(archive, "images/1.png", zip_source_buffer(archive, "x", 1, 0), 0);
  zip_file_add(archive, "list.csv", zip_source_buffer(archive, list.data(), list.size(), 0), 0);
  REQUIRE(zip_close(archive) == 0);
  const Dataset zip = Dataset::open(scratch.path / "exported.zip").value();
  REQUIRE(zip.items().size() == 1);
  CHECK(zip.items()[0].label == "ig");
  CHECK(zip.read(zip.items()[0]).value().size() == 1);

  scratch.write("crops/ig/1.png",
                "x");  // whose folders say the same: they count, without groups of whole images
  scratch.write("crops/list.csv", "image,label,group\nig/1.png,ig,1\n");
  CHECK(Dataset::open(scratch.path / "crops").value().items()[0].group.empty());
}

TEST_CASE("a list that cannot be read says why") {
  const Scratch scratch;
  const auto said = [&](const std::string& text) {
    scratch.write("cells.csv", text);
    return Dataset::open(scratch.path / "cells.csv").error().message;
  };
  CHECK(said(std::string("\xff\xfei\0m", 5)).contains("is damaged: its UTF-16 breaks off."));
  CHECK(said("filename,class\na.png,ig\n")
            .contains(
                "needs a header line with at least the columns image and label; it has filename, class."));
  CHECK(said("image,label,xmin,ymin,xmax\na.png,ig,1,2,3\n").contains("needs all four columns of a box"));
  CHECK(said("image,label\na.png,ig\n\"b.png,ig\nc.png,ig\n")
            .contains("has a quote in line 3 that nothing closes"));
  CHECK(said("image,label\n,ig\n").ends_with("holds no labelled image; line 2: image or label is missing."));
  CHECK(said("image,label\na.png,\t\n").ends_with("line 2: image or label is missing."));
  CHECK(said("sep=;\r\nimage;label\r\na.png;\r\n").ends_with("line 3: image or label is missing."));
}

TEST_CASE("a name in a CSV that no file can have is the error of that image alone") {
  const Scratch scratch;
  const std::string long_name(300, 'x');
  scratch.write("b.png", "five!");
  scratch.write("cells.csv", "image,label\n" + long_name + ".png,ig\nfolder\\" + long_name + ".png,ig\n" +
                                 long_name + ".zip/a.png,ig\nb.png,ig\n");
  const Dataset data = Dataset::open(scratch.path / "cells.csv").value();
  REQUIRE(data.items().size() == 4);
  for (const Item& item : data.items()) {
    const auto read = data.read(item);
    CHECK(read.has_value() == (item.source == "b.png"));
    if (!read) CHECK(read.error().code == ErrorCode::unreadable_file);
  }
}

TEST_CASE("what is no data set is refused with a reason") {
  const Scratch scratch;
  CHECK(Dataset::open(scratch.path / "nowhere").error().code == ErrorCode::unreadable_file);
  CHECK(Dataset::open(scratch.path).error().code == ErrorCode::empty_input);
  scratch.write("broken.zip", "PK");
  CHECK(Dataset::open(scratch.path / "broken.zip").error().code == ErrorCode::unreadable_file);
  scratch.write("bad.csv", "a,b\n");
  CHECK(Dataset::open(scratch.path / "bad.csv").error().code == ErrorCode::unsupported_format);
  const auto message = [&](const char* name) { return Dataset::open(scratch.path / name).error().message; };
  for (const auto& [bytes, kind] : {std::pair{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
                                    {"Rar!\x1a\x07", "a RAR archive"},
                                    {"\x1f\x8b\x08", "packed by gzip"}}) {
    scratch.write("other.zip", bytes);
    CHECK(message("other.zip")
              .ends_with(std::format(
                  "other.zip is {}, whatever its name says: unpack it, then name the folder.", kind)));
  }
  scratch.write("x.tar", "x");
  CHECK(Dataset::open(scratch.path / "x.tar").error().code == ErrorCode::unsupported_format);
}

namespace {

constexpr std::uint64_t kMost = 512 << 20;  // bytes

// A list of one image and as many zeros as make it so long, and what comes of it.
Result<Dataset> open_list_of(std::uint64_t bytes) {
  const Scratch scratch;
  scratch.write("long.csv", "image,label\na.png,ig\n");
  fs::resize_file(scratch.path / "long.csv", bytes);  // sparse
  return Dataset::open(scratch.path / "long.csv");
}

Result<std::vector<std::uint8_t>> read_file_of(std::uint64_t bytes) {
  const Scratch scratch;
  scratch.write("large.png", "");
  fs::resize_file(scratch.path / "large.png", bytes);
  return read_file(scratch.path / "large.png");
}

}  // namespace

TEST_CASE("limit: bytes of a list and of a file") {
  CHECK(open_list_of(kMost + 1).error().message.contains("larger than 512 MiB"));
  CHECK(read_file_of(kMost + 1).error().code == ErrorCode::image_too_large);
}

TEST_CASE("limit: a list and a file that are as long as they may be", "[.soak]") {
  CHECK(open_list_of(kMost).value().items().front().label == "ig");
  CHECK(read_file_of(kMost).value().size() == kMost);
}

TEST_CASE("what of a zip cannot be read is named, and the rest is read") {
  const Scratch scratch;
  const fs::path path = scratch.path / "data.zip", inner = scratch.path / "inner.zip";
  write_zip(inner, {"ig/inside.png"});
  std::ifstream stream(inner, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(stream), {}};
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive);
  const auto add = [&](const char* name, const std::string& bytes, zip_flags_t flags = 0) {
    return zip_file_add(archive, name, zip_source_buffer(archive, bytes.data(), bytes.size(), 0), flags);
  };
  const std::string bytes = "bytes", damage = "damaged bytes";
  add("ig/plain.png", bytes);
  const zip_int64_t secret = add("ig/secret.png", bytes), broken = add("ig/broken.png", damage);
  REQUIRE(zip_file_set_encryption(archive, static_cast<zip_uint64_t>(secret), ZIP_EM_TRAD_PKWARE, "word") ==
          0);
  zip_set_file_compression(archive, static_cast<zip_uint64_t>(broken), ZIP_CM_STORE, 0);
  add("more.zip", packed);
  // Of Chinese Windows: two characters for white blood cell.
  add("\xb0\xd7/\xcf\xb8.png", bytes, ZIP_FL_ENC_RAW);
  REQUIRE(zip_close(archive) == 0);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  file.seekp(static_cast<std::streamoff>(all.find(damage)));
  file.put('D');
  file.close();

  const Dataset data = Dataset::open(path).value();
  std::map<std::string, std::string> read;
  for (const Item& item : data.items()) {
    const auto content = data.read(item);
    read[item.source] = content ? std::string(content->begin(), content->end()) : content.error().message;
  }
  CHECK(read == std::map<std::string, std::string>{
                    {"ig/plain.png", "bytes"},
                    {"ig/broken.png", "ig/broken.png is damaged inside the zip archive."},
                    {"more.zip/ig/inside.png", "bytes"},
                    {"\u767d/\u7ec6.png", "bytes"}});
  REQUIRE(data.skipped().size() == 1);
  CHECK(data.skipped()[0].source == "ig/secret.png");
  CHECK(data.skipped()[0].reason == "encrypted: unpack the archive with its password, then name the folder");
}

TEST_CASE("names in a zip are read in the code page of whoever wrote it") {
  const Scratch scratch;
  const fs::path path = scratch.path / "data.zip";
  for (const auto& [stored, name] : {
           std::pair{"\xcf\xb8\xb0\xfb/\xcd\xbc\xc6\xac"
                     "1.png",
                     "细胞/图片1.png"},
           {"Gr\x94\xe1"
            "e 20\xe6m.png",
            "Größe 20µm.png"},
           {"Bas\xa2"
            "filos/Z\x84hler.png",
            "Basófilos/Zähler.png"},
           {"Bas\xf3"
            "filos/Z\xe4hler.png",
            "Basófilos/Zähler.png"},
           {"\x8d"
            "D\x92\x86\x8b\x85/\x83\x8a\x83\x93\x83p\x8b\x85.png",
            "好中球/リンパ球.png"},
           {"\xb6\xdd\xa4\xa4\xa9\xca\xb2y/1.png", "嗜中性球/1.png"},
           {"\x8d\xa5\xa9\xe2\xe0\xae\xe4\xa8\xab\xeb/\xac\xa0\xa7\xae\xaa \xfc"
            "1.png",
            "Нейтрофилы/мазок №1.png"},
       }) {
    write_zip(path, {stored});
    const Dataset data = Dataset::open(path, Dataset::Labels::ignored).value();
    CHECK(data.items()[0].source == name);
    CHECK(data.read(data.items()[0]).value().size() == 5);
  }
}

TEST_CASE("a zip may have folders of Windows, endings in capitals, and names twice") {
  const Scratch scratch;
  write_zip(scratch.path / "inner.zip", {"ig/inside.png"});
  std::ifstream stream(scratch.path / "inner.zip", std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(stream), {}};
  const fs::path path = scratch.path / "data.zip";
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive);
  const auto add = [&](const char* name, const std::string& bytes) {
    zip_file_add(archive, name, zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
  };
  const std::string first = "first", second = "second";
  add("ig\\a.png", first), add("ig/b.png", first), add("ig/c.png", second), add("MORE.ZIP", packed);
  REQUIRE(zip_close(archive) == 0);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t at = all.find("ig/c.png"); at != all.npos; at = all.find("ig/c.png", at + 1)) {
    file.seekp(static_cast<std::streamoff>(at + 3));
    file.put('b');
  }
  file.close();

  const Dataset data = Dataset::open(path).value();
  REQUIRE(data.items().size() == 3);
  CHECK(data.items()[0].source == "MORE.ZIP/ig/inside.png");
  CHECK(data.items()[1].source == "ig/a.png");
  for (const Item& item : data.items()) CHECK(data.read(item).value().size() == 5);
  REQUIRE(data.skipped().size() == 1);
  CHECK(data.skipped()[0].source == "ig/b.png");
}

TEST_CASE("an entry that claims more than its data can hold takes no memory") {
  const Scratch scratch;
  const fs::path path = scratch.path / "data.zip";
  write_zip(path, {"ig/a.png", "ig/b.png"});
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  file.seekp(static_cast<std::streamoff>(all.find("PK\x01\x02") + 24));
  file.write("\0\0\0\x10", 4);  // 256 MiB
  file.close();
  const Dataset data = Dataset::open(path).value();
  CHECK(data.items().size() == 1);
  REQUIRE(data.skipped().size() == 1);
  CHECK(data.skipped()[0].reason == "damaged: it claims to be larger than it can be");
}

TEST_CASE("the paths of a CSV may lead into a zip") {
  const Scratch scratch;
  write_zip(scratch.path / "data.zip", {"a/one.png"});
  scratch.write(
      "links.csv",
      "image,label,group\ndata.zip/a/one.png,ig,cell 1\ndata.zip/a/two.png,ig,cell 2\nno.zip/x.png,ig,\n");
  const Dataset data = Dataset::open(scratch.path / "links.csv").value();
  REQUIRE(data.items().size() == 3);
  CHECK(data.read(data.items()[0]).value().size() == 5);
  CHECK(data.read(data.items()[1]).error().message == "a/two.png is not in the zip archive.");
  CHECK(data.read(data.items()[2]).error().code == ErrorCode::unreadable_file);
}

TEST_CASE("several threads read a zip at a time, and each gets the bytes of its entry", "[threads]") {
  const Scratch scratch;
  const fs::path path = scratch.path / "data.zip";
  constexpr std::size_t kEntries = 200;
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < kEntries; ++i) contents.push_back(std::string(5000 + i, static_cast<char>(i)));
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive);
  for (std::size_t i = 0; i < kEntries; ++i)
    zip_file_add(archive, std::format("ig/{}.png", i).c_str(),
                 zip_source_buffer(archive, contents[i].data(), contents[i].size(), 0), 0);
  REQUIRE(zip_close(archive) == 0);
  scratch.write("list.csv", "image,label\ndata.zip/ig/7.png,ig\n");

  const Dataset whole = Dataset::open(path).value(), list = Dataset::open(scratch.path / "list.csv").value();
  std::atomic<std::size_t> next = 0, right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (std::size_t entry = next++; entry < kEntries; entry = next++) {
          const auto bytes = whole.read(whole.items()[entry]), seventh = list.read(list.items()[0]);
          const int number = std::stoi(whole.items()[entry].source.substr(3));
          right += bytes && seventh && bytes->size() == 5000u + static_cast<std::size_t>(number) &&
                   std::ranges::count(*bytes, static_cast<std::uint8_t>(number)) == std::ssize(*bytes) &&
                   seventh->size() == 5007;
        }
      });
  }
  CHECK(right == kEntries);
}

TEST_CASE("a CSV of the current folder, given by its bare name, says where its images lie") {
  const Scratch scratch;
  scratch.write("list.csv", "image,label\ncells/a.png,neutrophil\n");
  scratch.write("cells/a.png", "x");
  const fs::path before = fs::current_path();
  fs::current_path(scratch.path);
  const Result<Dataset> data = Dataset::open("list.csv");
  const fs::path location = data.value().location(data->items()[0]);
  fs::current_path(before);
  CHECK(location == fs::canonical(scratch.path) / "cells/a.png");
}
