/** A template's resource. */
export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** What CloudFormation makes of a template in an account and Region: the resources by their logical ids. */
export function evaluated(template: Template, pseudo: Readonly<Record<string, string>>): Record<string, TemplateResource> {
  const { Conditions, Resources } = template;
  const value = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== "object" || given === null) return given;
    const [[key = "", inner] = []] = Object.entries(given);
    if (key === "Ref") return pseudo[String(inner)] ?? `ref:${inner}`;
    if (key === "Fn::Sub") return String(inner).replace(/\$\{(AWS::\w+)\}/g, (_, name: string) => pseudo[name] ?? assertNever(name));
    if (key === "Fn::Equals") return JSON.stringify(value((inner as unknown[])[0])) === JSON.stringify(value((inner as unknown[])[1]));
    if (key === "Fn::If") {
      const [condition, yes, no] = inner as [string, unknown, unknown];
      return value(holds(condition) ? yes : no);
    }
    if (key === "Fn::GetAtt") {
      const [id] = inner as [string, string];
      const { RoleName } = Resources[id]?.Properties ?? {};
      return `arn:aws:iam::${pseudo["AWS::AccountId"]}:role/${RoleName}`;
    }
    if (key.startsWith("Fn::")) return assertNever(key);
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, value(one)]));
  };
  const holds = (condition: string): boolean => value(Conditions[condition]) === true;
  return Object.fromEntries(
    Object.entries(Resources)
      .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
      .map(([id, resource]) => [id, { ...resource, Properties: value(resource.Properties) as TemplateResource["Properties"] }]),
  );
}

const assertNever = (name: string): never => {
  throw new Error(`the template uses ${name}, which the test does not know`);
};

/** Every logical id that a template refers to. */
export function referredTo(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referredTo);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref") return String(inner).startsWith("AWS::") ? [] : [String(inner)];
    if (key === "Fn::GetAtt") return [String((inner as string[])[0])];
    if (key === "DependsOn") return [inner].flat().map(String);
    return referredTo(inner);
  });
}
