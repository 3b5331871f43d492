import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { checkEnvironmentSize } from "../../components/environment-size";

describe("a function's environment", () => {
  it("takes settings that fit into 4 KB", () => {
    checkEnvironmentSize("enrich", { TABLE_NAME: pulumi.output("tocsin-episodes"), ROUTES: "x".repeat(3000), CHANNELS: "{}" });
  });

  it("refuses settings that do not, and names each with its size and what is left for it", () => {
    assert.throws(
      () => checkEnvironmentSize("enrich", { TABLE_NAME: pulumi.output("tocsin-episodes"), ROUTES: "x".repeat(4000), CHANNELS: "{}" }),
      (error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(
          error.message,
          /too large for the environment of function enrich: tocsin:routes 4006 bytes, tocsin:channels 10 bytes; allowed: 3926 bytes together/,
        );
        return true;
      },
    );
  });

  it("names a setting once, also where several variables come from it", () => {
    assert.throws(
      () => checkEnvironmentSize("enrich", { CHANNELS: "x".repeat(2000), RESOLVES: "x".repeat(2000), MUTES: "x".repeat(200) }),
      /tocsin:channels 4016 bytes, tocsin:mutes 205 bytes; allowed: 4096 bytes together/,
    );
  });

  it("counts bytes, not letters", () => {
    assert.throws(() => checkEnvironmentSize("enrich", { ROUTES: "é".repeat(2100) }), /tocsin:routes 4206 bytes/);
  });
});
