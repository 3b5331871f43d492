import type { ActionsBlock, Button, ConfirmationDialog } from "@slack/types";
import type { AlertAction } from "../alert";
import { clip } from "../message/clean";
import { plain } from "./objects";

/** Names of the buttons that decide begin with this, so that one address can serve them and no other app's. */
export const ACTION_PREFIX = "tocsin-";

/** Approving leaves things as somebody wanted them; undoing changes something. */
const STYLES = { approve: "primary", undo: "danger" } as const;

/** Longest parts of a dialog, in characters: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const LONGEST = { title: 100, text: 300, button: 30 } as const;

const dialog = (label: string, text: string): ConfirmationDialog => ({
  title: plain(`${label}?`, LONGEST.title),
  text: plain(text, LONGEST.text),
  confirm: plain(label, LONGEST.button),
  deny: plain("Cancel", LONGEST.button),
  style: "danger",
});

const button = ({ id, label, value, confirm }: AlertAction): Button => ({
  type: "button",
  action_id: `${ACTION_PREFIX}${id}`,
  text: plain(clip(label, LONGEST.button), LONGEST.button),
  value,
  style: STYLES[id],
  ...(confirm !== undefined && { confirm: dialog(label, confirm) }),
});

/** Buttons that decide; none, no block. */
export const decisions = (actions: readonly AlertAction[]): ActionsBlock[] =>
  actions.length === 0 ? [] : [{ type: "actions", elements: actions.map(button) }];
