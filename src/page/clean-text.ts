/** What ends lines unseen, turns text around, joins letters or is half of one: foreign text could pretend to be another with it. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of foreign origin without characters that cannot be seen; each becomes a replacement mark. */
export function cleanText(text: string): string {
  return text.replace(UNSEEN, "\ufffd");
}
