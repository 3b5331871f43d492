import type { Values } from "./ec2-emulator";
import { sdkPackage } from "./sdk";

/**
 * The models that the SDK's EC2 client carries, as in routes.ts: `exports["RevokeSecurityGroupIngress$"]` is `[9, namespace, name, traits, input, output]`, a structure
 * `[3, namespace, name, traits, memberNames, members]`, a list `[1, namespace, name, traits, member]`. A member is a schema, a function that answers one, a number for a
 * simple type, or one of these with its traits: `[schema, { ec2QueryName, xmlName }]`.
 */
const [LIST, STRUCTURE, OPERATION] = [1, 3, 9];
const [NUMBER, BOOLEAN] = [1, 2];
/** Bit of the number of a simple type that makes it a list of that type. */
const LIST_OF = 64;

interface Traits {
  readonly ec2QueryName?: string;
  readonly xmlName?: string;
}

type Schema =
  | { readonly kind: "simple"; readonly type: number }
  | { readonly kind: "list"; readonly member: Schema }
  | { readonly kind: "structure"; readonly members: readonly Member[] };

/** A member of a structure: its name in the SDK, and on the wire. */
interface Member {
  readonly name: string;
  readonly wireName: string;
  readonly schema: () => Schema;
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const small = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

function read(given: unknown): Schema {
  const model: unknown = typeof given === "function" ? (given as () => unknown)() : given;
  if (typeof model === "number")
    return model & LIST_OF ? { kind: "list", member: { kind: "simple", type: model & ~LIST_OF } } : { kind: "simple", type: model };
  if (!Array.isArray(model)) return { kind: "simple", type: 0 };
  if (model.length === 2) return read(model[0]);
  if (model[0] === LIST) return { kind: "list", member: read(model[4]) };
  if (model[0] !== STRUCTURE) return { kind: "simple", type: 0 };
  const [names, members] = [model[4] as readonly string[], model[5] as readonly unknown[]];
  return {
    kind: "structure",
    members: names.map((name, index): Member => {
      const member = members[index];
      const { ec2QueryName, xmlName }: Traits = Array.isArray(member) && member.length === 2 ? (member[1] as Traits) : {};
      return { name, wireName: ec2QueryName ?? capital(xmlName ?? name), schema: () => read(member) };
    }),
  };
}

function inputOf(operation: string): Schema | undefined {
  const model = sdkPackage("ec2")?.[`${operation}$`];
  return Array.isArray(model) && model[0] === OPERATION ? read(model[4]) : undefined;
}

const simple = (type: number, value: unknown): unknown => (type === NUMBER ? Number(value) : type === BOOLEAN ? value === "true" : value);

/** How the parts of an input are written. */
interface Form {
  readonly name: (member: Member) => string;
  readonly list: (values: readonly unknown[], member: Member, isSimple: boolean) => unknown;
}

function written(schema: Schema, value: unknown, form: Form, within?: Member): unknown {
  switch (schema.kind) {
    case "simple":
      return simple(schema.type, value);
    case "list": {
      const values = (Array.isArray(value) ? value : [value]).map((one) => written(schema.member, one, form, within));
      return within === undefined ? values : form.list(values, within, schema.member.kind === "simple");
    }
    case "structure": {
      const given = typeof value === "object" && value !== null ? (value as Values) : {};
      return Object.fromEntries(
        schema.members
          .filter(({ wireName }) => given[wireName] !== undefined)
          .map((member) => [form.name(member), written(member.schema(), given[member.wireName], form, member)]),
      );
    }
  }
}

const AS_SDK: Form = { name: ({ name }) => name, list: (values) => values };

/** CloudTrail's usual form: small letters first, lists as `{items: […]}`, and in lists of texts each one under the name of its parameter. */
const AS_TRAIL: Form = {
  name: (member) => small(member.schema().kind === "list" && isOfTexts(member) ? member.name : member.wireName),
  list: (values, member, isSimple) => ({ items: isSimple ? values.map((value) => ({ [small(member.wireName)]: value })) : values }),
};

/** The form of a few newer calls: the names of the wire, and a list of one as that one. */
const AS_WIRE: Form = { name: ({ wireName }) => wireName, list: (values) => (values.length === 1 ? values[0] : values) };

const isOfTexts = (member: Member): boolean => {
  const schema = member.schema();
  return schema.kind === "list" && schema.member.kind === "simple";
};

const inForm = (operation: string, wire: Values, form: Form): Values => {
  const schema = inputOf(operation);
  return schema === undefined ? wire : (written(schema, wire, form) as Values);
};

/** The input of a call as the SDK takes it, from its form on the wire. */
export const sdkInput = (operation: string, wire: Values): Values => inForm(operation, wire, AS_SDK);

/** The same as CloudTrail writes it. */
export const trailInput = (operation: string, wire: Values): Values => inForm(operation, wire, AS_TRAIL);
export const trailRequest = (operation: string, wire: Values): Values => inForm(operation, wire, AS_WIRE);
