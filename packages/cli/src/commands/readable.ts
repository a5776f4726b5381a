/** JSON without its quotes and braces: one line a field. */
export function readable(value: unknown): string {
  return lines(value, "").join("\n");
}

function lines(value: unknown, indent: string): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${value}`];
  return Object.entries(value).flatMap(([name, field]) => {
    const label = Array.isArray(value) ? "-" : `${name}:`;
    const isNested = typeof field === "object" && field !== null && Object.keys(field).length > 0;
    if (isNested) return [`${indent}${label}`, ...lines(field, `${indent}  `)];
    return [`${indent}${label} ${typeof field === "object" ? "none" : field}`];
  });
}
