#include "files/composition.h"

#include <array>
#include <map>
#include <utility>

#include "model/utf8.h"

namespace leukolens::files {
namespace {

// Of each mark: the letters that it may stand behind, each followed by the sign that both are (Unicode 14,
// canonical compositions of letters in the basic plane; Hangul's are computed).
constexpr std::array<std::u16string_view, 53> kCompositions{
    u"\u0300AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳἀἂἁἃἈἊἉἋἐἒἑἓἘἚἙἛἠἢἡἣἨ"
    u"ἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓὙὛὠὢὡὣὨὪὩὫαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊ᾿῍ϊῒΙῚ῾῝ϋῢΥῪ¨῭ΟῸΩῺ",
    u"\u0301AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰο"
    u"όυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứἀἄἁἅἈἌἉἍἐἔἑἕἘἜἙἝἠἤἡἥἨἬἩἭ"
    u"ἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ᾿῎῾῞",
    u"\u0302AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ",
    u"\u0303AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ",
    u"\u0304AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝαᾱΑᾹιῑΙῙυῡΥῩ",
    u"\u0306AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặαᾰΑᾸιῐΙῘυῠΥῨ",
    u"\u0307CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ",
    u"\u0308AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺū"
    u"ṻWẄwẅXẌxẍtẗ",
    u"\u0309AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ",
    u"\u030aAÅaåUŮuůwẘyẙ",
    u"\u030bOŐoőUŰuűУӲуӳ",
    u"\u030cCČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ",
    u"\u030fAȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ",
    u"\u0311AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ",
    u"\u0313αἀΑἈεἐΕἘηἠΗἨιἰΙἸοὀΟὈυὐωὠΩὨρῤ",
    u"\u0314αἁΑἉεἑΕἙηἡΗἩιἱΙἹοὁΟὉυὑΥὙωὡΩὩρῥΡῬ",
    u"\u031bOƠoơUƯuư",
    u"\u0323BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ",
    u"\u0324UṲuṳ",
    u"\u0325AḀaḁ",
    u"\u0326SȘsșTȚtț",
    u"\u0327CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ",
    u"\u0328AĄaąEĘeęIĮiįUŲuųOǪoǫ",
    u"\u032dDḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ",
    u"\u032eHḪhḫ",
    u"\u0330EḚeḛIḬiḭUṴuṵ",
    u"\u0331BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ",
    u"\u0342ἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯαᾶ¨῁ηῆ᾿῏ιῖϊῗ῾῟υῦϋῧωῶ",
    u"\u0345ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬὭᾭὮᾮὯᾯὰ"
    u"ᾲαᾳάᾴᾶᾷΑᾼὴῂηῃήῄῆῇΗῌὼῲωῳώῴῶῷΩῼ",
    u"\u0653\u0627\u0622",
    u"\u0654\u0627\u0623\u0648\u0624\u064a\u0626\u06d5\u06c0\u06c1\u06c2\u06d2\u06d3",
    u"\u0655\u0627\u0625",
    u"\u093cनऩरऱळऴ",
    u"\u09be\u09c7\u09cb",
    u"\u09d7\u09c7\u09cc",
    u"\u0b3e\u0b47\u0b4b",
    u"\u0b56\u0b47\u0b48",
    u"\u0b57\u0b47\u0b4c",
    u"\u0bbe\u0bc6\u0bca\u0bc7\u0bcb",
    u"\u0bd7ஒஔ\u0bc6\u0bcc",
    u"\u0c56\u0c46\u0c48",
    u"\u0cc2\u0cc6\u0cca",
    u"\u0cd5\u0cbf\u0cc0\u0cc6\u0cc7\u0cca\u0ccb",
    u"\u0cd6\u0cc6\u0cc8",
    u"\u0d3e\u0d46\u0d4a\u0d47\u0d4b",
    u"\u0d57\u0d46\u0d4c",
    u"\u0dca\u0dd9\u0dda\u0ddc\u0ddd",
    u"\u0dcf\u0dd9\u0ddc",
    u"\u0ddf\u0dd9\u0dde",
    u"\u102eဥဦ",
    u"\u1b35ᬅᬆᬇᬈᬉᬊᬋᬌᬍᬎᬑᬒ\u1b3a\u1b3b\u1b3c\u1b3d\u1b3e\u1b40\u1b3f\u1b41\u1b42\u1b43",
    u"\u3099かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギ"
    u"クグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ",
    u"\u309aはぱひぴふぷへぺほぽハパヒピフプヘペホポ",
};

constexpr char32_t kHangul = 0xac00, kLead = 0x1100, kVowel = 0x1161, kTail = 0x11a7;
constexpr char32_t kLeads = 19, kVowels = 21, kTails = 28;

using Pairs = std::map<std::pair<char32_t, char32_t>, char32_t>;
using Parts = std::map<char32_t, std::pair<char32_t, char32_t>>;

const Pairs& pairs() {
  static const Pairs kPairs = [] {
    Pairs all;
    for (const std::u16string_view list : kCompositions)
      for (std::size_t i = 1; i + 1 < list.size(); i += 2) all[{list[i], list[0]}] = list[i + 1];
    return all;
  }();
  return kPairs;
}

const Parts& parts() {
  static const Parts kParts = [] {
    Parts all;
    for (const auto& [pair, sign] : pairs()) all[sign] = pair;
    return all;
  }();
  return kParts;
}

/// 0 where there is no such sign.
char32_t together(char32_t letter, char32_t mark) {
  if (letter - kLead < kLeads && mark - kVowel < kVowels)
    return kHangul + ((letter - kLead) * kVowels + (mark - kVowel)) * kTails;
  if (letter - kHangul < kLeads * kVowels * kTails && (letter - kHangul) % kTails == 0 && mark > kTail &&
      mark < kTail + kTails)
    return letter + (mark - kTail);
  const auto found = pairs().find({letter, mark});
  return found == pairs().end() ? 0 : found->second;
}

void part(char32_t sign, std::u32string& out) {
  if (const char32_t at = sign - kHangul; at < kLeads * kVowels * kTails) {
    out.push_back(kLead + at / (kVowels * kTails));
    out.push_back(kVowel + at / kTails % kVowels);
    if (at % kTails != 0) out.push_back(kTail + at % kTails);
    return;
  }
  const auto found = parts().find(sign);
  if (found == parts().end()) {
    out += sign;
    return;
  }
  part(found->second.first, out);
  out += found->second.second;
}

/// Empty where `text` is no UTF-8, or has nothing but ASCII.
std::u32string signs_of(std::string_view text) {
  std::u32string signs;
  bool plain = true;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return {};
    char32_t sign = static_cast<unsigned char>(text[0]);
    if (length > 1) sign &= 0x7fu >> length, plain = false;
    for (std::size_t i = 1; i < length; ++i) sign = sign << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
    signs += sign;
    text.remove_prefix(length);
  }
  return plain ? std::u32string() : signs;
}

std::string text_of(const std::u32string& signs) {
  std::string text;
  for (const char32_t sign : signs) {
    const int more = sign < 0x80 ? 0 : sign < 0x800 ? 1 : sign < 0x10000 ? 2 : 3;
    if (more == 0)
      text += static_cast<char>(sign);
    else
      text += static_cast<char>((0xff00u >> (more + 1) & 0xff) | sign >> (6 * more));
    for (int i = more; i-- > 0;) text += static_cast<char>(0x80 | (sign >> (6 * i) & 0x3f));
  }
  return text;
}

}  // namespace

std::string composed(std::string_view text) {
  const std::u32string signs = signs_of(text);
  if (signs.empty()) return std::string(text);
  std::u32string out;
  for (const char32_t sign : signs) {
    const char32_t one = out.empty() ? 0 : together(out.back(), sign);
    if (one != 0)
      out.back() = one;
    else
      out += sign;
  }
  return text_of(out);
}

std::string decomposed(std::string_view text) {
  const std::u32string signs = signs_of(text);
  if (signs.empty()) return std::string(text);
  std::u32string out;
  for (const char32_t sign : signs) part(sign, out);
  return text_of(out);
}

}  // namespace leukolens::files
