/** What was sent does not come from Teams for us. The message is for the log; who sent it learns nothing. */
export class TeamsAuthenticationError extends Error {
  override readonly name = 'NotAuthentic';
  /** 401: not from Teams. 403: from Teams, or so it says, and not for us. */
  readonly status: 401 | 403;

  constructor(message: string, status: 401 | 403 = 401, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
