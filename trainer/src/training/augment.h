// Variants of an image that show the same cell, as a recipe's [augmentation] asks for.
#pragma once

#include "data/samples.h"
#include "support/random.h"

namespace leukolens::train {

/// Each image draws each value anew, uniformly from its range; 0, false or 100 (jpeg) switches it off.
/// "Either way": from -value to value.
struct Augmentation {
  enum class Fill { black, edge };

  // Geometry, in the proportions of the frame.
  double rotation = 0;                                  // degrees, either way
  bool flip_horizontal = false, flip_vertical = false;  // half of the images
  double shift = 0;                                     // share of width and of height, either way
  double scale = 0;                                     // size times 1 - scale to 1 + scale
  double shear = 0;                                     // degrees, either way
  Fill fill = Fill::black;                              // what was outside the frame

  // Colour.
  double gain = 0;           // all channels times 1 - gain to 1 + gain
  double white_balance = 0;  // each channel by itself times 1 - white_balance to 1 + white_balance
  double gamma = 0;          // exponent from exp(-gamma) to exp(gamma)
  double saturation = 0;     // distance from grey times 1 - saturation to 1 + saturation
  double hue = 0;            // degrees around the grey axis, either way
  double stain = 0;          // density of each of two stains and the rest times 1 - stain to 1 + stain

  // Saturation, hue and stain of the dark parts (nucleus, granules) are drawn once more, at this multiple of
  // their ranges: from one microscope to another, nucleus and plasma change colour independently.
  double two_tone = 0;

  // Share of the images whose colour and camera act at a strength below 1: the cube of a uniform number, so
  // that half of these images change by less than an eighth of the ranges.
  double varied_strength = 0;

  // Camera.
  double blur = 0;     // standard deviation, pixels of the network's input, from 0 to blur
  double noise = 0;    // standard deviation, grey levels, from 0 to noise
  int jpeg = 100;      // quality, from jpeg to 100, of a quarter of the images
  double erasing = 0;  // share of the images in which a rectangle becomes noise (Zhong et al., AAAI 2020)

  // Mixtures of two images and of their targets, weighted by Beta(mixup, mixup) (Zhang et al., ICLR 2018).
  double mixup = 0;

  // Share of the batches in which images exchange the style of their features (Zhou et al., ICLR 2021).
  double mix_style = 0;

  bool moves() const {
    return rotation > 0 || flip_horizontal || flip_vertical || shift > 0 || scale > 0 || shear > 0;
  }
};

/// The same random numbers give the same pixels.
Image augment(const Image& source, const Frame& frame, int width, int height,
              const Augmentation& augmentation, Random random);

/// Colours and camera alone, for an image that already has the network's size.
void recolour(Image& image, const Augmentation& augmentation, Random& random);

/// From Beta(alpha, alpha), alpha in (0, 1]; by M. D. Joehnk, Metrika 8, 1964.
double beta(double alpha, Random& random);

}  // namespace leukolens::train
