import type { Place } from "../../types";
import { parseArn } from "../arn";
import { type Graph, isRecord, type Recorded } from "../graph";
import { InvalidEventPattern } from "./matchers";
import { compilePattern, PATTERN_LIMIT } from "./pattern";
import type { TargetInput } from "./target-input";

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly roleArn?: string;
  readonly deadLetterArn?: string;
  readonly input: TargetInput;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly enabled: boolean;
  /** As it was given, for whoever asks. */
  readonly eventPattern?: string;
  readonly matches: (event: unknown) => boolean;
  readonly targets: readonly Target[];
  /** A rule may also fire by time. */
  readonly scheduleExpression?: string;
}

export const busArn = (place: Place, name = "default"): string =>
  parseArn(name) === undefined ? `arn:aws:events:${place.region}:${place.account}:event-bus/${name}` : name;

const TARGET_SERVICES = ["sqs", "lambda", "states", "events", "logs", "sns"];

/** The recorded rules with their targets. */
export function readRules(graph: Graph): Rule[] {
  const targets = new Map<string, Target[]>();
  for (const recorded of graph.of("aws:cloudwatch/eventTarget")) {
    const key = `${busArn(recorded.declaredPlace, recorded.optionalText("eventBusName"))} ${recorded.text("rule")}`;
    targets.set(key, [...(targets.get(key) ?? []), readTarget(recorded)]);
  }
  return graph.of("aws:cloudwatch/eventRule").map((recorded) => {
    const name = recorded.text("name");
    const bus = busArn(recorded.place, recorded.optionalText("eventBusName"));
    const scheduleExpression = recorded.optionalText("scheduleExpression");
    const eventPattern = recorded.optionalText("eventPattern");
    return {
      name,
      arn: recorded.text("arn"),
      busArn: bus,
      enabled: recorded.get("state") !== "DISABLED" && recorded.get("isEnabled") !== false,
      matches: readPattern(recorded),
      targets: targets.get(`${bus} ${name}`) ?? [],
      ...(eventPattern === undefined ? {} : { eventPattern }),
      ...(scheduleExpression === undefined ? {} : { scheduleExpression }),
    };
  });
}

function readPattern(recorded: Recorded): (event: unknown) => boolean {
  const pattern = recorded.optionalText("eventPattern");
  if (pattern === undefined) {
    return () => false;
  }
  try {
    if (pattern.length > PATTERN_LIMIT) {
      throw new InvalidEventPattern(`it has ${pattern.length} characters, ${PATTERN_LIMIT} are allowed`);
    }
    return compilePattern(JSON.parse(pattern));
  } catch (error) {
    throw new Error(`${recorded.resource.urn}: ${(error as Error).message}`);
  }
}

function readTarget(recorded: Recorded): Target {
  const arn = recorded.text("arn");
  const service = parseArn(arn)?.service ?? "";
  if (!TARGET_SERVICES.includes(service)) {
    throw new Error(`${recorded.resource.urn}: the sandbox cannot send events to ${arn}`);
  }
  const roleArn = recorded.optionalText("roleArn");
  const deadLetterArn = recorded.optionalText("deadLetterConfig.arn");
  return {
    id: recorded.optionalText("targetId") ?? recorded.resource.name,
    arn,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    input: readInput(recorded),
  };
}

function readInput(recorded: Recorded): TargetInput {
  const input = recorded.optionalText("input");
  const inputPath = recorded.optionalText("inputPath");
  const inputTemplate = recorded.optionalText("inputTransformer.inputTemplate");
  const paths = recorded.get("inputTransformer.inputPaths");
  return {
    ...(input === undefined ? {} : { input }),
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(inputTemplate === undefined
      ? {}
      : {
          inputTransformer: {
            inputTemplate,
            inputPaths: isRecord(paths) ? Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, String(path)])) : {},
          },
        }),
  };
}
