import { describe, expect, it } from "vitest";
import { LastWords } from "../../src/relay/last-words.js";

function heard(...lines: readonly string[]): readonly string[] {
  const words = new LastWords();
  for (const line of lines) words.hear(line);
  return words.lines;
}
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

describe("a provider's last words", () => {
  it("are the last 20 lines of its log", () => {
    expect(heard(...numbered(25))).toEqual(numbered(25).slice(5));
  });

  it("leave out what every provider chatters", () => {
    expect(
      heard(
        '{"@level":"trace","@message":"Served request"}',
        '{"@level":"error","@message":"no"}',
        "2026/01/01 00:00:00 [DEBUG] Waiting for state to become: [success]",
        "[WARN] hm",
      ),
    ).toEqual(['{"@level":"error","@message":"no"}', "[WARN] hm"]);
  });

  it("are a panic from its first line on, however long its stack is", () => {
    const stack = numbered(300);
    expect(heard("before", "panic: nil map", ...stack)).toEqual(["panic: nil map", ...stack.slice(0, 19)]);
  });
});
