// `import type {} from "leukolens/react"` makes <leukolens-classifier> known to React's JSX, from React 18.2.8 on. Not part of
// "leukolens/element", whose callers may have no React.
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { LeukolensClassifierElement, LeukolensClassifierEventMap } from "./element.js";

type ElementAttributes = DetailedHTMLProps<
  HTMLAttributes<LeukolensClassifierElement>,
  LeukolensClassifierElement
>;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "leukolens-classifier": ElementAttributes & {
        readonly src?: string | undefined;
        readonly field?: boolean | undefined;
        readonly model?: string | undefined;
        readonly baseUrl?: string | undefined;
        readonly name?: string | undefined;
        readonly required?: boolean | undefined;
        readonly disabled?: boolean | undefined;
        readonly onclassified?: ((event: LeukolensClassifierEventMap["classified"]) => void) | undefined;
        readonly oncounted?: ((event: LeukolensClassifierEventMap["counted"]) => void) | undefined;
        readonly onfailed?: ((event: LeukolensClassifierEventMap["failed"]) => void) | undefined;
      };
    }
  }
}
