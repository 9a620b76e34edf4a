/** Lines whose cells stand below each other; the last cell of a line ends it. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i] - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  )
}

/** What a terminal gives a text: Chinese characters are two wide (UAX 11, East Asian Wide and Fullwidth). */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, one) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        one,
      )
        ? 2
        : 1),
    0,
  )
}
