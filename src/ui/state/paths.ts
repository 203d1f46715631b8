/** Where in a dropped folder a file lies. Browsers tell it of chosen folders; of dropped ones it is remembered here. */
const dropped = new WeakMap<File, string>();

export function rememberPath(file: File, path: string): void {
  dropped.set(file, path.replace(/^\//, ''));
}

/** With folders where there are some. */
export function pathOf(file: File): string {
  return dropped.get(file) ?? (file.webkitRelativePath || file.name);
}
