#include "files/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <format>
#include <fstream>
#include <string_view>
#include <utility>

#include "files/composition.h"
#include "files/encoding.h"
#include "files/json_writer.h"
#include "files/read_file.h"

namespace leukolens::files {
namespace {

// What zips inside may take of the memory together.
constexpr std::uint64_t kMaxInside = 1 << 30;

// Code pages of zips, each by the bytes of what is usual in it, from and to: of pairs the first and the
// second, else of letters. The first that fits counts: what is usual in one may be rare in those behind it.
struct CodePage {
  const char* name;
  std::string_view first, second;
  bool is_latin = false;  // one or two such letters at a time, among more of ASCII
};
constexpr CodePage kCodePages[] = {
    {"GB18030", "\xa1\xa3\xb0\xf7", "\xa1\xfe"},
    {"CP850", "\x80\x9b\x9d\x9d\xa0\xa5\xc6\xc6\xe1\xe1\xe6\xe6\xf8\xf8", "", true},
    {"CP1252", "\xb0\xb0\xb5\xb5\xc0\xd6\xd8\xf6\xf8\xff", "", true},
    {"CP932", "\x81\x83\x88\x9f\xe0\xea", "\x40\x7e\x80\xfc"},
    {"CP866", "\x80\xaf\xe0\xf1\xfc\xfc", ""},
    {"BIG5", "\xa4\xc6\xc9\xf9", "\x40\x7e\xa1\xfe"},
};

unsigned byte_of(char c) { return static_cast<unsigned char>(c); }

bool lies_in(std::string_view ranges, char c) {
  for (; !ranges.empty(); ranges.remove_prefix(2))
    if (byte_of(ranges[0]) <= byte_of(c) && byte_of(c) <= byte_of(ranges[1])) return true;
  return false;
}

bool fits(std::string_view name, const CodePage& page) {
  int letters = 0, of_ascii = 0, together = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (byte_of(name[at]) < 128) {
      if (together == 0 && lies_in("AZaz", name[at])) ++of_ascii;
      together = 0;
      continue;
    }
    if (!lies_in(page.first, name[at])) return false;
    if (!page.second.empty()) {
      ++at;
      if (at == name.size() || !lies_in(page.second, name[at])) return false;
    }
    ++letters;
    if (++together > 2 && page.is_latin) return false;
  }
  return !page.is_latin || of_ascii > letters;
}

// A name of an archive that does not say its code page: UTF-8 where it is, else the first that fits,
// else that of Chinese Windows, in which most that is no text fails, else that of Western DOS.
std::string raw_name_of(zip_t* archive, zip_uint64_t index) {
  const char* raw = zip_get_name(archive, index, ZIP_FL_ENC_RAW);
  const std::string_view bytes = raw ? raw : "";
  if (valid_utf8(bytes) == bytes) return std::string(bytes);
  for (const CodePage& page : kCodePages)
    if (fits(bytes, page))
      if (auto text = to_utf8(bytes, page.name)) return *std::move(text);
  for (const char* last : {"GB18030", "CP850"})
    if (auto text = to_utf8(bytes, last)) return *std::move(text);
  return valid_utf8(bytes);
}

// Some programs of Windows part folders by backslashes, those of macOS letters from their accents.
std::string name_of(zip_t* archive, zip_uint64_t index) {
  std::string name = raw_name_of(archive, index);
  if (!name.contains('/')) std::ranges::replace(name, '\\', '/');
  return composed(name);
}

// Deflate makes of a byte at most 1032; an entry that claims more would only cost the memory.
bool claims_too_much(const zip_stat_t& entry) {
  constexpr std::uint64_t kMostByByte = 1032;
  return entry.comp_method == ZIP_CM_DEFLATE
             ? entry.size > kMostByByte * (entry.comp_size + 1)
             : entry.comp_method == ZIP_CM_STORE && entry.size != entry.comp_size;
}

bool has_zip_ending(const std::string& name) {
  constexpr std::string_view kEnding = ".zip";
  return name.size() > kEnding.size() && lower(name).ends_with(kEnding);
}

// What a file is that is called .zip and is none, by its first bytes; empty where they do not tell.
std::string_view archive_named(const std::filesystem::path& path) {
  using namespace std::string_view_literals;
  std::string start(262, '\0');
  std::ifstream(path, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size()));
  for (const auto& [magic, name] : {std::pair{"7z\xbc\xaf"sv, "a 7z archive"sv},
                                    {"Rar!"sv, "a RAR archive"sv},
                                    {"\x1f\x8b"sv, "packed by gzip"sv},
                                    {"\xfd\x37zXZ"sv, "packed by xz"sv},
                                    {"BZh"sv, "packed by bzip2"sv}})
    if (start.starts_with(magic)) return name;
  return start.substr(257) == "ustar" ? "a tar archive" : "";
}

std::string refusal(const zip_stat_t& entry) {
  if (entry.encryption_method != ZIP_EM_NONE)
    return "encrypted: unpack the archive with its password, then name the folder";
  if (zip_compression_method_supported(entry.comp_method, 0) == 0)
    return std::format(
        "compressed by method {}, which is not read here: unpack the archive, then name the folder",
        entry.comp_method);
  if (entry.size > kMaxFile) return "too large for an image";
  if (claims_too_much(entry)) return "damaged: it claims to be larger than it can be";
  return {};
}

std::unexpected<Error> no_zip(const std::filesystem::path& path) {
  int code = 0;
  if (zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code)) zip_discard(archive);
  const std::string_view kind =
      code == ZIP_ER_MULTIDISK ? "one of several parts of an archive" : archive_named(path);
  return fail(ErrorCode::unreadable_file,
              kind.empty()
                  ? std::format("{} is not a complete zip archive: download it again.", path.string())
                  : std::format("{} is {}, whatever its name says: unpack it, then name the folder.",
                                path.string(), kind));
}

}  // namespace

void ZipArchive::Close::operator()(::zip* archive) const { zip_discard(archive); }

ZipArchive::ZipArchive(std::filesystem::path path) : path_(std::move(path)) {}
ZipArchive::ZipArchive(std::filesystem::path path, Bytes bytes)
    : path_(std::move(path)), bytes_(std::move(bytes)) {}
ZipArchive::~ZipArchive() = default;

// Empty if this is no zip.
ZipArchive::Handle ZipArchive::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Handle handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  if (bytes_.empty()) return Handle(zip_open(path_.c_str(), ZIP_RDONLY, nullptr));
  zip_source_t* source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, nullptr);
  Handle handle(source ? zip_open_from_source(source, ZIP_RDONLY, nullptr) : nullptr);
  if (!handle && source) zip_source_free(source);
  return handle;
}

void ZipArchive::give_back(Handle handle) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
}

Result<std::vector<ZipEntry>> ZipArchive::entries() {
  if (auto done = list(); !done) return std::unexpected(done.error());
  return entries_;
}

Result<void> ZipArchive::list() {
  {
    const std::lock_guard lock(mutex_);
    if (listed_) return {};
  }
  Handle handle = take();
  if (!handle) return no_zip(path_);
  std::vector<ZipEntry> entries;
  std::map<std::string, std::uint64_t> places;
  std::map<std::string, std::unique_ptr<ZipArchive>> inside;
  std::uint64_t held = 0;
  for (zip_int64_t i = 0; i < zip_get_num_entries(handle.get(), 0); ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t about;
    if (zip_stat_index(handle.get(), index, 0, &about) != 0) continue;
    ZipEntry entry{name_of(handle.get(), index), about.size, refusal(about)};
    if (entry.name.ends_with('/')) continue;
    if (!places.emplace(entry.name, index).second) {
      entries.push_back({entry.name, entry.bytes, "the archive has another of this name, which is read"});
      continue;
    }
    // One that lies inside a zip inside is left as it is.
    const bool is_zip = has_zip_ending(entry.name) && bytes_.empty() && entry.refused.empty();
    if (!is_zip) {
      entries.push_back(std::move(entry));
      continue;
    }
    auto bytes = held + about.size > kMaxInside
                     ? fail(ErrorCode::unreadable_file, "too large to look into: unpack the archive")
                     : read_entry(index, entry.name);
    if (!bytes) {
      entries.push_back({entry.name, entry.bytes, bytes.error().message});
      continue;
    }
    std::unique_ptr<ZipArchive> archive(new ZipArchive(entry.name, std::move(*bytes)));
    const auto more = archive->entries();
    if (!more) {
      entries.push_back({entry.name, entry.bytes, "not a complete zip archive"});
      continue;
    }
    held += about.size;
    for (const ZipEntry& one : *more)
      entries.push_back({entry.name + "/" + one.name, one.bytes, one.refused});
    inside.emplace(entry.name + "/", std::move(archive));
  }
  give_back(std::move(handle));
  const std::lock_guard lock(mutex_);
  if (!std::exchange(listed_, true)) {
    entries_ = std::move(entries);
    places_ = std::move(places);
    inside_ = std::move(inside);
  }
  return {};
}

Result<ZipArchive::Bytes> ZipArchive::read(const std::string& listed) {
  if (auto done = list(); !done) return std::unexpected(done.error());
  const std::string name = composed(listed);
  if (const auto place = places_.find(name); place != places_.end()) return read_entry(place->second, name);
  for (const auto& [prefix, archive] : inside_)
    if (name.starts_with(prefix)) return archive->read(name.substr(prefix.size()));
  return fail(ErrorCode::unreadable_file, std::format("{} is not in the zip archive.", name));
}

Result<ZipArchive::Bytes> ZipArchive::read_entry(std::uint64_t index, const std::string& name) {
  Handle handle = take();
  zip_stat_t about;
  if (!handle || zip_stat_index(handle.get(), index, 0, &about) != 0)
    return fail(ErrorCode::unreadable_file, std::format("Cannot read the zip archive {}.", path_.string()));
  if (const std::string refused = refusal(about); !refused.empty())
    return fail(ErrorCode::unreadable_file, std::format("{} is {}.", name, refused));
  Bytes bytes(about.size);
  bool whole = false;
  if (zip_file_t* file = zip_fopen_index(handle.get(), index, 0)) {
    char beyond = 0;
    // Its checksum is looked at behind its end.
    whole = zip_fread(file, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()) &&
            zip_fread(file, &beyond, 1) == 0;
    zip_fclose(file);
  }
  give_back(std::move(handle));
  if (!whole)
    return fail(ErrorCode::unreadable_file, std::format("{} is damaged inside the zip archive.", name));
  return bytes;
}

}  // namespace leukolens::files
