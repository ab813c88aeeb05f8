// What a field or a batch needs beyond one picture; fetched with the first picture.
import "./count.js";
import "./gallery.js";
import "./pictures.js";
import "./tools.js";
