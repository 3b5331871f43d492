import assert from "node:assert/strict";
import type { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Secrets } from "../../../functions/outgoing/secrets";
import { Unauthorized, withSecret } from "../../../functions/outgoing/with-secret";

/** A Secrets Manager that holds these values; `asked` collects the names it was asked for. */
function manager(values: Record<string, string>) {
  const asked: string[] = [];
  const send = async ({ input }: GetSecretValueCommand): Promise<{ SecretString: string }> => {
    const name = input.SecretId ?? "";
    asked.push(name);
    const value = values[name];
    if (value === undefined) {
      throw new Error("ResourceNotFoundException");
    }
    return { SecretString: value };
  };
  return { client: { send } as unknown as Pick<SecretsManagerClient, "send">, asked, values };
}

describe("a secret", () => {
  it("is read once for all who need it within five minutes, without the white space around it", async () => {
    let now = 0;
    const { client, asked, values } = manager({ "tocsin/slack": " xoxb-1\n" });
    const secrets = new Secrets(client, () => now);
    assert.deepEqual(await Promise.all([secrets.get("tocsin/slack"), secrets.get("tocsin/slack")]), ["xoxb-1", "xoxb-1"]);
    values["tocsin/slack"] = "xoxb-2";
    now = 299_999;
    assert.equal(await secrets.get("tocsin/slack"), "xoxb-1");
    now = 300_000;
    assert.equal(await secrets.get("tocsin/slack"), "xoxb-2");
    assert.equal(asked.length, 2);
  });

  it("that could not be read is asked for again", async () => {
    const { client, values } = manager({});
    const secrets = new Secrets(client, () => 0);
    await assert.rejects(secrets.get("later"), /ResourceNotFoundException/);
    values.later = "here";
    assert.equal(await secrets.get("later"), "here");
  });

  it("without text is an error that names it", async () => {
    const secrets = new Secrets(manager({ empty: "  " }).client, () => 0);
    await assert.rejects(secrets.get("empty"), /the secret empty holds no text/);
  });

  it("works at once after it was rotated", async () => {
    const { client, values } = manager({ token: "old" });
    const secrets = new Secrets(client, () => 0);
    const tried: string[] = [];
    const use = () =>
      withSecret(secrets, "token", async (value) => {
        tried.push(value);
        if (value === "old") {
          throw new Unauthorized("refused");
        }
        return `used ${value}`;
      });
    await secrets.get("token");
    values.token = "new";
    assert.equal(await use(), "used new");
    assert.deepEqual(tried, ["old", "new"]);
    assert.equal(await use(), "used new");
  });

  it("that is refused and was not rotated is tried once, and read again the next time", async () => {
    const { client, asked } = manager({ token: "old" });
    const secrets = new Secrets(client, () => 0);
    let tries = 0;
    const use = () =>
      withSecret(secrets, "token", async () => {
        tries++;
        throw new Unauthorized("refused");
      });
    await assert.rejects(use(), Unauthorized);
    assert.deepEqual([tries, asked.length], [1, 2]);
  });

  it("is not what another kind of failure is blamed on", async () => {
    const { client, asked } = manager({ token: "good" });
    const failing = withSecret(new Secrets(client, () => 0), "token", () => Promise.reject(new Error("down")));
    await assert.rejects(failing, /down/);
    assert.equal(asked.length, 1);
  });
});
