#include <catch2/catch_all.hpp>
#include <string>

#include "model/json_reader.h"

using leukolens::Json;

TEST_CASE("JSON values are read as written") {
  const auto json = Json::parse(R"( {"a": [1, -2.5e3, true, null], "b": {"c": "\u00e9\ud83d\ude00\n"}} )");
  REQUIRE(json.has_value());
  const Json* a = json->find("a");
  REQUIRE(a);
  CHECK(a->items[0].number == 1);
  CHECK(a->items[0].integer);
  CHECK(a->items[1].number == -2500);
  CHECK_FALSE(a->items[1].integer);
  CHECK(a->items[2].kind == Json::Kind::boolean);
  CHECK(a->items[3].kind == Json::Kind::null);
  CHECK(json->find("b")->raw == R"({"c": "\u00e9\ud83d\ude00\n"})");
  CHECK(json->find("b")->find("c")->string == "\xC3\xA9\xF0\x9F\x98\x80\n");
  CHECK(json->find("d") == nullptr);
}

TEST_CASE("decimals of up to 15 digits are read exactly") {
  for (const char* text : {"0.1", "0.229", "1.7976e22", "123456789.012345", "5e-22", "-0.000123"})
    CHECK(Json::parse(text)->number == std::stod(text));
}

TEST_CASE("decimals of very many digits are read as what they are, too") {
  for (const std::string& text :
       {"1." + std::string(305, '0'), "0." + std::string(303, '0') + "25", std::string("2e-305"),
        std::string("-4e-310"), std::string("1e-400"), "0." + std::string(5000, '0') + "1"}) {
    CAPTURE(text);
    CHECK(Json::parse(text)->number ==
          Catch::Approx(std::strtod(text.c_str(), nullptr)).epsilon(1e-9).margin(0));
  }
}

TEST_CASE("what JSON readers disagree about is refused") {
  const std::string deep = std::string(20, '[') + std::string(20, ']');
  for (const std::string text : {"",
                                 "{",
                                 "[1,]",
                                 "[1 2]",
                                 "{\"a\":1,\"a\":2}",
                                 "{a:1}",
                                 "01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "1e",
                                 "1e999",
                                 "NaN",
                                 "'a'",
                                 "\"a",
                                 "\"\t\"",
                                 "\"\\x\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\"",
                                 "\"\xC0\x80\"",
                                 "\"\xED\xA0\x80\"",
                                 "\"\xF5\x80\x80\x80\"",
                                 "\"\xE2\x82\"",
                                 "[] []",
                                 "nul",
                                 "// a\n1"})
    CHECK_FALSE(Json::parse(text).has_value());
  CHECK_FALSE(Json::parse(deep).has_value());
}
