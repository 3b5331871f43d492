import assert from "node:assert/strict";
import { isSigned, timeFault } from "../../../functions/buttons/signature";

/** The example of https://api.slack.com/authentication/verifying-requests-from-slack */
const EXAMPLE = {
  body: Buffer.from(
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
  ),
  timestamp: "1531420618",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
};
const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

describe("the signature of a request", () => {
  it("is right in Slack's own example", () => {
    assert.equal(isSigned(EXAMPLE, SECRET), true);
  });

  it("is wrong when anything of it differs", () => {
    const body = Buffer.from(EXAMPLE.body);
    body.writeUInt8(body.readUInt8(7) ^ 1, 7);
    for (const request of [
      { ...EXAMPLE, body },
      { ...EXAMPLE, timestamp: "1531420619" },
      { ...EXAMPLE, signature: EXAMPLE.signature.replace("a2114", "b2114") },
      { ...EXAMPLE, signature: EXAMPLE.signature.slice(0, -1) },
      { ...EXAMPLE, signature: EXAMPLE.signature.toUpperCase() },
      { ...EXAMPLE, signature: `${EXAMPLE.signature.slice(0, -1)}é` },
      { ...EXAMPLE, signature: "" },
    ]) {
      assert.equal(isSigned(request, SECRET), false, JSON.stringify(request));
    }
    assert.equal(isSigned(EXAMPLE, `${SECRET}0`), false);
  });

  it("counts for five minutes, in both directions", () => {
    const at = (seconds: number) => timeFault(EXAMPLE, (1_531_420_618 + seconds) * 1_000);
    assert.deepEqual(
      [at(-301), at(-300), at(0), at(300), at(301)],
      ["timestamp in the future", undefined, undefined, undefined, "old timestamp"],
    );
    for (const timestamp of ["", "soon", "1e12", "-1", "1531420618.5", "9".repeat(400)]) {
      assert.equal(timeFault({ timestamp }, 1_531_420_618_000), "old timestamp", timestamp);
    }
  });
});
