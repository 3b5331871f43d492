import { at, type BlockFault, isObject, lengthFault } from "./fault";

const TEXT_TYPES = ["plain_text", "mrkdwn"];

/** A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export function textFaults(text: unknown, pointer: string, most: number, types: readonly string[] = TEXT_TYPES): BlockFault[] {
  if (!isObject(text)) {
    return [at(pointer, "must provide an object")];
  }
  return [
    ...(types.includes(String(text.type)) ? [] : [at(`${pointer}/type`, `must be one of: ${types.join(", ")}`)]),
    ...lengthFault(text.text, `${pointer}/text`, most),
  ];
}

/** Elements that are known and not looked into beyond their id. */
const UNCHECKED =
  /^(?:overflow|checkboxes|radio_buttons|datepicker|timepicker|datetimepicker|workflow_button|(?:multi_)?(?:static|external|users|conversations|channels)_select)$/;

const optional = (value: unknown, pointer: string, most: number): BlockFault[] =>
  value === undefined ? [] : lengthFault(value, pointer, most);

/** A button, an image or another interactive element: https://docs.slack.dev/reference/block-kit/block-elements */
export function elementFaults(element: unknown, pointer: string): BlockFault[] {
  if (!isObject(element)) {
    return [at(pointer, "must provide an object")];
  }
  if (element.type === "image") {
    return [
      ...lengthFault(element.alt_text, `${pointer}/alt_text`, 2_000),
      ...lengthFault(element.image_url, `${pointer}/image_url`, 3_000),
    ];
  }
  const id = optional(element.action_id, `${pointer}/action_id`, 255);
  if (element.type === "button") {
    return [...id, ...buttonFaults(element, pointer)];
  }
  return UNCHECKED.test(String(element.type)) ? id : [at(pointer, `unsupported type: ${String(element.type)}`)];
}

function buttonFaults({ text, url, value, style }: Readonly<Record<string, unknown>>, pointer: string): BlockFault[] {
  return [
    ...textFaults(text, `${pointer}/text`, 75, ["plain_text"]),
    ...optional(value, `${pointer}/value`, 2_000),
    ...optional(url, `${pointer}/url`, 3_000),
    ...(typeof url === "string" && !URL.canParse(url) ? [at(`${pointer}/url`, "must be a valid URL")] : []),
    ...(style === undefined || style === "primary" || style === "danger"
      ? []
      : [at(`${pointer}/style`, "must be one of: primary, danger")]),
  ];
}
