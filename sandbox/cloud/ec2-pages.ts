import { ServiceError, type ServiceHandler } from "../types";
import { type AskEc2, list, type Values } from "./ec2-emulator";

/** Calls that the emulator answers whole, whatever page was asked for: the list in their answers. */
const LISTS: Readonly<Record<string, string>> = {
  DescribeNetworkInterfaces: "networkInterfaceSet",
  DescribeTags: "tagSet",
  DescribeVpcs: "vpcSet",
  GetManagedPrefixListEntries: "entrySet",
};

const token = (index: number): string => Buffer.from(`page ${index}`).toString("base64");

/** The page of a list that a request asks for. */
export function page({ MaxResults, NextToken }: Values, name: string, all: readonly Values[]): Values {
  const from = NextToken === undefined ? 0 : Number(/^page (\d+)$/.exec(Buffer.from(String(NextToken), "base64").toString())?.[1] ?? -1);
  if (from < 0 || from > all.length) throw new ServiceError("InvalidPaginationToken", "The specified pagination token is not valid.");
  const most = MaxResults === undefined ? 1_000 : Number(MaxResults);
  if (!(most >= 1 && most <= 1_000))
    throw new ServiceError(
      "InvalidParameterValue",
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  const to = from + most;
  return { [name]: all.slice(from, to), ...(to < all.length && { nextToken: token(to) }) };
}

/** Answers long lists page by page. */
export const ec2Pages =
  (ask: AskEc2): ServiceHandler =>
  async (call) => {
    const name = LISTS[call.operation];
    if (name === undefined) return undefined;
    const { MaxResults: _, NextToken: __, ...input } = call.input;
    const answer = await ask(call, call.operation, input);
    return { body: page(call.input, name, list(answer[name]) as readonly Values[]) };
  };
