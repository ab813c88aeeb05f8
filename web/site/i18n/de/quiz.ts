import type { QuizWords } from "../en/quiz.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: QuizWords = {
  title: "Quiz",
  close: "Quiz schließen",
  intro: "Benennen Sie die Zellen Ihrer eigenen Bilder, ohne Beschriftung. Das Ergebnis kommt am Ende.",
  key: (count) =>
    plural(count, {
      one: "Als Lösung gilt, was Sie zu # Zelle gesagt haben. Was nur das Modell gesagt hat, gilt nicht.",
      other: "Als Lösung gilt, was Sie zu # Zellen gesagt haben. Was nur das Modell gesagt hat, gilt nicht.",
    }),
  noKey:
    "Es gibt noch keine Lösung: Bestätigen oder korrigieren Sie erst Zellen, am besten beim Prüfen. Was nur das Modell gesagt hat, gilt nicht.",
  length: "Zellen",
  all: (count) => plural(count, { one: "Alle (#)", other: "Alle (#)" }),
  limit: "Zeit für jede Zelle",
  noLimit: "Unbegrenzt",
  seconds: (count) => `${count} s`,
  player: "Kürzel",
  kept: "Das Kürzel steht in der Tabelle der Antworten und wird sonst nirgends aufbewahrt.",
  begin: "Beginnen",
  place: (place, all) => `Zelle ${place} von ${all}`,
  which: "Welche Zelle ist es?",
  score: (right, all, percent) => `${right} von ${all} richtig (${percent})`,
  pace: (seconds) => `${seconds} s für jede Zelle.`,
  keyIsYours: "Als Lösung gilt, was ein Mensch in dieser Sitzung zu diesen Zellen gesagt hat.",
  save: "Antworten und Ergebnis (CSV)",
  again: "Noch ein Quiz",
  keyColumn: "Lösung",
  rightColumn: "Richtig",
  of: (right, all) => `${right} von ${all}`,
  answers: "Antworten",
  given: (name) => `Ihre Antwort: ${name}`,
  late: "Keine Antwort in der Zeit",
};
