import { describe, expect, it } from "vitest";
import { slim } from "../src/slim.js";

describe("slim", () => {
  it("takes comments and empty lines, and leaves the first line, directives and what only looks like a comment", () => {
    expect(
      slim("#!/bin/bash\n# Why.\n\n  # indented\necho '#' # kept\n#no space\n; ini\n    // PHP\nhttp://x\n"),
    ).toBe("#!/bin/bash\necho '#' # kept\n#no space\nhttp://x\n");
  });

  it("takes what a function of Python's says of itself, and no other text", () => {
    expect(
      slim(
        '"""Module,\n\n# as --help shows it.\n"""\ndef a():\n    """Says."""\n    return """x"""\nb = 1\n    """kept"""\n',
      ),
    ).toBe('"""Module,\n\n# as --help shows it.\n"""\ndef a():\n    return """x"""\nb = 1\n    """kept"""\n');
  });

  it("leaves a text that is all of its block", () => {
    const text = 'class A(Exception):\n    """Says."""\ndef b():\n    """Says."""\n    return 1\n';

    expect(slim(text)).toBe('class A(Exception):\n    """Says."""\ndef b():\n    return 1\n');
  });

  it("changes nothing when done again", () => {
    const once = slim("a\n\n# b\nc\n");
    expect(slim(once)).toBe(once);
  });
});
