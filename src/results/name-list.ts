/** A name as it stands in a list with commas: one that holds a comma or a quote, or nothing, is in quotes, as in a line of CSV. */
export function listedName(name: string): string {
  return name === "" || /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** The names of a list with commas between them, none for an empty text. */
export function splitNames(list: string): string[] {
  return Array.from(list.matchAll(/"((?:[^"]|"")*)"|[^,]+/g), ([whole, quoted]) =>
    quoted === undefined ? whole : quoted.replaceAll('""', '"'),
  );
}
