import {
  type Connection,
  isGrpcServiceError,
  ServiceError,
  type WorkflowClientInterceptor,
} from '@temporalio/client';

const answerWithinMs = 8000;
const mostTries = 5;
const deadlineExceeded = 4;

const isLate = (error: unknown): boolean => {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === deadlineExceeded;
};

/** A query changes nothing, and the dev server on a busy machine now and then loses one: it is asked again. */
export const retryLostQueries = (connection: Connection): WorkflowClientInterceptor => ({
  query: async (input, next) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await connection.withDeadline(Date.now() + answerWithinMs, () => next(input));
      } catch (error) {
        if (tries === mostTries || !isLate(error)) throw error;
      }
    }
  },
});
