// What a field or a batch needs beyond one picture; fetched with the first picture.
import "../count/differential.js";
import "./colour-profile.js";
import "./gallery.js";
import "./pages.js";
import "./picture-list.js";
import "./quality.js";
import "./scale.js";
import "./toolbar.js";
