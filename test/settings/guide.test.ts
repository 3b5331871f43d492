import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { adviceOn, parseSettings } from "../../settings";
import { configOf, FULL, NOW } from "./examples";

const GUIDE = readFileSync(join(__dirname, "..", "..", "docs", "settings.md"), "utf8");

/** Names of all settings in a value, at any depth; those below a free name (a channel, a tag) too. */
const names = (value: unknown): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...names(inner)])
    : [];

describe("the guide to the settings", () => {
  it("shows examples that can be used as they stand, together", () => {
    const blocks = [...GUIDE.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => parse(block ?? "") as Record<string, unknown>);
    assert.deepEqual(adviceOn(parseSettings("guide", Object.assign({}, ...blocks), NOW), NOW), []);
  });

  it("explains every setting of the full example, and those that came later", () => {
    const later = ["teams", "webhook", "signingSecretName", "allowedHosts", "continue", "digest", "runbooks", "url"];
    const full = names(configOf(FULL)).filter((name) => !name.startsWith("soc-") && !name.startsWith("tocsin:"));
    const explained = [...full, ...later];
    assert.deepEqual(
      explained.filter((name) => !GUIDE.includes(name)),
      [],
    );
  });
});
