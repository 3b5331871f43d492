import assert from "node:assert/strict";
import { Faults } from "../../../sandbox/cloud/faults";

describe("faults", () => {
  it("fail as often as they say", () => {
    const faults = new Faults(() => 0);
    faults.add({ service: "ses", operation: "SendEmail", error: "ThrottlingException", status: 429, times: 2 });
    const taken = [1, 2, 3].map(() => faults.take("ses", "SendEmail"));
    assert.deepEqual(
      taken.map((error) => error && [error.code, error.status]),
      [["ThrottlingException", 429], ["ThrottlingException", 429], undefined],
    );
  });

  it("fail until a virtual time", () => {
    let now = 0;
    const faults = new Faults(() => now);
    faults.add({ service: "dynamodb", error: "InternalServerError", status: 500, until: 60_000 });
    assert.ok(faults.take("dynamodb", "GetItem"));
    now = 59_999;
    assert.ok(faults.take("dynamodb", "PutItem"));
    now = 60_000;
    assert.equal(faults.take("dynamodb", "GetItem"), undefined);
  });

  it("say when they are over, for whoever answers with Retry-After", () => {
    let now = 0;
    const faults = new Faults(() => now);
    faults.add({ service: "slack", error: "ratelimited", status: 429, until: 60_000 });
    now = 17_500;
    assert.equal(faults.take("slack", "chat.postMessage")?.retryAfter, 43);
    faults.add({ service: "teams", error: "TooManyRequests", status: 429, times: 1 });
    assert.equal(faults.take("teams", undefined)?.retryAfter, 1);
  });

  it("leave other services and operations alone", () => {
    const faults = new Faults(() => 0);
    faults.add({ service: "ses", operation: "SendEmail", error: "E", status: 500, times: 1 });
    assert.equal(faults.take("sns", "SendEmail"), undefined);
    assert.equal(faults.take("ses", "GetEmailIdentity"), undefined);
  });

  it("are cleared by times 0, those of one operation or of the whole service", () => {
    const faults = new Faults(() => 0);
    const fault = (operation: string | undefined, times: number) =>
      faults.add({ service: "s", ...(operation && { operation }), error: "E", status: 500, times });
    fault("A", 5);
    fault("B", 5);
    fault("A", 0);
    assert.equal(faults.take("s", "A"), undefined);
    assert.ok(faults.take("s", "B"));
    fault(undefined, 0);
    assert.equal(faults.take("s", "B"), undefined);
  });
});
