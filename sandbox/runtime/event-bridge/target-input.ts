import { isRecord } from "../graph";

/** What of an event a target gets: nothing set, the event itself; else one of the three. */
export interface TargetInput {
  /** Constant JSON text. */
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly inputPaths?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
}

/** Additional facts that a template can name. */
export interface RuleFacts {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO time at which the rule received the event. */
  readonly ingestionTime: string;
}

/** Text that a target gets for an event. */
export function targetInput(input: TargetInput, event: unknown, facts: RuleFacts): string {
  if (input.input !== undefined) {
    return input.input;
  }
  if (input.inputPath !== undefined) {
    return JSON.stringify(atPath(event, input.inputPath) ?? null);
  }
  if (input.inputTransformer !== undefined) {
    return transform(input.inputTransformer.inputPaths ?? {}, input.inputTransformer.inputTemplate, event, facts);
  }
  return JSON.stringify(event);
}

/** Value at a JSON path such as `$.detail.findings[0].Id`. EventBridge knows no filters or wildcards in these paths. */
export function atPath(event: unknown, path: string): unknown {
  if (!/^\$(?:\.[^.[\]]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*$/.test(path)) {
    throw new Error(`the sandbox does not know the input path ${path}`);
  }
  let value: unknown = event;
  for (const [, key, index, single, double] of path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)) {
    const name = key ?? single ?? double;
    value = name === undefined ? (Array.isArray(value) ? value[Number(index)] : undefined) : isRecord(value) ? value[name] : undefined;
  }
  return value;
}

/**
 * Fills a template. A placeholder in a JSON string is put in without its quotes (and escaped); outside of strings it is put in as JSON; in a template that is no JSON, as text.
 * A path that is not in the event is left out (`""`), as EventBridge does.
 */
function transform(paths: Readonly<Record<string, string>>, template: string, event: unknown, facts: RuleFacts): string {
  const reserved: Readonly<Record<string, unknown>> = {
    "aws.events.rule-arn": facts.ruleArn,
    "aws.events.rule-name": facts.ruleName,
    "aws.events.event.ingestion-time": facts.ingestionTime,
    "aws.events.event": withoutDetail(event),
    "aws.events.event.json": event,
  };
  let inString = false;
  let filled = "";
  for (let index = 0; index < template.length; index += 1) {
    const placeholder = template[index] === "<" ? /^<([A-Za-z0-9_.-]+)>/.exec(template.slice(index)) : null;
    const name = placeholder?.[1];
    const path = name === undefined ? undefined : paths[name];
    if (placeholder !== null && name !== undefined && (path !== undefined || name in reserved)) {
      const value = path === undefined ? reserved[name] : atPath(event, path);
      filled += inString ? inText(value) : value === undefined ? '""' : JSON.stringify(value);
      index += placeholder[0].length - 1;
    } else {
      if (template[index] === "\\" && inString) {
        filled += template[index];
        index += 1;
      } else if (template[index] === '"') {
        inString = !inString;
      }
      filled += template[index] ?? "";
    }
  }
  return filled;
}

const inText = (value: unknown): string =>
  value === undefined ? "" : JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);

function withoutDetail(event: unknown): unknown {
  if (!isRecord(event)) {
    return event;
  }
  const { detail: _, ...rest } = event;
  return rest;
}
