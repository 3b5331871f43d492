import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { sdkImports } from "../../bench/sdk-clients";
import { bundleHandler, bundleModule } from "../../components/handler-bundle";
import { HANDLERS_FOLDER, type HandlerName, handlers } from "../../components/handlers";
import { TOLD_APART } from "../../components/lean-packages";

const ROOT = join(__dirname, "..", "..");
const NAMES = Object.keys(handlers) as HandlerName[];

/** Only named in an error message of the SDK, on signatures that span Regions. */
const OPTIONAL = "@aws-sdk/signature-v4-crt";

const serialized = async (callback: () => unknown): Promise<string> =>
  (await pulumi.runtime.serializeFunction(callback, { exportName: "handler", isFactoryFunction: true })).text;

const bundled = async (name: HandlerName): Promise<string> => bundleHandler(await serialized(handlers[name]), HANDLERS_FOLDER);

/** Runs a bundle as Lambda would, with these environment variables. */
function started(text: string, environment: Readonly<Record<string, string>>): unknown {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const module = { exports: {} as { handler?: unknown } };
    new Function("module", "exports", "require", text)(module, module.exports, createRequire(__filename));
    return module.exports.handler;
  } finally {
    process.env = before;
  }
}

/** The arithmetic of addresses. */
const CIDR = /^node_modules\/(cidr-tools|ip-bigint|ip-regex|is-ip)\//;

/** Packages of others that a function brings along besides the AWS SDK. */
const OTHERS: Partial<Record<HandlerName, RegExp>> = {
  "deliver-slack": /^node_modules\/(@slack\/(web-api|types|logger)|eventemitter3|p-(finally|queue|retry|timeout)|retry)\//,
  guard: CIDR,
  "guard-act": CIDR,
  "sweep-place": CIDR,
  "deliver-webhook": /^node_modules\/(standardwebhooks|@stablelib\/base64|fast-sha256)\//,
};

const ENVIRONMENT = {
  AWS_REGION: "eu-west-1",
  TABLE_NAME: "t",
  INTAKE_URL: "u",
  INTAKE_DEAD_LETTER_URL: "u",
  ALERT_MACHINE_ARN: "m",
  WRITE_BACK_URL: "u",
  UNDELIVERED_URL: "u",
  CONFIGURATION_SET: "c",
  ALERTS: JSON.stringify({ sources: [], remind: {}, wait: {}, writeBack: true, forget: "30d" }),
  ROUTES: "[]",
  CHANNELS: "{}",
  ALARM_TOPIC_ARN: "a",
  MEMBERS: "{}",
  RESOLVES: JSON.stringify({ channels: [], routed: false }),
  MUTES: "[]",
  RUNBOOKS: "[]",
  STORM: JSON.stringify({ over: 20, within: "10m" }),
  STORMS_URL: "u",
  LISTS_BUCKET: "b",
  GUARD: JSON.stringify({
    mode: "alert",
    approvedRanges: [],
    publicPorts: [],
    exemptAccounts: [],
    exemptOrganizationalUnits: [],
    tell: "all",
  }),
  GUARD_URL: "u",
  GUARD_DEAD_LETTER_URL: "u",
  GUARD_TABLE: "g",
  MACHINE_ARN: "m",
  EXTERNAL_ID: "e",
  SWEEPS_URL: "u",
  APPROVERS: "[]",
  APPROVALS: JSON.stringify({ timeout: "30m", onTimeout: "keep" }),
  SIGNING_SECRET_NAME: "s",
};

describe("the archive of a function", () => {
  for (const name of NAMES) {
    it(`${name}: is at most 300 KB and starts with nothing but Node around it`, async () => {
      const text = await bundled(name);
      assert.ok(text.length <= 300_000, `${text.length} bytes`);
      assert.equal(typeof started(text, ENVIRONMENT), "function");
      const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, id]) => id ?? "");
      assert.deepEqual(
        required.filter((id) => !isBuiltin(id) && id !== OPTIONAL),
        [],
      );
    });

    it(`${name}: holds our functions, the AWS SDK and what it is known to need, no test, sandbox or Pulumi code`, async () => {
      const { metafile } = await build({
        entryPoints: [join(ROOT, "functions", `${name}.ts`)],
        absWorkingDir: ROOT,
        bundle: true,
        write: false,
        platform: "node",
        metafile: true,
        logLevel: "silent",
      });
      const foreign = Object.keys(metafile.inputs).filter(
        (file) =>
          !/^functions\/|^node_modules\/(@aws-sdk|@smithy|@aws|bowser|mnemonist|obliterator)\//.test(file) &&
          OTHERS[name]?.test(file) !== true,
      );
      assert.deepEqual(foreign, []);
      const text = await bundled(name);
      assert.doesNotMatch(text, /@pulumi|pulumi\.|mocha|fast-check|moto_server|node_modules/i);
      assert.ok(!text.includes(ROOT), "no path of the machine that built it");
    });
  }

  it("knows every error that functions tell apart by its class", () => {
    const classes = readdirSync(join(ROOT, "functions"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => sdkImports(readFileSync(join(ROOT, "functions", file), "utf8")))
      .flatMap(({ names }) => names.filter((name) => !/(Client|Command)$/.test(name)));
    assert.deepEqual([...new Set(classes)].sort(), [...TOLD_APART].sort());
  });

  it("hands on what AWS says about an error, with or without a class of its own", async () => {
    const text = await bundleModule(
      `import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
       export const ask = async (answer) => {
         const requestHandler = { handle: async () => ({ response: { statusCode: 400, headers: {}, body: Buffer.from(JSON.stringify(answer)) } }) };
         const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
         const client = new DynamoDBClient({ region: "eu-west-1", credentials, requestHandler, maxAttempts: 1 });
         const error = await client.send(new UpdateItemCommand({ TableName: "t", Key: { pk: { S: "k" } } })).catch((thrown) => thrown);
         return { name: error.name, message: error.message, item: error.Item, itself: error instanceof ConditionalCheckFailedException, isError: error instanceof Error };
       };`,
      ROOT,
    );
    const module = { exports: {} as { ask: (answer: object) => Promise<object> } };
    new Function("module", "exports", "require", text)(module, module.exports, createRequire(__filename));
    const type = (name: string): string => `com.amazonaws.dynamodb.v20120810#${name}`;
    assert.deepEqual(
      await module.exports.ask({ __type: type("ConditionalCheckFailedException"), message: "no", Item: { pk: { S: "k" } } }),
      { name: "ConditionalCheckFailedException", message: "no", item: { pk: { S: "k" } }, itself: true, isError: true },
    );
    assert.deepEqual(await module.exports.ask({ __type: type("ResourceNotFoundException"), message: "which table?" }), {
      name: "ResourceNotFoundException",
      message: "which table?",
      item: undefined,
      itself: false,
      isError: true,
    });
  });

  it("is the same bytes from the same sources", async () => {
    const text = await serialized(handlers.redeliver);
    // A different text of the same callback, as another compiler would write it, is bundled anew.
    const again = await bundleHandler(text.replace("()=>", "() =>  "), HANDLERS_FOLDER);
    assert.equal(again, await bundleHandler(text, HANDLERS_FOLDER));
  });

  it("never holds a value that a callback captured, be it a secret or the environment of whoever deploys", async () => {
    const token = "xoxb-secret";
    const capturing = await serialized(() => () => token);
    await assert.rejects(bundleHandler(capturing, HANDLERS_FOLDER), /captures values of the program/);
    const { env } = process;
    const frozen = await serialized(() => () => env.HOME);
    await assert.rejects(bundleHandler(frozen, HANDLERS_FOLDER), /captures values of the program/);
  });

  it("says what does not build", async () => {
    await assert.rejects(
      bundleHandler((await serialized(handlers.redeliver)).replace("functions/redeliver", "functions/nowhere"), HANDLERS_FOLDER),
      /Could not resolve "\.\.\/functions\/nowhere"/,
    );
  });
});
