/**
 * Text of foreign origin, fit for a message: control characters (terminal escapes among them) and directional
 * overrides become `?`, and what is longer than `limit` characters is cut.
 */
export function printable(text: string, limit = 120): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "?");
}
