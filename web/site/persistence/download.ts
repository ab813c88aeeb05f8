/** Hands a file to the browser's downloads. */
export function download(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download has begun long before
}

/** A file name that carries the time: "leukolens 2026-03-01 14.05.csv". */
export function fileName(extension: string): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `leukolens ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${extension}`;
}
