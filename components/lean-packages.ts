import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/*
 * What is left out of packages on their way into a bundle, because no function uses it: it would only make the start of a function slower.
 */

/** Lambda hands its role's credentials over in the environment: the other places where the SDK would look (SSO, files, instance metadata) stay out. */
const lambdaCredentials: Plugin = {
  name: "lambda-credentials",
  setup(plugin) {
    plugin.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: "lambda-credentials",
      namespace: "lambda-credentials",
      pluginData: resolveDir,
    }));
    plugin.onLoad({ filter: /./, namespace: "lambda-credentials" }, ({ pluginData: resolveDir }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: String(resolveDir),
    }));
  },
};

/** The errors of AWS that functions tell apart by their class. All others keep their name and message, as errors of their service. */
export const TOLD_APART: ReadonlySet<string> = new Set(["ConditionalCheckFailedException", "InvalidInputException"]);

/**
 * The SDK clients describe every operation and shape of their service as data. Three things keep what no function needs:
 * computed keys (`{ [_h]: … }`), which esbuild does not take for free of side effects, so they are written out; a class for each error; and the shape of a Security Hub finding with
 * its hundred kinds of resource details. Findings are all text and numbers and are read like the ones in events, so they are taken as they stand in the answer
 * (`15` is the SDK's schema of a document).
 */
const leanSchemas: Plugin = {
  name: "lean-schemas",
  setup(plugin) {
    plugin.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const constants = new Map([...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]));
      return {
        contents: source
          .replace(/\[(_\w+)\]: /g, (key, name) => (constants.has(name) ? `${constants.get(name)}: ` : key))
          .replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, name) => (TOLD_APART.has(name) ? line : ""))
          .replaceAll("() => AwsSecurityFindingList", "15"),
      };
    });
  },
};

/** Replaces modules by these texts, which stand for what no function uses of them. */
const replaced = (name: string, filter: RegExp, contents: string, importer = /./): Plugin => ({
  name,
  setup(plugin) {
    plugin.onResolve({ filter }, (args) => (importer.test(args.importer) ? { path: args.path, namespace: name } : undefined));
    plugin.onLoad({ filter: /./, namespace: name }, () => ({ contents }));
  },
});

/** What no function calls answers in an event stream; the SDK loads what it takes to read one only then. */
const noEventStreams = replaced(
  "no-event-streams",
  /^@smithy\/core\/event-streams$/,
  'const none = () => { throw new Error("event streams are not part of this archive"); }; export { none as EventStreamSerde, none as eventStreamSerdeProvider };',
);

/** Slack's client can also upload files, stream texts and unzip reports; its types are modules without content. What functions call are single methods. */
const leanSlack = replaced(
  "lean-slack",
  /^(\.\/file-upload|\.\/chat-stream|node:zlib|@slack\/types)$/,
  "export {};",
  /[\\/]@slack[\\/]web-api[\\/]/,
);

/** DynamoDB's client makes a cache of endpoints, which only those services use that have to be asked for theirs. */
const noEndpointCache = replaced("no-endpoint-cache", /^@aws-sdk\/endpoint-cache$/, "export class EndpointCache {}");

/** The clients import their package.json for its name and version alone. */
const versionOnly: Plugin = {
  name: "version-only",
  setup(plugin) {
    plugin.onLoad({ filter: /(@aws-sdk|@slack)[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(JSON.parse(await readFile(path, "utf8")), ["name", "version"]),
      loader: "json",
    }));
  },
};

/** Everything that makes bundles lean. */
export const LEAN: Plugin[] = [lambdaCredentials, leanSchemas, noEventStreams, leanSlack, noEndpointCache, versionOnly];
