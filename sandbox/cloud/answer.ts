import type { ServiceAnswer, ServiceError } from "../types";
import type { Protocol } from "./request";
import { escapeXml, fromXml, toXml } from "./xml";

/** An HTTP answer. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

const JSON_TYPE: Readonly<Record<"json" | "rest-json", string>> = { json: "application/x-amz-json-1.0", "rest-json": "application/json" };

const answer = (status: number, headers: Record<string, string>, body: string | Uint8Array): RawAnswer => ({
  status,
  headers: { "x-amzn-requestid": REQUEST_ID, ...headers },
  body: Buffer.from(body as Uint8Array),
});

/** Who is to blame, in the words of the Query protocol. */
const fault = (status: number): string => (status < 500 ? "Sender" : "Receiver");

/** An error in the form that the protocol's clients read. */
export function errorAnswer(protocol: Protocol, { name, code, message, status }: ServiceError & { name: string }): RawAnswer {
  const xml = (body: string) => answer(status, { "content-type": "text/xml" }, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
  const described = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  switch (protocol) {
    case "json":
      return answer(
        status,
        // Services that once spoke Query (SQS) tell their old code as well.
        { "content-type": JSON_TYPE.json, "x-amzn-errortype": code, "x-amzn-query-error": `${code};${fault(status)}` },
        JSON.stringify({ __type: name, message }),
      );
    case "rest-json":
      return answer(
        status,
        { "content-type": JSON_TYPE["rest-json"], "x-amzn-errortype": code },
        JSON.stringify({ message, Message: message }),
      );
    case "rest-xml":
      return xml(`<Error>${described}<RequestId>${REQUEST_ID}</RequestId></Error>`);
    case "ec2":
      return xml(`<Response><Errors><Error>${described}</Error></Errors><RequestID>${REQUEST_ID}</RequestID></Response>`);
    case "query":
      return xml(
        `<ErrorResponse><Error><Type>${fault(status)}</Type>${described}</Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
      );
  }
}

/** What a handler answered, in the form that the protocol's clients read. */
export function handlerAnswer(protocol: Protocol, operation: string, { status = 200, headers = {}, body }: ServiceAnswer): RawAnswer {
  if (body instanceof Uint8Array || typeof body === "string") return answer(status, headers, body);
  switch (protocol) {
    case "json":
    case "rest-json":
      return answer(status, { "content-type": JSON_TYPE[protocol], ...headers }, JSON.stringify(body ?? {}));
    case "query":
      return answer(
        status,
        { "content-type": "text/xml", ...headers },
        `<${operation}Response><${operation}Result>${toXml(body)}</${operation}Result><ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></${operation}Response>`,
      );
    case "rest-xml":
      return answer(status, { "content-type": "text/xml", ...headers }, `<${operation}Response>${toXml(body)}</${operation}Response>`);
    case "ec2":
      return answer(
        status,
        { "content-type": "text/xml", ...headers },
        `<${operation}Response><requestId>${REQUEST_ID}</requestId>${toXml(body, "item")}</${operation}Response>`,
      );
  }
}

/** An answer's content for those who observe: JSON and XML parsed (the result element of a Query answer), anything else as it is. */
export function contentOf(protocol: Protocol, { body }: RawAnswer): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString("utf8");
  if (protocol === "json" || protocol === "rest-json") {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  if (!text.trimStart().startsWith("<")) return text;
  const content = fromXml(text);
  if (typeof content !== "object" || content === null) return content;
  const result = Object.entries(content).find(([name]) => name.endsWith("Result"));
  return result ? result[1] : content;
}
