import {
  type Connection,
  isGrpcServiceError,
  ServiceError,
  type WorkflowClientInterceptor,
} from '@temporalio/client';

const timeoutMs = 8000;
const maxAttempts = 5;
const deadlineExceeded = 4;

const isDeadlineExceeded = (error: unknown): boolean => {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === deadlineExceeded;
};

/** Repeats queries without an answer: the dev server sometimes loses one on a busy machine, and a query changes nothing. */
export const retryLostQueries = (connection: Connection): WorkflowClientInterceptor => ({
  query: async (input, next) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await connection.withDeadline(Date.now() + timeoutMs, () => next(input));
      } catch (error) {
        if (attempt === maxAttempts || !isDeadlineExceeded(error)) throw error;
      }
    }
  },
});
