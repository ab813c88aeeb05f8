// Writes the fuzzers' seeds to tests/fuzz/corpus: small drawn images, lists and archives.
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "../engine/hostile.h"
#include "../engine/tiff.h"

using namespace leukolens::test;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

void write(const fs::path& path, const Bytes& bytes) {
  write(path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// With one image of a class at its root's side, and a zip inside where `inner` is one.
void write_zip(const fs::path& path, std::string_view inner) {
  fs::create_directories(path.parent_path());
  int error = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const char* name : {"TRAIN/ig/a.png", "TEST/ig/b.png", inner.empty() ? "notes.txt" : "inner.zip"}) {
    const bool is_zip = std::string_view(name) == "inner.zip";
    const std::string_view content = is_zip ? inner : "five!";
    const zip_int64_t index = zip_file_add(
        archive, name, zip_source_buffer(archive, content.data(), content.size(), 0), ZIP_FL_ENC_UTF_8);
    zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), 946'684'800,
                       0);  // the same bytes each time
  }
  zip_close(archive);
}

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator(stream), {}};
}

}  // namespace

int main(int, char** arguments) {
  const fs::path root = arguments[1];
  const leukolens::Image image = gradient(24, 16);
  for (const char* name : {"decode", "classify"}) {
    write(root / name / "baseline.jpg", encode_jpeg(image, 50));
    write(root / name / "full-colour.jpg", encode_jpeg(image, 95));
    write(root / name / "rgb.png", encode_png(gradient(8, 5)));
    write(root / name / "interlaced.png", png::file({1, 1, 8, 0, 1}, {0, 7}));
  }
  Bytes progressive = jpeg::kStart;
  progressive += jpeg::tables();
  progressive += jpeg::frame(0xc2, 16, 8, 1);
  progressive += jpeg::scan(1, 1, 2, 0, 0);
  progressive += jpeg::scan(1, 1, 2, 1, 63);
  progressive += jpeg::kEnd;
  write(root / "decode" / "progressive.jpg", progressive);
  Bytes palette{'B', 'M'};
  palette += Bytes(8, 0);
  palette += {54 + 8, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1};
  palette += Bytes(25, 0);
  palette += {0, 0, 200, 0, 200, 0, 0, 0, 0xaa, 0, 0, 0, 0x55, 0, 0, 0};
  write(root / "decode" / "two-colours.bmp", palette);
  const tiff::Samples grey{8, 4, 1, 8, std::vector<std::uint16_t>(32, 90)};
  write(root / "decode" / "lzw.tif",
        tiff::write(grey, {.photometric = tiff::kBlackIsZero, .compression = tiff::kLzw}));
  write(root / "exif" / "little",
        Bytes{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0});
  write(root / "exif" / "big",
        Bytes{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0});
  write(root / "json" / "values", R"({"a":[1,-2.5e-3,true,false,null],"\u00e9\ud83d\ude00":"\n","":{}})");
  write(root / "dataset" / "list.csv",
        "image,label,group,split,xmin,ymin,xmax,ymax,soft_label\r\n"
        "\"odd, \"\"name\"\".png\",Monocyte,slide 1,train,10,20,110,220,\r\nb.png,ig,,test,,,,,Neutrophil\n");
  write(root / "dataset" / "from-windows.csv", "\xef\xbb\xbfimage; kind\nfolder\\a.png;IG\n");
  const fs::path plain = root / "dataset" / "plain.zip";
  write_zip(plain, {});
  write_zip(root / "dataset" / "nested.zip", read(plain));
}
