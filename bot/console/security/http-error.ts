/** Answers a request with an HTTP status and a message. */
export class HttpError extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
