/** An event that is no finding and never will be: retrying it is useless. The message says what is missing and where. */
export class NotAFinding extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotAFinding";
  }
}
