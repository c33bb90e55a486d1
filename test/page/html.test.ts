import { expect, it } from "vitest";
import { cleanText } from "../../src/page/clean-text.ts";
import { embedJson, escapeHtml, html } from "../../src/page/html.ts";

const HOSTILE = `</script><script>alert(1)</script><!-- " ' & \u2028 \u202e`;

it("escapes whatever stands in a template, but not its own pieces", () => {
  const piece = html`<b title="${'"x" onload="y'}">${"<i>"}</b>`;
  expect(piece.text).toBe('<b title="&quot;x&quot; onload=&quot;y">&lt;i&gt;</b>');
  expect(html`<p>${piece}${null}${undefined}${false}${["<", 0, html`<br>`]}</p>`.text).toBe(
    `<p>${piece.text}&lt;0<br></p>`,
  );
});

it("lets JSON in a script element neither end it nor open a comment or another", () => {
  const { text } = embedJson({ id: HOSTILE, list: [HOSTILE] });
  expect(text).not.toMatch(/[<>&\u2028\u2029\u202e]/);
  const cleaned = HOSTILE.replace("\u2028", "\ufffd").replace("\u202e", "\ufffd");
  expect(JSON.parse(text)).toEqual({ id: cleaned, list: [cleaned] });
});

it("shows characters that cannot be seen as a mark, and keeps lines and tabs", () => {
  expect(cleanText("a\u001b[31mb\u0000c\u202ed\ud800e\u200bf")).toBe("a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf");
  expect(cleanText("a\tb\nc é 飛 \u{1f6eb}")).toBe("a\tb\nc é 飛 \u{1f6eb}");
  expect(escapeHtml("\u0007<&>\"'")).toBe("\ufffd&lt;&amp;&gt;&quot;&#39;");
});
