// Angular's builder leaves the package's files aside: angular.json copies them, and `baseUrl` says where they lie.
import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { Classifier, LeukolensError } from "leukolens";

@Component({
  selector: "cell-answer",
  template: `
    <label>Image <input type="file" (change)="classify($event)" /></label>
    <output>{{ answer() }}</output>
    <p>For research and education only. Not for use in diagnostic procedures.</p>
  `,
})
class CellAnswer {
  protected readonly answer = signal("");
  readonly #loading = Classifier.load({ baseUrl: "leukolens/" });

  protected async classify({ target }: Event): Promise<void> {
    const [file] = (target as HTMLInputElement).files ?? [];
    if (!file) return;
    try {
      const { label, confidence } = await (await this.#loading).classify(file);
      this.answer.set(`${label} ${confidence}`);
    } catch (error) {
      this.answer.set(error instanceof LeukolensError ? error.message : String(error));
    }
  }
}

bootstrapApplication(CellAnswer, { providers: [provideZonelessChangeDetection()] });
