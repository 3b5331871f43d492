import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkEnvironmentSize } from "./environment-size";
import { bundleHandler, HANDLER_FILE } from "./handler-bundle";
import { HANDLERS_FOLDER, type HandlerName, handlers } from "./handlers";
import { arnOf, type Place, physicalName } from "./names";
import { policyDocument, type Statement, trustPolicyDocument } from "./policies";

export interface HandlerFunctionArgs {
  /** Account and Region that the function is in. */
  readonly place: Place;
  /** What the function does, for the console. */
  readonly description: string;
  /** What it may do besides writing its log and traces. Exactly what it needs. */
  readonly statements: readonly Statement[];
  /** The only way settings get in. At most 4 KB in all. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Longest run, 1 to 900 seconds. */
  readonly timeoutSeconds: number;
  /** Memory, 128 to 10,240 MB. Default 256: our own work is small, and less memory is a smaller share of a processor for TLS. */
  readonly memoryMegabytes?: number;
  /** Runs at the same moment, at most; as many are kept free for it, and taken from the account's. Default: as many as the account has. */
  readonly reservedConcurrency?: number;
  /** Queue that takes what an asynchronous caller handed over and the function failed at, after two more tries. Default: none, for callers that wait. */
  readonly failures?: { readonly arn: pulumi.Input<string> };
}

/**
 * Log retention, in days: a quarter is what reviews of incidents look back on, and what "were we told of it?" is answered from. The decisions in the log hold
 * no more of a finding than its id.
 */
const RETENTION_DAYS = 90;

/**
 * A Lambda function made from a callback, made safe: an explicit role with exact statements (by itself, CallbackFunction attaches nine broad managed policies),
 * a log group with retention, and an archive that holds the bundled handler and nothing else (by itself, every package of the program).
 */
export class HandlerFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly role: aws.iam.Role;
  /** Longest run, in seconds. */
  readonly timeoutSeconds: number;
  /** What has to be there before the function can work: wait for it before something calls the function. */
  readonly ready: readonly pulumi.Resource[];

  /** @param name which handler of handlers.ts it runs; also its short name. */
  constructor(name: HandlerName, args: HandlerFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    checkEnvironmentSize(name, args.environment);
    super("tocsin:index:HandlerFunction", name, {}, opts);
    const functionName = physicalName(name);
    const logGroupName = `/aws/lambda/${functionName}`;

    // Before the function, which would otherwise create it without retention.
    const logGroup = new aws.cloudwatch.LogGroup(name, { name: logGroupName, retentionInDays: RETENTION_DAYS }, { parent: this });

    this.role = new aws.iam.Role(
      name,
      {
        name: functionName,
        description: `What function ${functionName} may do`,
        assumeRolePolicy: trustPolicyDocument("lambda.amazonaws.com", args.place),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      name,
      {
        name: "permissions",
        role: this.role.name,
        policy: policyDocument([...args.statements, ...observability(args.place, logGroupName)]),
      },
      { parent: this },
    );

    const lambda = new aws.lambda.CallbackFunction(
      name,
      {
        name: functionName,
        description: args.description,
        callbackFactory: handlers[name] as () => aws.lambda.Callback<unknown, unknown>,
        role: this.role,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        memorySize: args.memoryMegabytes ?? 256,
        timeout: args.timeoutSeconds,
        reservedConcurrentExecutions: args.reservedConcurrency,
        tracingConfig: { mode: "Active" },
        // Text, not JSON: the lines that the functions write are JSON already, and JSON logging would wrap each into a string.
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
        environment: { variables: { ...args.environment } },
      },
      { parent: this, dependsOn: [permissions], transformations: [onlyBundledHandler] },
    );
    if (args.failures) {
      new aws.lambda.FunctionEventInvokeConfig(
        name,
        { functionName: lambda.name, maximumRetryAttempts: 2, destinationConfig: { onFailure: { destination: args.failures.arn } } },
        { parent: this },
      );
    }

    this.arn = lambda.arn;
    this.name = lambda.name;
    this.timeoutSeconds = args.timeoutSeconds;
    this.ready = [lambda, permissions];
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

/** A function as state machines call it. */
export const calledBy = ({ arn, timeoutSeconds }: HandlerFunction) => ({ arn, timeoutSeconds });

/** What every function needs to be observed: its own log group, and traces. */
const observability = (place: Place, logGroupName: string): Statement[] => [
  {
    sid: "OwnLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`${arnOf(place, "logs", `log-group:${logGroupName}`)}:*`],
  },
  // X-Ray has no resource level.
  { sid: "Traces", actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] },
];

/** Replaces the archive of the serialized callback by one that holds the bundled handler alone. The same sources give the same bytes. */
const onlyBundledHandler: pulumi.ResourceTransformation = ({ props, opts }) => ({
  props: {
    ...props,
    code: pulumi.output(props.code).apply(async (archive: pulumi.asset.AssetArchive) => {
      const callback = (await archive.assets)[HANDLER_FILE] as pulumi.asset.StringAsset;
      const text = await bundleHandler(await callback.text, HANDLERS_FOLDER);
      return new pulumi.asset.AssetArchive({ [HANDLER_FILE]: new pulumi.asset.StringAsset(text) });
    }),
  },
  opts,
});
